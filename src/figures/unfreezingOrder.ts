/**
 * Figure 5: in which order FUN opens the layers, against the diagonal of gradual unfreezing; a panel per experiment.
 */
import type { Data } from 'plotly.js';
import { refuseUnknownKeys } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { gridLayout, layerRange, onPanel, panelsByExperiment } from './panels';
import { experimentNames, provenance, runsOf } from './provenance';
import { groupBy, type RunRow, type UnfreezingRow } from './rows';
import { requireSeeds } from './seeds';
import { scheduleColour, scheduleLabel } from './style';
import { mean, standardDeviation } from './summary';

export interface UnfreezingOrderOptions {
  readonly runs: readonly RunRow[];
  /** The schedule to draw. Default: fun. */
  readonly schedule?: string;
}

/**
 * The layer that opens at each turn: every seed thin, the mean over seeds thick with its standard deviation. How many
 * runs that is stands in the legend; of several panels, which may have different numbers, in the title of each.
 */
export function unfreezingOrder(rows: readonly UnfreezingRow[], options: UnfreezingOrderOptions): Figure {
  refuseUnknownKeys('unfreezingOrder', options, ['runs', 'schedule']);
  const { schedule = 'fun' } = options;
  const selected = rows.filter((row) => row.schedule === schedule);
  const runs = runsOf(selected, options.runs);
  const panels = panelsByExperiment(selected, runs);
  for (const panel of panels) requireSeeds(panel.rows, runs);
  const ofPanels = panels.map((panel) => runsOf(panel.rows, runs));
  const nameOf = experimentNames(runs);
  const name = averageName(
    schedule,
    ofPanels.map((of) => of.length),
  );
  return frame({
    title: `The order in which ${scheduleLabel(schedule)} opens the layers`,
    made: provenance(runs),
    notes: ['turn 1: the first layer to open', `${scheduleLabel('gradual')} would follow the dashed diagonal`],
    data: panels.flatMap((panel, index) =>
      orderTraces(panel.rows, schedule, { name, showlegend: index === 0 }).map((t) => onPanel(index, t)),
    ),
    ...gridLayout({
      // What all have in common is in the small print: three whole names are too long to stand side by side.
      titles: ofPanels.map((of) => `${nameOf(of[0]!)}: ${countRuns(of.length)}`),
      xTitle: 'turn',
      yTitle: 'layer that opens',
      xaxis: { tick0: 1, dtick: panels.length > 1 ? 2 : 1 },
      yaxis: { dtick: 1, zeroline: false, range: layerRange(selected.map((row) => row.layer)) },
    }),
  });
}

/** "FUN, mean of 4 runs ± sd" of one panel; "FUN, mean ± sd" of several, where any has a spread. */
function averageName(schedule: string, counts: readonly number[]): string {
  const label = scheduleLabel(schedule);
  const isMean = counts.some((count) => count > 1);
  if (counts.length > 1) return isMean ? `${label}, mean ± sd` : label;
  return isMean ? `${label}, mean of ${countRuns(counts[0]!)} ± sd` : `${label}, 1 run`;
}

const countRuns = (count: number) => `${count} ${count === 1 ? 'run' : 'runs'}`;

interface LegendEntry {
  /** Of the average. */
  readonly name: string;
  readonly showlegend: boolean;
}

function orderTraces(rows: readonly UnfreezingRow[], schedule: string, { name, showlegend }: LegendEntry): Data[] {
  const top = Math.max(...rows.map((row) => row.layer));
  const turns = [...groupBy(rows, (row) => row.order)].sort(([a], [b]) => a - b);
  const color = scheduleColour(schedule);
  const byRun = groupBy(rows, (row) => row.runId);
  const diagonal: Data = {
    type: 'scatter',
    mode: 'lines',
    x: [1, top + 1],
    y: [top, 0],
    line: { color: scheduleColour('gradual'), width: 1.5, dash: 'dash' },
    name: scheduleLabel('gradual'),
    legendgroup: 'gradual',
    showlegend,
    hoverinfo: 'skip',
  };
  const thin = [...byRun].map(([runId, ofRun]): Data => ({
    type: 'scatter',
    mode: 'lines',
    x: ofRun.map((row) => row.order + 1),
    y: ofRun.map((row) => row.layer),
    line: { color, width: 1 },
    opacity: 0.35,
    showlegend: false,
    legendgroup: schedule,
    customdata: ofRun.map((row) => row.step),
    hovertemplate: `${runId}<br>turn %{x}: layer %{y}<br>step %{customdata:,}<extra></extra>`,
  }));
  const sd = turns.map(([, ofTurn]) => standardDeviation(ofTurn.map((row) => row.layer)));
  const average: Data = {
    type: 'scatter',
    mode: 'lines+markers',
    x: turns.map(([order]) => order + 1),
    y: turns.map(([, ofTurn]) => mean(ofTurn.map((row) => row.layer))),
    error_y: {
      type: 'data',
      array: sd.map((value) => (Number.isNaN(value) ? 0 : value)),
      thickness: 1,
      width: 3,
      color,
    },
    line: { color, width: 2.5 },
    marker: { color, size: 6 },
    name,
    legendgroup: schedule,
    showlegend,
    hovertemplate: 'turn %{x}: layer %{y:.1f} on average<extra></extra>',
  };
  // On top, so that it is seen where the order is the diagonal itself.
  return [...(byRun.size > 1 ? thin : []), average, diagonal];
}
