/** Mean, standard deviation, quantiles: the numbers behind "mean ± sd over seeds". */
import { UserError } from '../engine/errors';
import { withSd } from './numbers';

/** Arithmetic mean. @throws UserError when there is nothing to average. */
export function mean(values: readonly number[]): number {
  requireSome('mean', values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (divisor n − 1); NaN for a single value, of which it says nothing. */
export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  if (values.length === 1) return NaN;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** The `q`-quantile (0 … 1), linear between neighbours (type 7, numpy's default); NaN when a value is. */
export function quantile(values: readonly number[], q: number): number {
  requireSome('quantile', values);
  if (!(q >= 0 && q <= 1)) throw new UserError(`quantile: q must lie between 0 and 1, not ${q}; 0.975 is 97.5%.`);
  if (values.some(Number.isNaN)) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

/** An interval that is meant to hold the true value with probability `confidence`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The middle `confidence` of a bootstrap distribution (percentile interval). */
export function percentileInterval(values: readonly number[], confidence: number): Interval {
  return { low: quantile(values, (1 - confidence) / 2), high: quantile(values, (1 + confidence) / 2) };
}

/** "61.7 ± 1.0"; without a deviation when there is a single value. */
export function formatMeanAndSd(values: readonly number[], digits = 1): string {
  return withSd(mean(values), standardDeviation(values), digits);
}

function requireSome(what: string, values: readonly number[]): void {
  if (values.length === 0) throw new UserError(`${what}: there are no values. Give at least one.`);
}
