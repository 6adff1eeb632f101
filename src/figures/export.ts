/**
 * Figures as files, without a browser: plotly.js in jsdom draws the SVG, resvg turns it into a PNG. The font comes
 * with the project, so a picture is the same on every machine, fonts or not.
 */
import { Resvg } from '@resvg/resvg-js';
import path from 'node:path';
import { writeWhole } from '../engine/atomicFile';
import { oneOf, refuseUnknownKeys, UserError } from '../engine/errors';
import type { Figure } from './figure';
import { drawSvg, FONT_FAMILY, FONT_FILES } from './headlessPlotly';
import { palettePng } from './palettePng';

const FORMATS = ['png', 'svg'] as const;
export type PictureFormat = (typeof FORMATS)[number];

export interface ExportOptions {
  readonly format?: PictureFormat;
  /** Width of the picture in CSS px. Default: the layout's, else 800. */
  readonly width?: number;
  /** Height of the picture in CSS px. Default: the layout's, else 450. */
  readonly height?: number;
  /** Pixels of a PNG per CSS px. Default: 2. */
  readonly scale?: number;
  /** Colour behind the figure. Default: the layout's, which is transparent in this project's style. */
  readonly background?: string;
}

/**
 * The picture of a figure, PNG or SVG, in a file: the format is that of its ending, folders are made, and the file
 * appears whole or not at all. Takes 0.1 to 0.9 s; the first of a process 2 s more. Without a path, as bytes (SVG:
 * UTF-8 text).
 *
 *     exportFigure(figure, 'figures/figure-3.svg');
 *     const png = exportFigure(figure, { format: 'png', width: 800, height: 450, scale: 2 });
 *
 * @throws UserError on another ending, an unknown option, or a trace that only a browser draws.
 */
export function exportFigure(figure: Figure, path: string, options?: ExportOptions): void;
export function exportFigure(figure: Figure, options: ExportOptions): Buffer;
export function exportFigure(figure: Figure, target: string | ExportOptions, options?: ExportOptions): Buffer | void {
  if (typeof target !== 'string') return draw(figure, target);
  const format = oneOf('Picture format', path.extname(target).slice(1), FORMATS);
  writeWhole(target, draw(figure, { ...options, format }));
}

/** What the project's font has: Latin, Greek, Cyrillic, punctuation, arrows and the usual signs of mathematics. */
const COVERED = /^[\0-\u052f\u1e00-\u20bf\u2190-\u2199\u2202\u2206\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265]*$/;

function draw(figure: Figure, options: ExportOptions): Buffer {
  refuseUnknownKeys('exportFigure', options, ['format', 'width', 'height', 'scale', 'background']);
  const { format = 'png', scale = 2, background } = options;
  const width = positive('width', options.width ?? figure.layout.width ?? 800);
  const height = positive('height', options.height ?? figure.layout.height ?? 450);
  const layout = background === undefined ? figure.layout : { ...figure.layout, paper_bgcolor: background };
  const svg = drawSvg({ ...figure, layout }, { width, height });
  if (format === 'svg') return Buffer.from(svg);
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: positive('scale', scale) },
    font: {
      fontFiles: [...FONT_FILES],
      defaultFontFamily: FONT_FAMILY,
      sansSerifFamily: FONT_FAMILY,
      // Reading the system's fonts takes time; other scripts need them.
      loadSystemFonts: !COVERED.test(svg),
    },
  });
  return palettePng(picture.render());
}

function positive(what: string, given: number): number {
  if (!(given > 0 && given <= 10_000)) throw new UserError(`${what} must be above 0 and at most 10000, not ${given}.`);
  return given;
}
