/** The estimators of tr(F) (§2.3 of the paper) as the vectors that each sends back; see `columns`. */
import { UserError } from '../engine/errors';
import type { RandomStream } from '../engine/random';
import { tf } from '../engine/tf';
import { probabilities } from '../nn/categorical';
import { choleskyColumns, drawLabels, labelColumn, likeliestLabels, sketchColumn, type Column } from './columns';

/**
 * - `exact`: every label, weighted by p(y|x); unbiased, no label noise.
 * - `mc`: labels drawn from p(y|x); unbiased.
 * - `sketch`: random signs instead of labels; unbiased, one backward pass for any number of labels.
 * - `mode`: the likeliest label; biased.
 * - `empirical`: the gold label ("empirical Fisher"); biased.
 * - `officialCode`: as the authors' code, the squared norm of the batch-mean gradient at the likeliest labels, divided by
 *   the batch size; biased, and dependent on the batch size.
 */
export type FisherEstimator = 'exact' | 'mc' | 'sketch' | 'mode' | 'empirical' | 'officialCode';

export const fisherEstimators: readonly FisherEstimator[] = [
  'exact',
  'mc',
  'sketch',
  'mode',
  'empirical',
  'officialCode',
];

/** The per-example estimators: all but `officialCode`, which squares a mean. */
export type PerExampleEstimator = Exclude<FisherEstimator, 'officialCode'>;

export interface ColumnOptions {
  /** Draws of `mc` and `sketch` per example. */
  readonly mcSamples: number;
  /** Draws of `mc` and `sketch` come from here. */
  readonly stream: RandomStream;
  /** Gold labels [E] of each factor, for `empirical`. */
  readonly goldLabels: readonly Int32Array[];
}

/**
 * The backward passes of one batch, and the weight of each one's squared norms, so that the weighted sum is tr(F) per
 * example. With several independent factors (start and end of an answer) the trace is the sum of the factors' traces:
 * the cross terms vanish in expectation, because a score has mean zero. The caller owns the tensors.
 */
export function fisherColumns(
  estimator: PerExampleEstimator,
  factors: readonly tf.Tensor2D[],
  { mcSamples, stream, goldLabels }: ColumnOptions,
): { readonly columns: Column[]; readonly weight: number } {
  const p = factors.map(probabilities);
  try {
    switch (estimator) {
      case 'exact':
        return {
          columns: p.flatMap((pf, f) => choleskyColumns(pf).map((v) => p.map((_, g) => (g === f ? v : undefined)))),
          weight: 1,
        };
      case 'mc':
        return repeated(mcSamples, () => p.map((pf) => labelColumn(pf, drawLabels(pf, stream))));
      case 'sketch':
        return repeated(mcSamples, () => p.map((pf) => sketchColumn(pf, stream)));
      case 'mode':
        return { columns: [p.map((pf) => labelColumn(pf, likeliestLabels(pf)))], weight: 1 };
      case 'empirical':
        if (goldLabels.length !== p.length) {
          throw new UserError(
            `The empirical Fisher needs gold labels for ${p.length} factors; ${goldLabels.length} given.`,
          );
        }
        return { columns: [p.map((pf, f) => labelColumn(pf, goldLabels[f]!))], weight: 1 };
    }
  } finally {
    tf.dispose(p);
  }
}

function repeated(times: number, make: () => Column) {
  if (!Number.isInteger(times) || times < 1) {
    throw new UserError(`mcSamples must be a whole number of at least 1, not ${times}.`);
  }
  return { columns: Array.from({ length: times }, make), weight: 1 / times };
}
