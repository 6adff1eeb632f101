/** Curves against the step, per schedule: each seed thin, the mean over seeds thick; a panel per experiment. */
import type { Data, LayoutAxis } from 'plotly.js';
import { UserError } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { gridLayout, onPanel, panelsByExperiment } from './panels';
import { provenance, runsOf } from './provenance';
import { groupBy, type RunRow } from './rows';
import { meanCurve, type RunCurve } from './runCurves';
import { requireSeeds } from './seeds';
import { scheduleColours, scheduleLabel, sortSchedules } from './style';

export interface ScheduleCurvesOptions {
  readonly runs: readonly RunRow[];
  readonly title: string;
  /** What a value is, for the hover text: "loss". */
  readonly quantity: string;
  /** Format of a value in the hover text (d3). Default: three significant digits. */
  readonly format?: string;
  readonly yTitle: string;
  readonly yaxis?: Partial<LayoutAxis>;
  /** What a reader must know beside what is thin and thick: the smoothing. */
  readonly notes: readonly string[];
}

/** @throws UserError without curves, and when the runs of one schedule and panel are not its seeds. */
export function scheduleCurves(curves: readonly RunCurve[], options: ScheduleCurvesOptions): Figure {
  const { title, quantity, format = '.3~g', yTitle, yaxis, notes } = options;
  if (curves.length === 0) throw new UserError(`There are no values of ${quantity} to draw.`);
  const runs = runsOf(curves, options.runs);
  const panels = panelsByExperiment(curves, runs);
  const colourOf = scheduleColours(curves.map(({ schedule }) => schedule));
  const inLegend = new Set<string>();
  const data = panels.flatMap((panel, index) => {
    requireSeeds(panel.rows, runs);
    const bySchedule = groupBy(panel.rows, ({ schedule }) => schedule);
    return sortSchedules([...bySchedule.keys()]).flatMap((schedule) => {
      const look = { colour: colourOf(schedule), showlegend: !inLegend.has(schedule), quantity, format };
      inLegend.add(schedule);
      return seedLines(bySchedule.get(schedule)!, look).map((trace) => onPanel(index, trace));
    });
  });
  const hasMeans = panels.some(({ rows }) => rows.length > new Set(rows.map(({ schedule }) => schedule)).size);
  return frame({
    title,
    made: provenance(runs),
    notes: [...(hasMeans ? ['thin: single runs; thick: their mean'] : []), ...notes],
    data,
    ...gridLayout({ titles: panels.map((panel) => panel.title), xTitle: 'optimiser step', yTitle, yaxis }),
  });
}

interface Look {
  readonly colour: string;
  /** Of the thick line; the thin ones are never in the legend. */
  readonly showlegend: boolean;
  readonly quantity: string;
  readonly format: string;
}

/** The curves of one schedule, and their mean where there are several. */
function seedLines(curves: readonly RunCurve[], { colour, showlegend, quantity, format }: Look): Data[] {
  const { runId, schedule } = curves[0]!;
  const label = scheduleLabel(schedule);
  // FUN often takes the order of gradual unfreezing and then has its very curve: dashes let both be seen.
  const line = { color: colour, dash: schedule === 'fun' ? 'dash' : 'solid' } as const;
  const common = { type: 'scatter', mode: 'lines', legendgroup: schedule, name: label } as const;
  const hover = (who: string) => `${who}<br>step %{x:,}<br>${quantity} %{y:${format}}<extra></extra>`;
  const single = curves.length === 1;
  const mean = meanCurve(curves);
  const thin = curves.map((curve): Data => ({
    ...common,
    x: [...curve.steps],
    y: [...curve.values],
    line: { ...line, width: 1 },
    opacity: 0.4,
    showlegend: false,
    hovertemplate: hover(curve.runId),
  }));
  const thick: Data = {
    ...common,
    x: [...mean.steps],
    y: [...mean.values],
    line: { ...line, width: 2.5 },
    showlegend,
    hovertemplate: hover(single ? runId : `${label}, mean of ${curves.length} runs`),
  };
  return single ? [thick] : [...thin, thick];
}
