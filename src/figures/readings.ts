/** What runs say, in sentences computed from their rows. A claim that does not show is said not to. */
import { compareSchedules } from './comparison';
import { curveFeatures } from './curves';
import { rankCorrelation } from './correlation';
import { trainableTraceCurves } from './fisherCurves';
import { groupBy, type FisherRow, type ScoreRow, type UnfreezingRow } from './rows';
import { smooth } from './runCurves';
import { scheduleLabel } from './style';
import { mean } from './summary';

/** A line each: the tr(F) curve (C2), FUN's order (C4), transfer of gradual and FUN against standard (C1, C5). */
export function firstLightReading(rows: {
  readonly fisher: readonly FisherRow[];
  readonly unfreezing: readonly UnfreezingRow[];
  readonly scores: readonly ScoreRow[];
}): string[] {
  return [
    ...curveReading(rows.fisher),
    ...orderReading(rows.unfreezing),
    ...transferReading(rows.scores, 'gradual'),
    ...transferReading(rows.scores, 'fun'),
  ];
}

/** Whether gradual unfreezing's tr(F) curve lies above standard training's, and where it peaks. */
export function curveReading(fisher: readonly FisherRow[], window = 5): string[] {
  const curves = groupBy(
    trainableTraceCurves(fisher).map((curve) => smooth(curve, window)),
    ({ schedule }) => schedule,
  );
  const [gradual, standard] = [curves.get('gradual'), curves.get('standard')];
  if (gradual === undefined || standard === undefined) return [];
  const above = gradual.map(({ steps, values, seed }) => {
    const other = standard.find((curve) => curve.seed === seed) ?? standard[0]!;
    const at = new Map(other.steps.map((step, i) => [step, other.values[i]!]));
    const pairs = steps.flatMap((step, i) => (at.has(step) ? [values[i]! > at.get(step)!] : []));
    return pairs.filter(Boolean).length / pairs.length;
  });
  const last = Math.max(...gradual.flatMap(({ steps }) => steps));
  const peaks = gradual.map((curve) => curveFeatures(curve).peakStep);
  return [
    `tr(F) per trainable adapter: ${scheduleLabel('gradual')} lies above ${scheduleLabel('standard')} at ` +
      `${(100 * mean(above)).toFixed(0)}% of the measured steps; its peak is at step ${Math.round(mean(peaks))} of ${last}` +
      `${mean(peaks) >= 0.9 * last ? ', the end of the run: no hill' : ''}.`,
  ];
}

/** How near FUN's order is to the top-down one. */
export function orderReading(unfreezing: readonly UnfreezingRow[], schedule = 'fun'): string[] {
  return [
    ...groupBy(
      unfreezing.filter((row) => row.schedule === schedule),
      ({ runId }) => runId,
    ).values(),
  ].map((ofRun) => {
    const order = [...ofRun].sort((a, b) => a.order - b.order).map(({ layer }) => layer);
    const diagonal = [...order].sort((a, b) => b - a);
    const same = order.filter((layer, turn) => layer === diagonal[turn]).length;
    const correlation = rankCorrelation(
      order,
      order.map((_, turn) => -turn),
    );
    return (
      `${scheduleLabel(schedule)} (seed ${ofRun[0]!.seed}) opened ${order.join(', ')}: ${same} of ${order.length} layers at the ` +
      `turn that ${scheduleLabel('gradual')} opens them, rank correlation with it ${correlation.toFixed(2)}.`
    );
  });
}

/** A schedule's transfer average against standard training's, with the verdict of `compareSchedules`. */
export function transferReading(scores: readonly ScoreRow[], schedule: string, against = 'standard'): string[] {
  const names = new Set(scores.map((row) => row.schedule));
  if (!names.has(schedule) || !names.has(against)) return [];
  const { difference, seeds, interval, verdict } = compareSchedules(scores, { schedule, against });
  const { low, high } = interval;
  const range = Number.isFinite(low) ? ` (95% interval ${low.toFixed(1)} to ${high.toFixed(1)})` : '';
  return [
    `Transfer average, ${scheduleLabel(schedule)} minus ${scheduleLabel(against)}: ${difference >= 0 ? '+' : ''}` +
      `${difference.toFixed(1)} points${range}, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}: ${verdict}.`,
  ];
}
