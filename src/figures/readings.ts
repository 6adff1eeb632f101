/** What runs say, in sentences computed from their rows. A claim that does not show is said not to. */
import { compareIfPaired, type Verdict } from './comparison';
import { curveFeatures, hasHill, hillEnds } from './curves';
import { rankCorrelation, spearman } from './correlation';
import { trainableTraceCurves, usualFisherWindow } from './fisherCurves';
import { decimal, signed, withSd } from './numbers';
import { studentInterval } from './paired';
import { describeSetting, paperValue, type PaperSetting } from './paperValues';
import { groupBy, type FisherRow, type ScoreRow, type UnfreezingRow } from './rows';
import { smooth } from './runCurves';
import type { ScoreSelection } from './scores';
import { scheduleLabel } from './style';
import { mean } from './summary';
import type { TransferPoint } from './transferPoints';
import { correlationVerdict, nearlyTopDown, topDownCorrelation, verdictOver } from './verdictRules';

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

/**
 * Whether gradual unfreezing's tr(F) curve lies above standard training's of the same seed, where it peaks, and whether
 * it is a hill. Of one condition. Seeds whose curves were never measured at the same step are not compared.
 * @param window points of the moving average (odd); by default those of `fisherCurves`, so that it says what one sees
 */
export function curveReading(fisher: readonly FisherRow[], window?: number): string[] {
  const single = trainableTraceCurves(fisher);
  const curves = groupBy(
    single.map((curve) => smooth(curve, window ?? usualFisherWindow(single))),
    ({ schedule }) => schedule,
  );
  const pairs = (curves.get('gradual') ?? []).flatMap((gradual) => {
    const standard = curves.get('standard')?.find(({ seed }) => seed === gradual.seed);
    const at = new Map(standard?.steps.map((step, i) => [step, standard.values[i]!]));
    const isAbove = gradual.steps.flatMap((step, i) => (at.has(step) ? [gradual.values[i]! > at.get(step)!] : []));
    return isAbove.length === 0 ? [] : [{ gradual, above: isAbove.filter(Boolean).length / isAbove.length }];
  });
  if (pairs.length === 0) return [];
  const above = pairs.map((pair) => pair.above);
  const gradual = pairs.map((pair) => pair.gradual);
  const last = Math.max(...gradual.flatMap(({ steps }) => steps));
  const peaks = gradual.map((curve) => curveFeatures(curve).peakStep).join(', ');
  return [
    `tr(F) per trainable adapter: ${scheduleLabel('gradual')} lies above ${scheduleLabel('standard')} at ` +
      `${(100 * mean(above)).toFixed(0)}% of the measured steps (${count(pairs.length, 'seed')}). ` +
      `That it lies above more often than not: ${verdictOver(studentInterval(above), 0.5)}.`,
    `Its peak is at step ${peaks} of ${last}; a hill (both ends under ${100 * hillEnds}% of the peak): ` +
      `${gradual.filter(hasHill).length} of ${count(pairs.length, 'seed')}.`,
  ];
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

/**
 * How near a schedule's order is to the top-down one: a line a run, and what they say together. Of one condition. Of a
 * run that was stopped, it is the order so far; one layer is none.
 */
export function orderReading(unfreezing: readonly UnfreezingRow[], schedule = 'fun'): string[] {
  const runs = groupBy(
    unfreezing.filter((row) => row.schedule === schedule),
    ({ runId }) => runId,
  );
  const top = Math.max(...unfreezing.map(({ layer }) => layer));
  const orders = [...runs.values()].flatMap((ofRun) => {
    const order = [...ofRun].sort((a, b) => a.order - b.order).map(({ layer }) => layer);
    if (order.length < 2) return [];
    const same = order.filter((layer, turn) => layer === top - turn).length;
    return [{ seed: ofRun[0]!.seed, order, same, correlation: topDownCorrelation(order) }];
  });
  const lines = orders.map(
    ({ seed, order, same, correlation }) =>
      `${scheduleLabel(schedule)} (seed ${seed}) opened ${order.join(', ')}: ${same} of ${order.length} layers at the ` +
      `turn that ${scheduleLabel('gradual')} opens them, rank correlation with it ${decimal(correlation, 2)}.`,
  );
  if (orders.length < 2) return lines;
  const correlations = orders.map(({ correlation }) => correlation);
  return [
    ...lines,
    `Over ${orders.length} runs the mean rank correlation is ${decimal(mean(correlations), 2)}. ` +
      `That the order is nearly from the top down (above ${nearlyTopDown}): ${verdictOver(studentInterval(correlations), nearlyTopDown)}.`,
  ];
}

/** A schedule's transfer average against standard training's, with the verdict of `compareSchedules`. */
export function transferReading(
  scores: readonly ScoreRow[],
  schedule: string,
  against = 'standard',
  selection: ScoreSelection = {},
): string[] {
  const names = new Set(scores.map((row) => row.schedule));
  if (!names.has(schedule) || !names.has(against)) return [];
  const compared = compareIfPaired(scores, { schedule, against, ...selection });
  if (compared === undefined) return [];
  const { difference, seeds, interval, verdict } = compared;
  const { low, high } = interval;
  const range = Number.isFinite(low) ? ` (95% interval ${signed(low)} to ${signed(high)})` : '';
  return [
    `Transfer average, ${scheduleLabel(schedule)} minus ${scheduleLabel(against)}: ` +
      `${signed(difference)} points${range}, ${count(seeds.length, 'seed')}: ${verdict}.`,
  ];
}

/** The same difference in the paper, as printed; nothing where it prints no such pair. */
export function paperReading(setting: PaperSetting, schedule: string, against = 'standard'): string[] {
  const [a, b] = [schedule, against].map((name) => paperValue({ ...setting, schedule: name, language: 'average' }));
  if (a === undefined || b === undefined) return [];
  return [
    `The paper, ${describeSetting(setting)}: ${scheduleLabel(schedule)} minus ${scheduleLabel(against)} ` +
      `${signed(a.value - b.value)} points (${withSd(a.value, a.sd)} against ${withSd(b.value, b.sd)}).`,
  ];
}

const features = {
  peakHeight: 'peak height',
  widthAtHalfHeight: 'width at half height',
  area: 'area',
  earlyMean: 'early mean',
} as const;

/** Of fewer points (the paper has ten orders) nothing is decided: their bootstrap interval is far too narrow. */
const fewestPoints = 10;

/** A line for each feature of the tr(F) curve: does more of it go with better transfer? Needs three points. */
export function correlationReading(points: readonly TransferPoint[]): string[] {
  if (points.length < 3) return [];
  const transfer = points.map((point) => point.transfer);
  return (Object.keys(features) as (keyof typeof features)[]).map((feature) =>
    rankReading(
      `${features[feature]} of tr(F) and transfer`,
      points.map((point) => point[feature]),
      transfer,
    ),
  );
}

/**
 * Whether x and y rise together, in a sentence, by Spearman's ρ with its bootstrap interval and permutation test (the
 * rule is `correlationVerdict`). Fewer than ten points decide nothing.
 */
export function rankReading(what: string, x: readonly number[], y: readonly number[]): string {
  if (Number.isNaN(rankCorrelation(x, y)))
    return `${what}: one of them is the same throughout, so nothing can be said.`;
  const { rho, interval, p, n } = spearman(x, y, { seed: 0 });
  const verdict: Verdict = n < fewestPoints ? 'too noisy to tell' : correlationVerdict({ interval, p });
  return (
    `${what}: Spearman ρ = ${decimal(rho, 2)} (95% interval ${decimal(interval.low, 2)} to ${decimal(interval.high, 2)}, ` +
    `permutation p = ${p.toFixed(3)}, n = ${n}): ${verdict}.`
  );
}
