/** The frame that all figures of results share: title, what the figure was made from, legend, plotting area, in px. */
import type { Data, Layout } from 'plotly.js';
import type { Figure } from './figure';
import { layout as styledLayout } from './style';

export interface FrameOptions {
  readonly title: string;
  /** What it was made from: model, data, steps, seeds. */
  readonly made: string;
  /** What a reader must know to read it: smoothing, markers, tests. */
  readonly notes: readonly string[];
  readonly data: Data[];
  /** Axes, panel titles, bar modes. */
  readonly layout: Partial<Layout>;
  /** Height of the plotting area in px, all rows of panels together. */
  readonly plotHeight: number;
}

/** Characters of small print that fit into a figure 800 px wide. */
const lineLength = 112;
const leftMargin = 72;
/** Room for half of a number under the right end of an axis. */
const rightMargin = 24;
/** px of the plotting area in a figure 800 px wide. */
export const plotWidth = 800 - leftMargin - rightMargin;
const titleSize = 17;
const smallPrintSize = 12;
const titleHeight = 32;
/** plotly sets lines 1.3 em apart. */
const smallPrintHeight = 1.3 * smallPrintSize;
const legendRowHeight = 22;
const panelTitleHeight = 22;
/** px that each further line of a panel's title takes. */
export const panelTitleLineHeight = 16;
const axisHeight = 58;

/** A figure that is readable at 800 px: nothing overlaps, whatever the number of notes, legend entries and panels. */
export function frame({ title, made, notes, data, layout, plotHeight }: FrameOptions): Figure {
  const smallPrint = wrap([...made.split('; '), ...notes], '; ', lineLength);
  const legendRows = layout.showlegend === false ? 0 : countLegendRows(data);
  const panelTitles = heightOfPanelTitles(layout.annotations ?? []);
  const top = titleHeight + smallPrint.length * smallPrintHeight + legendRows * legendRowHeight + panelTitles + 17;
  return {
    data,
    layout: styledLayout({
      height: top + plotHeight + axisHeight,
      more: {
        ...layout,
        showlegend: legendRows > 0,
        title: {
          text: title,
          font: { size: titleSize },
          yref: 'container',
          y: 1,
          yanchor: 'top',
          pad: { t: 14, l: 12 },
        },
        annotations: [...(layout.annotations ?? []), smallPrintAt(smallPrint, top)],
        legend: {
          orientation: 'h',
          x: 0,
          xanchor: 'left',
          y: 1 + (panelTitles + 4) / plotHeight,
          yanchor: 'bottom',
          ...layout.legend,
        },
        margin: { l: leftMargin, r: rightMargin, t: top, b: axisHeight, ...layout.margin },
      },
    }),
  };
}

function heightOfPanelTitles(titles: NonNullable<Layout['annotations']>): number {
  if (titles.length === 0) return 0;
  const lines = Math.max(...titles.map(({ text = '' }) => text.split('<br>').length));
  return panelTitleHeight + (lines - 1) * panelTitleLineHeight;
}

/** An annotation, because plotly's subtitle cannot be placed: its top is `titleHeight` below the figure's, in px. */
function smallPrintAt(lines: readonly string[], top: number): NonNullable<Layout['annotations']>[number] {
  return {
    text: lines.join('<br>'),
    font: { size: smallPrintSize },
    align: 'left',
    showarrow: false,
    xref: 'paper',
    yref: 'paper',
    x: 0,
    y: 1,
    xanchor: 'left',
    yanchor: 'top',
    xshift: 12 - leftMargin,
    yshift: top - titleHeight,
  };
}

/** Joins parts into lines of at most `length` characters; a longer part has a line of its own. */
export function wrap(parts: readonly string[], separator: string, length: number): string[] {
  const lines: string[] = [];
  for (const part of parts.filter((text) => text !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + separator.length + part.length <= length) {
      lines[lines.length - 1] = last + separator + part;
    } else lines.push(part);
  }
  return lines;
}

/** Rows of a horizontal legend at 800 px: one if all fits, else columns as wide as the widest entry. */
function countLegendRows(data: readonly Data[]): number {
  const names = data.flatMap((trace) => {
    const { name, showlegend = true } = trace as { name?: string; showlegend?: boolean };
    return name !== undefined && showlegend ? [name] : [];
  });
  if (names.length === 0) return 0;
  const widths = names.map((name) => 45 + 7.5 * name.length);
  const available = 715;
  if (widths.reduce((sum, width) => sum + width, 0) <= available) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(available / Math.max(...widths))));
}
