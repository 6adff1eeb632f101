/**
 * The estimators of tr(F) (§2.3 of the paper) and what each can be told. Pure: configurations are checked by it too.
 */
import { oneOf, UserError, wholeNumber } from '../engine/errors';

/**
 * - `exact`: every label, weighted by p(y|x), from C − 1 backward passes for C labels; unbiased, no label noise.
 * - `mc`: labels drawn from p(y|x); unbiased. Variance over draws, for one example with gₙ = ‖∇ log p(n)‖²:
 *   Σ pₙgₙ² − (Σ pₙgₙ)².
 * - `sketch`: the columns of `exact` added up with random signs instead of labels; unbiased, one backward pass for any
 *   number of labels, and without noise for two. Variance: 2·Σ_{i≠j} ⟨Jᵀlᵢ, Jᵀlⱼ⟩² over the columns lᵢ.
 * - `mode`: the likeliest label; biased.
 * - `empirical`: the gold label ("empirical Fisher"); biased.
 * - `officialCode`: as the authors' code, the squared norm of the batch-mean gradient at the likeliest labels, divided
 *   by the batch size; biased, and dependent on the batch size.
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

/** An estimator with what it can be told. */
export interface EstimatorChoice {
  readonly estimator: FisherEstimator;
  /** `mc` and `sketch`: draws per example; default 1. */
  readonly mcSamples?: number;
  /**
   * `exact`: only the likeliest labels of each factor, until this much probability is theirs; default 1, all of them.
   * For question answering, with as many labels as tokens. What is left out is estimated: `FisherTrace.truncation`.
   */
  readonly mass?: number;
}

/** @throws UserError for what the estimator does not take. */
export function checkEstimator({ estimator, mcSamples, mass }: EstimatorChoice): void {
  oneOf('Estimator', estimator, fisherEstimators);
  if (mcSamples !== undefined) {
    wholeNumber('mcSamples', mcSamples);
    if (estimator !== 'mc' && estimator !== 'sketch') {
      throw new UserError(`mcSamples is for estimators "mc" and "sketch"; leave it out for "${estimator}".`);
    }
  }
  if (mass !== undefined) {
    if (estimator !== 'exact') throw new UserError(`mass is for estimator "exact"; leave it out for "${estimator}".`);
    if (!(mass > 0 && mass <= 1)) throw new UserError(`mass must be above 0 and at most 1, not ${mass}.`);
  }
}
