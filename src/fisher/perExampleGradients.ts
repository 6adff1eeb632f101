/**
 * The gradients of single examples, formed: [E, …shape] for each parameter. Far more memory than their norms need; for
 * analyses of one layer's adapter beyond the trace.
 */
import type { RandomStream } from '../engine/random';
import { tf } from '../engine/tf';
import type { AdapterModel } from '../models/adapterModel';
import type { GradientSink } from '../nn/gradientSink';
import { addKept } from '../nn/keptTensors';
import type { Parameter } from '../nn/parameter';
import type { EstimatorChoice, PerExampleEstimator } from './estimatorChoice';
import { backwardPasses } from './estimators';
import { embeddingGradient, product } from './perExampleNorms';
import { labelProbabilities, rowsOf, sendColumn, type FisherBatch } from './perExampleTraces';
import { rowsByExample, type RowsByExample } from './rowsByExample';

export interface GradientOptions extends EstimatorChoice {
  readonly estimator: PerExampleEstimator;
  readonly parameters: readonly Parameter[];
  readonly stream: RandomStream;
}

/**
 * Calls `use` once for each backward pass of the batch, with the gradients of each example that it brought. Over all
 * passes, weight·Σ ggᵀ is the example's Fisher matrix (under the estimator). The gradients are freed afterwards.
 */
export function forEachGradient(
  model: AdapterModel,
  batch: FisherBatch,
  { parameters, ...options }: GradientOptions,
  use: (gradients: ReadonlyMap<Parameter, tf.Tensor>, weight: number) => void,
): void {
  const wanted = new Set(parameters);
  const pass = model.forward(batch, { wanted });
  const p = labelProbabilities(pass.factors, batch);
  try {
    const { passes, weight } = backwardPasses(options, p, { ...options, ...batch });
    for (const column of passes) {
      const sink = perExampleGradients(wanted, rowsOf(batch));
      sendColumn(column(), pass.factors, (dFactors) => pass.backward(dFactors, sink));
      use(sink.gradients, weight);
      tf.dispose([...sink.gradients.values()]);
    }
  } finally {
    tf.dispose(p);
    pass.release();
  }
}

/** A sink that forms [E, …shape] gradients; owned by the caller. */
export function perExampleGradients(
  wanted: ReadonlySet<Parameter>,
  rows: RowsByExample,
): GradientSink & { readonly gradients: ReadonlyMap<Parameter, tf.Tensor> } {
  const gradients = new Map<Parameter, tf.Tensor>();
  const add = (parameter: Parameter | undefined, make: () => tf.Tensor): void => {
    if (parameter !== undefined && wanted.has(parameter)) addKept(gradients, parameter, make);
  };
  const byExample = (x: tf.Tensor2D) => rowsByExample(x, rows);
  return {
    gradients,
    linear(weight, bias, x, dy) {
      add(weight, () => product(byExample(x), byExample(dy))); // [E, out, in]
      add(bias, () => byExample(dy).sum(1));
    },
    layerNorm(gamma, beta, normalized, dy) {
      add(gamma, () => byExample(dy.mul(normalized)).sum(1));
      add(beta, () => byExample(dy).sum(1));
    },
    embedding(table, ids, dy) {
      add(table, () => embeddingGradient(ids, dy, rows.examples, table.shape[0]!));
    },
  };
}
