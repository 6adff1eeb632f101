/** tr(F) of every layer at every step as a heat map, with the moments at which layers open; a panel a schedule. */
import type { Data, Layout } from 'plotly.js';
import { oneOf, refuseUnknownKeys, UserError } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { logTicks } from './logTicks';
import { gridLayout, layerRange, onPanel, panelsByExperiment } from './panels';
import { provenance, runsOf } from './provenance';
import { distinct, groupBy, type FisherRow, type RunRow } from './rows';
import { requireSeeds } from './seeds';
import { scheduleLabel, sequentialScale, sortSchedules } from './style';
import { mean } from './summary';

export interface FisherHeatmapOptions {
  readonly runs: readonly RunRow[];
  /** Colours on a logarithmic scale (tr(F) spans orders of magnitude) or a linear one. Default: log. */
  readonly scale?: 'log' | 'linear';
}

/**
 * One panel a schedule; several seeds are averaged. Layers that were not estimated at a step stay blank. A line marks,
 * for every layer, the first estimate at which it is trainable in all runs of the panel.
 * @throws UserError for rows of more than one model or training set: tr(F) of one says nothing of another's.
 */
export function fisherHeatmap(rows: readonly FisherRow[], options: FisherHeatmapOptions): Figure {
  refuseUnknownKeys('fisherHeatmap', options, ['runs', 'scale']);
  const scale = oneOf('scale', options.scale ?? 'log', ['log', 'linear']);
  requireOneExperiment(rows, options.runs);
  requireSeeds(rows, options.runs);
  const bySchedule = groupBy(rows, (row) => row.schedule);
  const schedules = sortSchedules([...bySchedule.keys()]);
  const cells = rows.map((row) => row.trace).filter((trace) => scale === 'linear' || trace > 0);
  if (cells.length === 0)
    throw new UserError('There are no estimates of tr(F) to draw. Track them: trackFisher: { … }.');
  const show = (trace: number) => (scale === 'log' ? Math.log10(trace) : trace);
  const grid = gridLayout({
    titles: schedules.map(scheduleLabel),
    xTitle: 'optimiser step',
    yTitle: 'layer',
    xaxis: { showgrid: false, zeroline: false },
    yaxis: { showgrid: false, zeroline: false, dtick: 1, range: layerRange(rows.map((row) => row.layer)) },
    rowHeight: 230,
  });
  const ticks = logTicks(Math.min(...cells), Math.max(...cells));
  const coloraxis = {
    colorscale: sequentialScale,
    cmin: show(Math.min(...cells)),
    cmax: show(Math.max(...cells)),
    colorbar: {
      title: { text: 'tr(F)' },
      thickness: 12,
      outlinewidth: 0,
      ...(scale === 'log' ? { tickvals: ticks.map(Math.log10), ticktext: ticks.map((tick) => String(tick)) } : {}),
    },
  };
  return frame({
    title: 'Fisher information by layer',
    made: provenance(runsOf(rows, options.runs)),
    notes: ['white stroke: from here on the layer is trainable in every run'],
    data: schedules.flatMap((schedule, index) =>
      [heat(bySchedule.get(schedule)!, show), ...openingLine(bySchedule.get(schedule)!)].map((t) => onPanel(index, t)),
    ),
    layout: { ...grid.layout, coloraxis, showlegend: false } as Partial<Layout>,
    plotHeight: grid.plotHeight,
  });
}

function requireOneExperiment(rows: readonly FisherRow[], runs: readonly RunRow[]): void {
  const experiments = panelsByExperiment(rows, runs).map(({ title }) => title);
  if (experiments.length < 2) return;
  throw new UserError(
    `A heat map of tr(F) is of one model and training set; these rows are of ${experiments.join(' and of ')}. ` +
      'Draw one for each: for (const { rows } of comparisons(results)) fisherHeatmap(rows.fisher, { runs: rows.runs }).',
  );
}

function heat(rows: readonly FisherRow[], show: (trace: number) => number): Data {
  const steps = distinct(rows.map((row) => row.step)).sort((a, b) => a - b);
  const layers = distinct(rows.map((row) => row.layer)).sort((a, b) => a - b);
  const byCell = groupBy(rows, (row) => `${row.layer} ${row.step}`);
  const traces = layers.map((layer) =>
    steps.map((step) => {
      const cell = byCell.get(`${layer} ${step}`);
      return cell === undefined ? null : mean(cell.map((row) => row.trace));
    }),
  );
  return {
    type: 'heatmap',
    x: steps,
    y: layers,
    z: traces.map((line) =>
      line.map((trace) => (trace === null || !Number.isFinite(show(trace)) ? null : show(trace))),
    ),
    customdata: traces,
    coloraxis: 'coloraxis',
    hovertemplate: 'layer %{y}<br>step %{x:,}<br>tr(F) %{customdata:.3~g}<extra></extra>',
  } as Data;
}

/** A vertical stroke for each layer where it is first trainable in every run. */
function openingLine(rows: readonly FisherRow[]): Data[] {
  const lastFrozenOrFirstOpen = [...groupBy(rows, (row) => row.layer)].flatMap(([layer, ofLayer]) => {
    const byStep = [...groupBy(ofLayer, (row) => row.step)].sort(([a], [b]) => a - b);
    const first = byStep.find(([, atStep]) => atStep.every((row) => row.trainable));
    return first === undefined || first === byStep[0] ? [] : [{ layer, step: first[0] }];
  });
  if (lastFrozenOrFirstOpen.length === 0) return [];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: lastFrozenOrFirstOpen.flatMap(({ step }) => [step, step, null]),
      y: lastFrozenOrFirstOpen.flatMap(({ layer }) => [layer - 0.5, layer + 0.5, null]),
      line: { color: 'white', width: 2 },
      hoverinfo: 'skip',
    },
  ];
}
