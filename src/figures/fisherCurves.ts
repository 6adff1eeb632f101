/** Figure 3: tr(F) during training, averaged over the layers that are trainable at that step; a panel per experiment. */
import type { Data } from 'plotly.js';
import type { Figure } from './figure';
import { frame } from './frame';
import { gridLayout, panelsByExperiment } from './panels';
import { provenance, runsOf } from './provenance';
import type { FisherRow, RunRow } from './rows';
import { runCurves, smooth, type RunCurve } from './runCurves';
import { scheduleLines, seedNote } from './scheduleLines';

export interface FisherCurvesOptions {
  readonly runs: readonly RunRow[];
  /** Points of the centred moving average (odd); 1 shows the estimates as they are. Default: 5. */
  readonly window?: number;
}

/** tr(F) per trainable adapter against the step, per schedule: each seed thin, the mean thick. */
export function fisherCurves(rows: readonly FisherRow[], options: FisherCurvesOptions): Figure {
  const { window = 5 } = options;
  const runs = runsOf(rows, options.runs);
  const panels = panelsByExperiment(rows, runs);
  const curvesOf = panels.map((panel) => trainableTraceCurves(panel.rows).map((curve) => smooth(curve, window)));
  const seen = new Set<string>();
  const data = curvesOf.flatMap((curves, index): Data[] => {
    const traces = scheduleLines(curves, { quantity: 'tr(F)', panel: index, inLegend: new Set(seen) });
    curves.forEach(({ schedule }) => seen.add(schedule));
    return traces;
  });
  return frame({
    title: 'Fisher information of the task adapters during training',
    made: provenance(runs),
    notes: [
      ...seedNote(curvesOf[0] ?? []),
      window === 1 ? 'single estimates' : `moving average over ${window} estimates`,
    ],
    data,
    ...gridLayout({
      titles: panels.map(({ title }) => title),
      xTitle: 'optimiser step',
      yTitle: 'tr(F) per trainable adapter',
      yaxis: { rangemode: 'tozero' },
    }),
  });
}

/** The curve of each run: at each step the mean of tr(F) over the trainable layers; steps without any are left out. */
export function trainableTraceCurves(rows: readonly FisherRow[]): RunCurve[] {
  return runCurves(
    rows.filter((row) => row.trainable),
    (row) => row.trace,
  );
}
