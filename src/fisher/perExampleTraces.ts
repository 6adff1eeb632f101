/**
 * tr(F) of every single example of one batch, from one forward pass and as many backward passes as the estimator needs.
 */
import type { RandomStream } from '../engine/random';
import { tf } from '../engine/tf';
import type { AdapterModel, ModelBatch, Prefix } from '../models/adapterModel';
import { amongPossible, probabilities } from '../nn/categorical';
import type { Parameter } from '../nn/parameter';
import type { Column } from './columns';
import type { EstimatorChoice, PerExampleEstimator } from './estimatorChoice';
import { backwardPasses } from './estimators';
import { perExampleNorms } from './perExampleNorms';

/** A batch with what the estimators need beside the model's inputs. */
export interface FisherBatch extends ModelBatch {
  /** Gold labels [rows] of each factor. */
  readonly goldLabels: readonly Int32Array[];
  /**
   * [E·K], one factor's labels row by row: 0 for labels that cannot occur (positions of padding), whose p is then 0;
   * the same for all factors. Absent: every label can occur.
   */
  readonly possibleLabels?: Int32Array;
  /** The example of each row of the factors, where an example has several rows (masked tokens). */
  readonly rowExamples?: Int32Array;
}

export interface PerExampleOptions extends EstimatorChoice {
  readonly estimator: PerExampleEstimator;
  /** The parameters whose Fisher information is asked for. */
  readonly parameters: readonly Parameter[];
  /** The sums that are wanted: parameters of one number are added up. Undefined: not counted. */
  readonly groupOf: (parameter: Parameter) => number | undefined;
  readonly stream: RandomStream;
  readonly prefix?: Prefix;
}

export interface BatchTraces {
  /** tr(F) of each example [E], by group. */
  readonly traces: ReadonlyMap<number, Float32Array>;
  /** Of a truncated `exact`: an unbiased estimate of what is missing [E], and the most probability left out. */
  readonly truncated?: { readonly traces: ReadonlyMap<number, Float32Array>; readonly mass: number };
}

export function perExampleTraces(model: AdapterModel, batch: FisherBatch, options: PerExampleOptions): BatchTraces {
  const wanted = new Set(options.parameters);
  const groupOf = (parameter: Parameter) => (wanted.has(parameter) ? options.groupOf(parameter) : undefined);
  const { prefix } = options;
  const pass = model.forward(batch, { wanted, ...(prefix === undefined ? {} : { prefix }) });
  const p = labelProbabilities(pass.factors, batch);
  try {
    const { passes, weight, truncated } = backwardPasses(options, p, { ...options, ...batch });
    const squaredNorms = (columns: readonly (() => Column)[], scale: number, then: 'release' | 'keep') => {
      const sink = perExampleNorms({ groupOf, ...rowsOf(batch) });
      columns.forEach((column, i) => {
        const isLast = then === 'release' && i === columns.length - 1;
        sendColumn(column(), pass.factors, (dFactors) =>
          isLast ? pass.backwardAndRelease(dFactors, sink) : pass.backward(dFactors, sink),
        );
        sink.endPass();
      });
      return new Map([...sink.finish()].map(([group, squared]) => [group, squared.map((x) => scale * x)]));
    };
    if (truncated === undefined) return { traces: squaredNorms(passes, weight, 'release') };
    const left = squaredNorms([truncated.pass], 1, 'keep');
    return { traces: squaredNorms(passes, weight, 'release'), truncated: { traces: left, mass: truncated.mass } };
  } finally {
    tf.dispose(p);
    pass.release();
  }
}

/** Which rows belong to which example, for the sinks. */
export const rowsOf = ({ examples, rowExamples }: FisherBatch) =>
  rowExamples === undefined ? { examples } : { examples, rowExamples };

/** p of each factor [rows, K], 0 where a label cannot occur. Owned by the caller. */
export function labelProbabilities(factors: readonly tf.Tensor2D[], { possibleLabels }: FisherBatch): tf.Tensor2D[] {
  return factors.map((logits) => tf.tidy(() => probabilities(amongPossible(logits, possibleLabels))));
}

/** Sends one column back, zeros for the factors that it leaves out, and frees it. */
export function sendColumn(
  column: Column,
  factors: readonly tf.Tensor2D[],
  back: (dFactors: readonly tf.Tensor2D[]) => void,
): void {
  const dFactors = column.map((v, f) => v ?? tf.zerosLike(factors[f]!));
  back(dFactors);
  tf.dispose(dFactors);
}

/** The default groups: layers; embeddings and heads belong to none. */
export const layerOf = ({ address }: Parameter): number | undefined => address.layer;
