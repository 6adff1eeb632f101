/**
 * tr(F) of each layer's adapter: the mean over examples x of E_{y ~ p(·|x)} ‖∇ log p(y|x)‖², summed over the layer's
 * adapter parameters (for LoRA: query and value). Evaluation mode; nothing below the lowest adapter is kept.
 */
import { randomStream, type RandomStream } from '../engine/random';
import { tf } from '../engine/tf';
import type { AdapterModel, ModelBatch } from '../models/adapterModel';
import { factorLoss } from '../nn/categorical';
import { gradientSum } from '../nn/gradientSum';
import type { Wanted } from '../nn/gradientSink';
import type { Parameter } from '../nn/parameter';
import { likeliestLabels } from './columns';
import { fisherColumns, type FisherEstimator, type PerExampleEstimator } from './estimators';
import { perExampleNorms } from './perExampleNorms';

/** A batch with its gold labels [E] for each factor. */
export interface FisherBatch extends ModelBatch {
  readonly goldLabels: readonly Int32Array[];
}

export interface FisherOptions {
  readonly estimator: FisherEstimator;
  /** The parameters whose Fisher information is asked for. */
  readonly parameters: readonly Parameter[];
  /** Default: the parameter's layer. */
  readonly groupOf?: (parameter: Parameter) => number | undefined;
  /** Draws per example of `mc` and `sketch`; default 1. */
  readonly mcSamples?: number;
  /** Where `mc` and `sketch` draw from; default the stream "fisher" of seed 0. */
  readonly stream?: RandomStream;
}

export interface FisherTrace {
  readonly estimator: FisherEstimator;
  /** Examples it was estimated from. */
  readonly examples: number;
  /** tr(F) of each group (layer). */
  readonly trace: ReadonlyMap<number, number>;
  /** Its standard error over examples (over batches for `officialCode`); NaN from a single one. */
  readonly standardError: ReadonlyMap<number, number>;
}

export function fisherTrace(model: AdapterModel, batches: Iterable<FisherBatch>, options: FisherOptions): FisherTrace {
  const { estimator } = options;
  return estimator === 'officialCode'
    ? officialCodeTrace(model, batches, options)
    : summarise(estimator, perExampleTraces(model, batches, { ...options, estimator }));
}

/** tr(F) of every single example, by group: [examples] each. */
export function perExampleTraces(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  {
    estimator,
    parameters,
    groupOf = layerOf,
    mcSamples = 1,
    stream = randomStream(0, 'fisher'),
  }: FisherOptions & { estimator: PerExampleEstimator },
): Map<number, number[]> {
  const wanted: Wanted = new Set(parameters);
  const counted = (parameter: Parameter) => (wanted.has(parameter) ? groupOf(parameter) : undefined);
  const values = new Map<number, number[]>();
  for (const batch of batches) {
    const pass = model.forward(batch, { wanted });
    const { columns, weight } = fisherColumns(estimator, pass.factors, {
      mcSamples,
      stream,
      goldLabels: batch.goldLabels,
    });
    const norms = perExampleNorms({ examples: batch.examples, groupOf: counted });
    columns.forEach((column, i) => {
      const dFactors = column.map((v, f) => v ?? tf.zerosLike(pass.factors[f]!));
      if (i === columns.length - 1) pass.backwardAndRelease(dFactors, norms);
      else pass.backward(dFactors, norms);
      tf.dispose(dFactors);
      norms.endPass();
    });
    for (const [group, squared] of norms.finish()) {
      values.set(group, [...(values.get(group) ?? []), ...Array.from(squared, (x) => weight * x)]);
    }
  }
  return values;
}

/** The authors' estimate: Σ over batches of ‖∇ mean loss at the likeliest labels‖² / batch size. */
function officialCodeTrace(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  { parameters, groupOf = layerOf }: FisherOptions,
): FisherTrace {
  const wanted: Wanted = new Set(parameters);
  const perBatch = new Map<number, number[]>();
  let examples = 0;
  for (const batch of batches) {
    const pass = model.forward(batch, { wanted });
    // Several factors are stacked as if they were a larger batch: their mean is the mean of their means.
    const { loss, dFactors } = factorLoss(pass.factors, pass.factors.map(likeliestLabels));
    const sum = gradientSum(wanted);
    pass.backwardAndRelease(dFactors, sum);
    const squared = new Map<number, number>();
    for (const [parameter, gradient] of sum.gradients) {
      const group = groupOf(parameter);
      const value = tf.tidy(() => gradient.square().sum().dataSync()[0]!);
      if (group !== undefined) squared.set(group, (squared.get(group) ?? 0) + value);
    }
    for (const [group, value] of squared) perBatch.set(group, [...(perBatch.get(group) ?? []), value / batch.examples]);
    sum.dispose();
    tf.dispose([loss, ...dFactors]);
    examples += batch.examples;
  }
  const batchCount = [...perBatch.values()][0]?.length ?? 0;
  const { standardError } = summarise('officialCode', perBatch);
  return {
    estimator: 'officialCode',
    examples,
    trace: new Map([...perBatch].map(([group, values]) => [group, values.reduce((a, b) => a + b, 0)])),
    standardError: new Map([...standardError].map(([group, error]) => [group, error * batchCount])),
  };
}

const layerOf = ({ address }: Parameter): number | undefined => address.layer;

function summarise(estimator: FisherEstimator, values: ReadonlyMap<number, readonly number[]>): FisherTrace {
  const groups = [...values].sort(([a], [b]) => a - b);
  const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
  const error = (xs: readonly number[]) => {
    const m = mean(xs);
    return Math.sqrt(xs.reduce((s, x) => s + (x - m) ** 2, 0) / (xs.length - 1) / xs.length);
  };
  return {
    estimator,
    examples: groups[0]?.[1].length ?? 0,
    trace: new Map(groups.map(([group, xs]) => [group, mean(xs)])),
    standardError: new Map(groups.map(([group, xs]) => [group, error(xs)])),
  };
}
