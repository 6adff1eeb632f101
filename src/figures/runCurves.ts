/** Curves of single runs and their mean over seeds: what line figures are drawn from. */
import { movingAverage, type Curve } from './curves';
import { groupBy } from './rows';
import { mean } from './summary';

interface StepValueRow {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
  readonly step: number;
}

/** A curve that knows its run. */
export interface RunCurve extends Curve {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
}

/** One curve a run, in order of first appearance; rows of the same step are averaged (over layers, say). */
export function runCurves<Row extends StepValueRow>(rows: readonly Row[], value: (row: Row) => number): RunCurve[] {
  return [...groupBy(rows, (row) => row.runId).values()].map((ofRun) => {
    const { runId, schedule, seed } = ofRun[0]!;
    const points = [...groupBy(ofRun, (row) => row.step)].sort(([a], [b]) => a - b);
    return {
      runId,
      schedule,
      seed,
      steps: points.map(([step]) => step),
      values: points.map(([, atStep]) => mean(atStep.map(value))),
    };
  });
}

/** The mean at the steps that every curve has, so that it never jumps where one ends. */
export function meanCurve(curves: readonly Curve[]): Curve {
  const [first, ...others] = curves.map(({ steps, values }) => new Map(steps.map((step, i) => [step, values[i]!])));
  const steps = [...(first?.keys() ?? [])].filter((step) => others.every((other) => other.has(step)));
  return { steps, values: steps.map((step) => mean([first!, ...others].map((curve) => curve.get(step)!))) };
}

/** The same curve, its values as a moving average over `window` points. */
export function smooth<C extends Curve>(curve: C, window: number): C {
  return { ...curve, values: movingAverage(curve.values, window) };
}

/**
 * The window to smooth these curves with where none was chosen: `usual` (odd), but at most a quarter of the points of
 * the shortest curve, so that four windows fit into it side by side and a rise or a hill is still one. All curves share
 * it: smoothed differently, they could not be compared, and one that is smoothed too little only shows more noise.
 *
 * usual = 5: 5 from 20 points on, 3 from 12 on, below that 1, the values as they are.
 */
export function usualWindow(usual: number, curves: readonly Curve[]): number {
  const quarter = Math.min(...curves.map(({ steps }) => steps.length)) / 4;
  const odd = 2 * Math.floor((quarter - 1) / 2) + 1;
  return Math.max(1, Math.min(usual, odd));
}
