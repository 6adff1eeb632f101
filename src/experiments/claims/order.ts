/** Readings of the order in which layers open: how near it is to top-down (C4). */
import { testSetOf } from '../../datasets/tasks';
import { signed } from '../../figures/numbers';
import { mean, studentInterval, type Interval } from '../../figures/statistics';
import { nearlyTopDown, topDownCorrelation, verdictOver } from '../../figures/verdictRules';
import { scheduleVariant } from '../conditions';
import type { RunResult } from '../result';
import { formatInterval, formatSeeds, type Reading } from './reading';

/** Of the runs under this label: the rank correlation of their order with the top-down one. */
export function readOrder(results: readonly RunResult[], label: string, role: Reading['role']): Reading[] {
  const tasks = [...new Set(results.map(({ configuration }) => configuration.task))];
  return tasks.flatMap((task) => {
    const orders = results
      .filter(({ configuration }) => configuration.task === task && scheduleVariant(configuration) === label)
      .map(({ logs }) => logs.unfreezing.layer)
      .filter((layers) => layers.length > 1);
    if (orders.length === 0) return [];
    const correlations = orders.map(topDownCorrelation);
    const interval = correlationInterval(correlations);
    return [
      {
        what: `order of ${label} on ${testSetOf[task].toUpperCase()}: rank correlation with top-down`,
        role,
        effect: `${signed(mean(correlations), 2)} (${formatSeeds(orders.length)}; ${orders.map((order) => order.join(' ')).join(' | ')})`,
        interval: `seeds ${formatInterval(interval, 2)}`,
        test: `interval against ${nearlyTopDown}`,
        verdict: verdictOver(interval, nearlyTopDown),
        paper: 'Figure 5 (no numbers)',
      },
    ];
  });
}

/**
 * Student's interval, cut off where no correlation can be. A single run tells nothing: its interval stays unbounded.
 */
function correlationInterval(correlations: readonly number[]): Interval {
  const { low, high } = studentInterval(correlations);
  return Number.isFinite(low) ? { low: Math.max(-1, low), high: Math.min(1, high) } : { low, high };
}
