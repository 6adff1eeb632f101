/** The diagonal of the Fisher matrix: one number a parameter, whose sum over a layer is the layer's tr(F). */
import { refuseUnknownKeys } from '../engine/errors';
import { randomStream, type RandomStream } from '../engine/random';
import { tf } from '../engine/tf';
import type { AdapterModel } from '../models/adapterModel';
import { addKept } from '../nn/keptTensors';
import type { Parameter } from '../nn/parameter';
import { checkEstimator, type EstimatorChoice, type PerExampleEstimator } from './estimatorChoice';
import { forEachGradient } from './perExampleGradients';
import type { FisherBatch } from './perExampleTraces';

/** No `mass`: nothing would say what the labels that are left out add. */
export interface DiagonalOptions extends Omit<EstimatorChoice, 'mass'> {
  readonly estimator: PerExampleEstimator;
  readonly parameters: readonly Parameter[];
  /** Where `mc` and `sketch` draw from; default the stream "fisher" of seed 0. */
  readonly stream?: RandomStream;
}

/**
 * Mean over examples of E_y (∂ log p(y|x)/∂w)² for each weight w: an array of the parameter's size, row-major, for each
 * parameter that the loss depends on.
 */
export function fisherDiagonal(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  { stream = randomStream(0, 'fisher'), ...options }: DiagonalOptions,
): Map<Parameter, Float32Array> {
  refuseUnknownKeys('fisherDiagonal', options, ['estimator', 'mcSamples', 'parameters', 'stream']);
  checkEstimator(options);
  const sums = new Map<Parameter, tf.Tensor>();
  let examples = 0;
  for (const batch of batches) {
    examples += batch.examples;
    forEachGradient(model, batch, { ...options, stream }, (gradients, weight) => {
      for (const [parameter, gradient] of gradients) {
        addKept(sums, parameter, () => gradient.square().sum(0).mul(weight));
      }
    });
  }
  const result = new Map(
    [...sums].map(([parameter, sum]) => [parameter, sum.dataSync<'float32'>().map((x) => x / examples)]),
  );
  tf.dispose([...sums.values()]);
  return result;
}

/** The diagonal by layer: each layer's parameters one after the other. */
export function diagonalByLayer(diagonal: ReadonlyMap<Parameter, Float32Array>): Map<number, Float32Array> {
  const layers = new Map<number, number[]>();
  for (const [{ address }, values] of diagonal) {
    if (address.layer !== undefined) layers.set(address.layer, [...(layers.get(address.layer) ?? []), ...values]);
  }
  return new Map([...layers].sort(([a], [b]) => a - b).map(([layer, values]) => [layer, Float32Array.from(values)]));
}
