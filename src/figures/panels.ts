/** Figures of several panels: which rows go into which, and the axes and titles of a grid of them. */
import type { Data, Layout, LayoutAxis } from 'plotly.js';
import { panelTitleLineHeight, plotWidth, wrap } from './frame';
import { experimentOf, runsOf } from './provenance';
import { groupBy, type RunRow } from './rows';

export interface Panel<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** One panel for each model and training set. */
export function panelsByExperiment<Row extends { readonly runId: string }>(
  rows: readonly Row[],
  runs: readonly RunRow[],
): Panel<Row>[] {
  const experiment = new Map(runsOf(rows, runs).map((run) => [run.runId, experimentOf(run)]));
  return [...groupBy(rows, (row) => experiment.get(row.runId)!)].map(([title, ofPanel]) => ({ title, rows: ofPanel }));
}

/** The trace on the axes of panel `index`. */
export function onPanel(index: number, trace: Data): Data {
  // Object.assign keeps the trace's own type
  return index === 0 ? trace : Object.assign({}, trace, { xaxis: `x${index + 1}`, yaxis: `y${index + 1}` });
}

export interface GridOptions {
  /** One a panel; a single panel has none, as the figure's title says it all. */
  readonly titles: readonly string[];
  readonly xTitle: string;
  readonly yTitle: string;
  /** Default: 3, or 2 for four panels. */
  readonly columns?: number;
  /** Settings of every x or y axis. */
  readonly xaxis?: Partial<LayoutAxis>;
  readonly yaxis?: Partial<LayoutAxis>;
  /** Height of the plotting area of one row of panels, in px. Default: 300 for one row, 210 for more. */
  readonly rowHeight?: number;
}

/** Part of the width that lies between two columns, and px between two rows. */
const columnGap = 0.085;
const rowGap = 78;
/** px of a letter of a panel's title, on average. */
const letterWidth = 6.6;

/**
 * Axes, panel titles and height. A title too long for its panel goes on in a further line. Axis titles stand at the
 * left column and under the lowest panel of each column.
 */
export function gridLayout(options: GridOptions): { layout: Partial<Layout>; plotHeight: number } {
  const { xTitle, yTitle } = options;
  const count = options.titles.length;
  const columns = Math.min(count, options.columns ?? (count === 4 ? 2 : 3));
  const rows = Math.ceil(count / columns);
  const rowHeight = options.rowHeight ?? (rows === 1 ? 300 : 210);
  const width = (1 - (columns - 1) * columnGap) / columns;
  const titles = options.titles.map((title) => wrap(title.split(', '), ', ', (width * plotWidth) / letterWidth));
  const furtherLines = Math.max(0, ...titles.map((lines) => lines.length - 1));
  const gap = rowGap + furtherLines * panelTitleLineHeight;
  const plotHeight = rows * rowHeight + (rows - 1) * gap;

  const axes: Record<string, Partial<LayoutAxis>> = {};
  titles.forEach((_, i) => {
    const id = i === 0 ? '' : `${i + 1}`;
    const column = i % columns;
    const left = column * (width + columnGap);
    const top = 1 - (Math.floor(i / columns) * (rowHeight + gap)) / plotHeight;
    axes[`xaxis${id}`] = {
      domain: [left, Math.min(1, left + width)],
      anchor: `y${id}` as LayoutAxis['anchor'],
      ...(i + columns >= count ? { title: { text: xTitle } } : {}),
      ...options.xaxis,
    };
    axes[`yaxis${id}`] = {
      domain: [Math.max(0, top - rowHeight / plotHeight), top],
      anchor: `x${id}` as LayoutAxis['anchor'],
      ...(column === 0 ? { title: { text: yTitle } } : {}),
      ...options.yaxis,
    };
  });
  return {
    layout: { ...axes, annotations: count === 1 ? [] : titles.map((lines, i) => panelTitle(lines.join('<br>'), i)) },
    plotHeight,
  };
}

/** A y range that shows each layer whole, from 0 to the highest. */
export function layerRange(layers: readonly number[]): [number, number] {
  return [-0.5, layers.reduce((top, layer) => Math.max(top, layer), 0) + 0.5];
}

function panelTitle(text: string, index: number): NonNullable<Layout['annotations']>[number] {
  const id = index === 0 ? '' : `${index + 1}`;
  return {
    text,
    showarrow: false,
    xref: `x${id} domain` as 'paper',
    yref: `y${id} domain` as 'paper',
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'bottom',
    yshift: 2,
    align: 'left',
  };
}
