/**
 * The largest eigenvalue of one block of the Fisher matrix F, by power iteration. F is never formed: with the gradients
 * of all examples (and columns) as the rows of G, F·u = Gᵀ(G·u).
 */
import { randomStream, type RandomStream } from '../engine/random';
import { tf } from '../engine/tf';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import type { AdapterModel } from '../models/adapterModel';
import type { Parameter } from '../nn/parameter';
import { checkEstimator, type EstimatorChoice, type PerExampleEstimator } from './estimatorChoice';
import { forEachGradient } from './perExampleGradients';
import type { FisherBatch } from './perExampleTraces';

/** No `mass`: nothing would say what the labels that are left out add. */
export interface EigenvalueOptions extends Omit<EstimatorChoice, 'mass'> {
  readonly estimator: PerExampleEstimator;
  /** The block: for example one layer's adapter. */
  readonly parameters: readonly Parameter[];
  /** Ends when an iteration changes the eigenvalue by less than this share of it; default 1e-5. */
  readonly tolerance?: number;
  /** Default 300. */
  readonly maxIterations?: number;
  /** Draws of `mc` and `sketch`, and the first vector; default the stream "fisher" of seed 0. */
  readonly stream?: RandomStream;
}

const eigenvalueKeys = ['estimator', 'mcSamples', 'parameters', 'tolerance', 'maxIterations', 'stream'];

export interface LargestEigenvalue {
  /** Never above the block's trace. */
  readonly value: number;
  readonly iterations: number;
  /** ‖F·u − value·u‖ / value at the unit vector u that was found. */
  readonly residual: number;
}

/** Keeps one gradient an example and backward pass: examples × (C − 1) × parameters × 4 bytes under `exact`. */
export function largestEigenvalue(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  { tolerance = 1e-5, maxIterations = 300, stream = randomStream(0, 'fisher'), ...options }: EigenvalueOptions,
): LargestEigenvalue {
  refuseUnknownKeys('largestEigenvalue', options, eigenvalueKeys);
  checkEstimator(options);
  const G = gradientMatrix(model, batches, { ...options, stream });
  const u0 = Array.from({ length: G.shape[1] }, () => stream.normal());
  const unit = (v: tf.Tensor2D) => v.div<tf.Tensor2D>(v.norm());
  let u: tf.Tensor2D = tf.tidy(() => unit(tf.tensor2d(u0, [u0.length, 1])));
  let value = 0;
  let residual = Infinity;
  let iterations = 0;
  for (let change = Infinity; change > tolerance && iterations < maxIterations; iterations++) {
    const before = value;
    const next = tf.tidy(() => {
      const Fu: tf.Tensor2D = tf.matMul(G, tf.matMul(G, u), true, false); // [P, 1]
      value = tf.matMul(u, Fu, true, false).dataSync()[0]!;
      residual = Fu.sub(u.mul(value)).norm().dataSync()[0]! / value;
      return unit(Fu);
    });
    u.dispose();
    u = next;
    change = Math.abs(value - before) / value;
  }
  tf.dispose([G, u]);
  return { value, iterations, residual };
}

/** [gradients, P], scaled such that GᵀG = F. The caller owns it. */
function gradientMatrix(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  options: EigenvalueOptions & { readonly stream: RandomStream },
): tf.Tensor2D {
  const rows: tf.Tensor2D[] = [];
  let examples = 0;
  for (const batch of batches) {
    examples += batch.examples;
    forEachGradient(model, batch, options, (gradients, weight) => {
      // Parameters in one order, whatever order the passes bring them in.
      const own = options.parameters.flatMap((parameter) => gradients.get(parameter) ?? []);
      const flat = () =>
        own.map((g) => g.reshape<tf.Tensor2D>([batch.examples, -1]).mul<tf.Tensor2D>(Math.sqrt(weight)));
      if (own.length > 0) rows.push(tf.tidy(() => tf.concat(flat(), 1)));
    });
  }
  if (rows.length === 0) {
    throw new UserError('None of the given parameters is used by the active adapters and head, or there is no batch.');
  }
  const G = tf.tidy(() => tf.concat(rows, 0).div<tf.Tensor2D>(Math.sqrt(examples)));
  tf.dispose(rows);
  return G;
}
