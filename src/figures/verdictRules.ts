/** By what rules readings of orders and of curves come to a verdict: the same for sentences and for recorded claims. */
import type { Verdict } from './comparison';
import { rankCorrelation, type Spearman } from './correlation';
import type { Interval } from './summary';

/** Rank correlation with the top-down order from which an order counts as nearly top-down. */
export const nearlyTopDown = 0.7;

/** The least rank correlation that would count. */
const smallestCorrelation = 0.3;

/** Shows: the interval lies above the threshold; does not show: it lies below. */
export function verdictOver({ low, high }: Interval, threshold: number): Verdict {
  if (low > threshold) return 'shows';
  return high < threshold ? 'does not show' : 'too noisy to tell';
}

/** Of a claimed positive correlation. Shows: interval above 0 and p < 0.05; does not show: interval below 0.3. */
export function correlationVerdict({ interval, p }: Pick<Spearman, 'interval' | 'p'>): Verdict {
  if (interval.low > 0 && p < 0.05) return 'shows';
  return interval.high < smallestCorrelation ? 'does not show' : 'too noisy to tell';
}

/** Rank correlation of an order of layers with the top-down one: 1 for top-down, −1 for bottom-up. */
export function topDownCorrelation(layers: readonly number[]): number {
  return rankCorrelation(
    layers,
    layers.map((_, turn) => -turn),
  );
}
