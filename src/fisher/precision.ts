/**
 * How sure an estimate of tr(F) is, and when that is enough. Pure: numbers in, numbers out. Examples are independent
 * draws from the training data, so that errors are those of means over examples.
 */
import { refuseUnknownKeys, UserError } from '../engine/errors';
import type { FisherEstimator } from './estimatorChoice';

/**
 * When to stop drawing examples before the budget is used.
 * - `{ relativeError: r }`: the standard error of every group's trace is at most r times the trace.
 * - `'sure'`: the largest trace leads the second by two standard errors of their paired difference. Or only one is
 *   asked.
 */
export type Until = { readonly relativeError: number } | 'sure';

/** How far the largest trace leads the second: both from the same examples, so their difference is paired. */
export interface FisherLead {
  /** The group with the largest trace, and the one after it. */
  readonly first: number;
  readonly second: number;
  /** The difference of their traces. */
  readonly lead: number;
  /** Its standard error: below lead / 2, the choice is sure. */
  readonly standardError: number;
}

/** Values of each example, by group; equally many in every group. */
export type ValuesByGroup = ReadonlyMap<number, readonly number[]>;

/** Below this many examples no standard error is trusted. */
export const LEAST_EXAMPLES = 8;

/** @throws UserError for what is no such rule, or cannot be kept by the estimator. */
export function checkUntil(until: Until, estimator: FisherEstimator): void {
  if (estimator === 'officialCode') {
    throw new UserError(
      'Estimator "officialCode" is a sum over batches that comes no closer to a value: leave out until.',
    );
  }
  if (until === 'sure') return;
  if (until === null || typeof until !== 'object') {
    throw new UserError(`until must be "sure" or { relativeError }, not ${JSON.stringify(until)}.`);
  }
  refuseUnknownKeys('until', until, ['relativeError']);
  if (!(until.relativeError > 0 && until.relativeError < 1)) {
    throw new UserError(`until.relativeError must lie between 0 and 1, not ${until.relativeError}; 0.05 is 5%.`);
  }
}

/** Whether the examples so far are enough. */
export function isEnough(values: ValuesByGroup, until: Until): boolean {
  const groups = [...values.values()];
  if (groups.length === 0 || groups[0]!.length < LEAST_EXAMPLES) return false;
  if (until === 'sure') {
    const lead = leadOf(values);
    return lead === undefined || lead.lead >= 2 * lead.standardError;
  }
  return groups.every((xs) => standardError(xs) <= until.relativeError * mean(xs));
}

/** Undefined when there is one group only, or none. Of equal traces the higher group is first, as FUN breaks ties. */
export function leadOf(values: ValuesByGroup): FisherLead | undefined {
  const [best, next] = [...values].sort(([a, xs], [b, ys]) => mean(ys) - mean(xs) || b - a);
  if (best === undefined || next === undefined) return undefined;
  const differences = best[1].map((x, i) => x - next[1][i]!);
  return { first: best[0], second: next[0], lead: mean(differences), standardError: standardError(differences) };
}

export const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/** Of the mean, from the sample's own spread; NaN from a single value. */
export function standardError(xs: readonly number[]): number {
  const m = mean(xs);
  return Math.sqrt(xs.reduce((s, x) => s + (x - m) ** 2, 0) / (xs.length - 1) / xs.length);
}
