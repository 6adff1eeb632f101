/**
 * What a figure is: a plotly specification, and nothing else. Plain data: it can be drawn, stored, compared, exported.
 */
import type { Config, Data, Layout } from 'plotly.js';

export interface Figure {
  /** The traces: lines, bars, boxes, heatmaps. */
  readonly data: Data[];
  readonly layout: Partial<Layout>;
  /** How the interactive figure behaves; plotly's defaults when absent. */
  readonly config?: Partial<Config>;
}

/** Whether a value is a figure, so that a notebook can show it as one. */
export function isFigure(value: unknown): value is Figure {
  if (typeof value !== 'object' || value === null) return false;
  const { data, layout } = value as Partial<Figure>;
  return Array.isArray(data) && typeof layout === 'object' && layout !== null;
}
