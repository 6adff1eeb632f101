/**
 * Figure 3: tr(F) during training, averaged over the layers that are trainable at that step; a panel per experiment.
 */
import { refuseUnknownKeys } from '../engine/errors';
import type { Figure } from './figure';
import type { FisherRow, RunRow } from './rows';
import { runCurves, smooth, usualWindow, type RunCurve } from './runCurves';
import { scheduleCurves } from './scheduleLines';

export interface FisherCurvesOptions {
  readonly runs: readonly RunRow[];
  /**
   * Points of the centred moving average (odd); 1 shows the estimates as they are. Default: 5, fewer of short curves.
   */
  readonly window?: number;
}

/** tr(F) per trainable adapter against the step, per schedule: each seed thin, the mean thick. */
export function fisherCurves(rows: readonly FisherRow[], options: FisherCurvesOptions): Figure {
  refuseUnknownKeys('fisherCurves', options, ['runs', 'window']);
  const curves = trainableTraceCurves(rows);
  const { runs, window = usualFisherWindow(curves) } = options;
  return scheduleCurves(
    curves.map((curve) => smooth(curve, window)),
    {
      runs,
      title: 'Fisher information of the task adapters during training',
      quantity: 'tr(F)',
      yTitle: 'tr(F) per trainable adapter',
      yaxis: { rangemode: 'tozero' },
      notes: [smoothingNote(window)],
    },
  );
}

/** The points over which curves of tr(F) are averaged where it is not chosen. */
export const usualFisherWindow = (curves: readonly RunCurve[]): number => usualWindow(5, curves);

export const smoothingNote = (window: number): string =>
  window === 1 ? 'single estimates' : `moving average over ${window} estimates`;

/** The curve of each run: at each step the mean of tr(F) over the trainable layers; steps without any are left out. */
export function trainableTraceCurves(rows: readonly FisherRow[]): RunCurve[] {
  return runCurves(
    rows.filter((row) => row.trainable),
    (row) => row.trace,
  );
}
