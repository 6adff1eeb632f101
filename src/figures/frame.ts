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
const titleHeight = 34;
const smallPrintHeight = 17;
const legendRowHeight = 22;
const panelTitleHeight = 22;
const axisHeight = 58;

/** A figure that is readable at 800 px: nothing overlaps, whatever the number of notes, legend entries and panels. */
export function frame({ title, made, notes, data, layout, plotHeight }: FrameOptions): Figure {
  const smallPrint = wrap([...made.split('; '), ...notes], '; ', lineLength);
  const legendRows = layout.showlegend === false ? 0 : countLegendRows(data);
  const panelTitles = (layout.annotations ?? []).length > 0 ? panelTitleHeight : 0;
  const top = titleHeight + smallPrint.length * smallPrintHeight + legendRows * legendRowHeight + panelTitles + 10;
  return {
    data,
    layout: styledLayout({
      height: top + plotHeight + axisHeight,
      more: {
        ...layout,
        showlegend: legendRows > 0,
        title: {
          text: `${title}<br><span style="font-size:12px">${smallPrint.join('<br>')}</span>`,
          yref: 'container',
          y: 1,
          yanchor: 'top',
          pad: { t: 12, l: 12 },
        },
        legend: {
          orientation: 'h',
          x: 0,
          xanchor: 'left',
          y: 1 + (panelTitles + 4) / plotHeight,
          yanchor: 'bottom',
          ...layout.legend,
        },
        margin: { l: 64, r: 16, t: top, b: axisHeight, ...layout.margin },
      },
    }),
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

/** How many rows a horizontal legend takes at 800 px: plotly makes every entry as wide as the widest. */
function countLegendRows(data: readonly Data[]): number {
  const names = data.flatMap((trace) => {
    const { name, showlegend = true } = trace as { name?: string; showlegend?: boolean };
    return name !== undefined && showlegend ? [name] : [];
  });
  if (names.length === 0) return 0;
  const entryWidth = 45 + 7.5 * Math.max(...names.map((name) => name.length));
  return Math.ceil(names.length / Math.max(1, Math.floor(715 / entryWidth)));
}
