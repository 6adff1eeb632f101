/** Lines against the step, per schedule: each seed thin, the mean over seeds thick, hover with the run's id. */
import type { Data } from 'plotly.js';
import { onPanel } from './panels';
import { groupBy } from './rows';
import { meanCurve, type RunCurve } from './runCurves';
import { scheduleColour, scheduleLabel, sortSchedules } from './style';

/** Says how to read the lines, when there is more than one run of a schedule. */
export function seedNote(curves: readonly RunCurve[]): string[] {
  const schedules = new Set(curves.map(({ schedule }) => schedule));
  return curves.length > schedules.size ? ['thin: single runs; thick: their mean'] : [];
}

export interface LineOptions {
  /** What a value is, for the hover text: "loss". */
  readonly quantity: string;
  /** Format of a value in the hover text (d3). Default: three significant digits. */
  readonly format?: string;
  /** Panel that the lines belong to; the legend is made by panel 0. Default: 0. */
  readonly panel?: number;
  /** Schedules that are in the legend already. */
  readonly inLegend?: ReadonlySet<string>;
  readonly dash?: 'solid' | 'dash' | 'dot';
}

/** The traces of all curves, schedules in the order of the style. */
export function scheduleLines(curves: readonly RunCurve[], options: LineOptions): Data[] {
  const { quantity, format = '.3~g', panel = 0, inLegend = new Set(), dash } = options;
  const bySchedule = groupBy(curves, (curve) => curve.schedule);
  return sortSchedules([...bySchedule.keys()]).flatMap((schedule) => {
    const ofSchedule = bySchedule.get(schedule)!;
    const color = scheduleColour(schedule);
    // FUN often takes the order of gradual unfreezing and then has its very curve: dashes let both be seen.
    const line = { color, dash: dash ?? (schedule === 'fun' ? 'dash' : 'solid') } as const;
    const common = { type: 'scatter', mode: 'lines', legendgroup: schedule, name: scheduleLabel(schedule) } as const;
    const hover = (who: string) => `${who}<br>step %{x:,}<br>${quantity} %{y:${format}}<extra></extra>`;
    const single = ofSchedule.length === 1;
    const mean = meanCurve(ofSchedule);
    const thin = ofSchedule.map(({ runId, steps, values }): Data => ({
      ...common,
      x: [...steps],
      y: [...values],
      line: { ...line, width: 1 },
      opacity: 0.4,
      showlegend: false,
      hovertemplate: hover(runId),
    }));
    const thick: Data = {
      ...common,
      x: [...mean.steps],
      y: [...mean.values],
      line: { ...line, width: 2.5 },
      showlegend: !inLegend.has(schedule),
      hovertemplate: hover(
        single ? ofSchedule[0]!.runId : `${scheduleLabel(schedule)}, mean of ${ofSchedule.length} runs`,
      ),
    };
    return (single ? [thick] : [...thin, thick]).map((trace) => onPanel(panel, trace));
  });
}
