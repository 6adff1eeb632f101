/** Pictures without a browser: what is in them, that files are whole, and what is refused. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Data } from 'plotly.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportFigure } from '../../src/figures/export';
import type { Figure } from '../../src/figures/figure';
import { layout } from '../../src/figures/style';

const lines: Figure = {
  data: [
    { type: 'scatter', mode: 'lines', x: [0, 1, 2], y: [0, 2, 1], name: 'one', line: { color: '#ff0000', width: 6 } },
  ],
  layout: layout({ title: 'MNLI → XNLI', xTitle: 'step', yTitle: 'loss' }),
};

const figure = (data: Data[]): Figure => ({ data, layout: layout({}) });

/** Pixels of a PNG as [r, g, b, a] rows. */
async function pixels(png: Buffer): Promise<{ width: number; height: number; at: (x: number, y: number) => number[] }> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
  return { width, height, at: (x, y) => [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 4)] };
}

/** How many pixels satisfy the condition. */
async function count(png: Buffer, condition: (rgba: readonly number[]) => boolean): Promise<number> {
  const { width, height, at } = await pixels(png);
  let n = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (condition(at(x, y))) n++;
  return n;
}

describe('pictures', () => {
  test('a PNG has the asked size times its scale, a transparent ground, and the line in its colour', async () => {
    const png = exportFigure(lines, { format: 'png', width: 600, height: 300, scale: 2 });
    const { width, height, at } = await pixels(png);
    expect([width, height]).toEqual([1200, 600]);
    expect(at(2, 2)[3]).toBe(0);
    expect(await count(png, ([r, g, b, a]) => r! > 250 && g! < 5 && b! < 5 && a! > 250)).toBeGreaterThan(5000);
  });

  test('a background may be given', async () => {
    const { at } = await pixels(exportFigure(lines, { background: '#0000ff', scale: 1 }));
    expect(at(2, 2)).toEqual([0, 0, 255, 255]);
  });

  test('text is drawn, the arrow sign included: without it there is less ink', async () => {
    const ink = (title: string) =>
      count(exportFigure({ data: [], layout: layout({ title }) }, {}), ([, , , alpha]) => alpha! > 100);
    const [nothing, words, arrow] = [await ink(' '), await ink('MNLI'), await ink('MNLI →')];
    expect(words).toBeGreaterThan(nothing + 300);
    expect(arrow).toBeGreaterThan(words + 50);
  });

  test('an SVG holds the text and the traces, and no quoted references', () => {
    const svg = exportFigure(lines, { format: 'svg' }).toString('utf8');
    expect(svg).toMatch(/^<svg /);
    expect(svg).toContain('MNLI → XNLI');
    expect(svg).toContain('>step<');
    expect(svg).not.toMatch(/url\((&quot;|'|")/);
  });

  test('a heatmap has its colours: the corners of Viridis', async () => {
    const png = exportFigure(figure([{ type: 'heatmap', z: [[0, 1]], showscale: false }]), { scale: 1 });
    expect(
      await count(png, ([r, g, b]) => Math.abs(r! - 68) + Math.abs(g! - 1) + Math.abs(b! - 84) < 12),
    ).toBeGreaterThan(50_000);
    expect(
      await count(png, ([r, g, b]) => Math.abs(r! - 253) + Math.abs(g! - 231) + Math.abs(b! - 37) < 12),
    ).toBeGreaterThan(50_000);
  });

  test.each<[string, Data[]]>([
    ['bars with errors', [{ type: 'bar', x: ['a', 'b'], y: [1, 2], error_y: { type: 'data', array: [0.1, 0.2] } }]],
    ['boxes', [{ type: 'box', y: [1, 2, 3, 9] }]],
    ['violins', [{ type: 'violin', y: [1, 2, 3, 9] }]],
    ['a histogram', [{ type: 'histogram', x: [1, 2, 2, 3] }]],
    [
      'contours with labels',
      [
        {
          type: 'contour',
          z: [
            [0, 1, 2],
            [1, 3, 4],
            [2, 4, 9],
          ],
          contours: { showlabels: true },
        },
      ],
    ],
  ])('%s', async (_, data) => {
    expect(await count(exportFigure(figure(data), { scale: 1 }), ([, , , alpha]) => alpha! > 200)).toBeGreaterThan(500);
  });

  test('an annotation has its arrow, from its text to its point', () => {
    const annotated = layout({
      more: { annotations: [{ x: 1, y: 1, ax: 80, ay: -60, text: 'here', showarrow: true }] },
    });
    const svg = exportFigure({ data: lines.data, layout: annotated }, { format: 'svg' }).toString();
    expect(svg).toMatch(/class="annotation-arrow-g"[^]*?<path[^>]*transform="translate\(/);
  });

  test('long labels make room for themselves', () => {
    const marginLeft = (labels: string[]) => {
      const bars = figure([{ type: 'bar', orientation: 'h', x: labels.map(() => 1), y: labels }]);
      const svg = exportFigure(bars, { format: 'svg' }).toString();
      return Number(
        /class="bglayer"[^]*?<rect class="bg" x="([\d.]+)"/.exec(svg)?.[1] ??
          /class="ytick"><text[^>]* x="([\d.]+)"/.exec(svg)?.[1],
      );
    };
    expect(marginLeft(['a label that is quite long indeed', 'b'])).toBeGreaterThan(marginLeft(['a', 'b']) + 100);
  });

  test('the same figure gives the same picture, and is not changed by being drawn', () => {
    const before = JSON.stringify(lines);
    expect(exportFigure(lines, {}).equals(exportFigure(lines, {}))).toBe(true);
    expect(JSON.stringify(lines)).toBe(before);
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'export-test-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the format follows the ending, folders are made, nothing else is left', () => {
    // Nothing comes back: a cell would show the bytes under it.
    const shown: unknown = exportFigure(lines, path.join(folder, 'a/b/picture.png'));
    expect(shown).toBeUndefined();
    exportFigure(lines, path.join(folder, 'a/b/picture.svg'), { width: 500, height: 200 });
    expect(readdirSync(path.join(folder, 'a/b')).sort()).toEqual(['picture.png', 'picture.svg']);
    expect(readFileSync(path.join(folder, 'a/b/picture.png')).equals(exportFigure(lines, {}))).toBe(true);
    expect(readFileSync(path.join(folder, 'a/b/picture.svg'), 'utf8')).toMatch(/width="500" height="200"/);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['another ending', () => exportFigure(lines, path.join(folder, 'x.pdf')), /Picture format "pdf".*png, svg/],
    ['an unknown option', () => exportFigure(lines, { dpi: 300 } as object), /unknown "dpi"/],
    ['an impossible size', () => exportFigure(lines, { width: -1 }), /width must be above 0/],
    ['WebGL', () => exportFigure(figure([{ type: 'scattergl', x: [1], y: [1] }]), {}), /"scattergl" needs a browser/],
  ])('%s is refused', (_, draw, message) => {
    expect(draw).toThrow(message);
    expect(readdirSync(folder).filter((name) => name.startsWith('x'))).toEqual([]);
  });
});
