/** Readings of tr(F) curves: gradual's against standard's (C2), and what goes with transfer over fixed orders (C3). */
import { testSetOf } from '../../datasets/tasks';
import type { Verdict } from '../../figures/comparison';
import { curveFeatures, hasHill, hillEnds, type CurveFeatures } from '../../figures/curves';
import { trainableTraceCurves } from '../../figures/fisherCurves';
import { signed } from '../../figures/numbers';
import { distinct } from '../../figures/rows';
import { smooth, type RunCurve } from '../../figures/runCurves';
import { commonSeeds } from '../../figures/seeds';
import { mean, rankCorrelation, spearman, studentInterval } from '../../figures/statistics';
import { averageByLabel, transferPoints } from '../../figures/transferPoints';
import { correlationVerdict } from '../../figures/verdictRules';
import { scheduleVariant, transferEvaluations } from '../conditions';
import type { RunConfiguration } from '../configuration';
import type { RunResult } from '../result';
import { resultRows } from '../rows';
import { pairBySeed, transferRows } from './pairs';
import { formatInterval, formatP, formatSeeds, type Reading } from './reading';

/** Points of the moving average, as the paper shows its curves. */
const smoothing = 5;

/** Gradual's curve (mean over the layers in training) lies above standard's and has a hill. */
export function readCurves(results: readonly RunResult[]): Reading[] {
  const pairs = pairBySeed(results, 'gradual', 'standard').flatMap(({ a, b }) => {
    const [gradual, standard] = [smoothedCurve(a), smoothedCurve(b)];
    return gradual === undefined || standard === undefined ? [] : [{ gradual, standard }];
  });
  if (pairs.length === 0) return [];
  const ratios = pairs.map(({ gradual, standard }) =>
    Math.log2(curveFeatures(gradual).area / curveFeatures(standard).area),
  );
  const interval = studentInterval(ratios);
  const hills = pairs.filter(({ gradual }) => hasHill(gradual)).length;
  return [
    {
      what: 'area under the tr(F) curve: gradual ÷ standard, in doublings',
      role: 'primary',
      effect: `${signed(mean(ratios), 2)} (${formatSeeds(pairs.length)})`,
      interval: `seeds ${formatInterval(interval, 2)}`,
      test: 'interval against 0',
      verdict: interval.low > 0 ? 'shows' : interval.high <= 0 ? 'does not show' : 'too noisy to tell',
      paper: 'Figure 3 (no numbers)',
    },
    {
      what: `a hill in gradual's curve: both ends under ${100 * hillEnds}% of the peak`,
      role: 'primary',
      effect: `${hills} of ${formatSeeds(pairs.length)}`,
      interval: '',
      test: 'shows: all seeds, two or more; does not show: none of them',
      verdict: hillVerdict(hills, pairs.length),
      paper: 'Figure 3 (no numbers)',
    },
  ];
}

/** As everywhere, a single seed decides nothing. */
function hillVerdict(hills: number, seeds: number): Verdict {
  if (seeds < 2) return 'too noisy to tell';
  return hills === seeds ? 'shows' : hills === 0 ? 'does not show' : 'too noisy to tell';
}

function smoothedCurve(result: RunResult): RunCurve | undefined {
  const [curve] = trainableTraceCurves(resultRows([result]).fisher);
  return curve === undefined ? undefined : smooth(curve, smoothing);
}

const features: Readonly<Record<Exclude<keyof CurveFeatures, 'peakStep'>, string>> = {
  earlyMean: 'mean in the first quarter (early)',
  peakHeight: 'height of the peak (large)',
  widthAtHalfHeight: 'width at half height (wide)',
  area: 'area',
};

/**
 * Over fixed orders, each averaged over the seeds that all of them have: which features of the curve go with the
 * transfer average.
 *
 * @param planned the runs that there should be: fewer orders than those, or a single seed, decide nothing.
 */
export function readFeatures(results: readonly RunResult[], planned: readonly RunConfiguration[]): Reading[] {
  const labels = new Map(results.map(({ id, configuration }) => [id, scheduleVariant(configuration)]));
  const withBoth = results.filter(
    (result) => result.logs.fisher.step.length > 0 && transferEvaluations(result).length > 0,
  );
  const rows = resultRows(withBoth);
  if (withBoth.length === 0) return [];
  const runs = transferPoints(rows.fisher, transferRows(withBoth), {
    window: smoothing,
    label: (id) => labels.get(id)!,
  });
  const seeds = commonSeeds(runs).length;
  if (seeds === 0) return [];
  const points = averageByLabel(runs);
  if (points.length < 3) return [];
  const orders = distinct(planned.map(scheduleVariant)).length;
  const transfers = points.map(({ transfer }) => transfer);
  const testSet = testSetOf[withBoth[0]!.configuration.task].toUpperCase();
  return (Object.keys(features) as (keyof typeof features)[]).map((feature) => ({
    what: `${features[feature]} against the ${testSet} average, Spearman's ρ over ${points.length} of ${orders} orders, ${formatSeeds(seeds)}`,
    role: feature === 'area' ? 'secondary' : 'primary',
    ...correlate(
      points.map((point) => point[feature]),
      transfers,
    ),
    ...(points.length < orders || seeds < 2 ? { verdict: 'too noisy to tell' as const } : {}),
    paper: 'Figure 4 (no numbers)',
  }));
}

/** Where one side is constant (every curve stays above half its height to the end, say), nothing goes with anything. */
function correlate(
  x: readonly number[],
  y: readonly number[],
): Pick<Reading, 'effect' | 'interval' | 'test' | 'verdict'> {
  if (Number.isNaN(rankCorrelation(x, y))) {
    const effect = 'one of the two is the same in all orders: no correlation can be computed';
    return { effect, interval: '', test: '', verdict: 'too noisy to tell' };
  }
  const correlation = spearman(x, y, { seed: 0 });
  return {
    effect: signed(correlation.rho, 2),
    interval: `orders ${formatInterval(correlation.interval, 2)}`,
    test: `${formatP(correlation.p)} (permutations)`,
    verdict: correlationVerdict(correlation),
  };
}
