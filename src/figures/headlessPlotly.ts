/**
 * plotly.js without a browser: in jsdom, with what jsdom lacks and plotly asks for. Text is measured (textBounds.ts),
 * heatmaps are painted on a real canvas, the lengths of arrows are computed. Drawing is synchronous.
 */
import { createCanvas, GlobalFonts, type Canvas } from '@napi-rs/canvas';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DOMWindow } from 'jsdom';
import { UserError } from '../engine/errors';
import type { Figure } from './figure';
import { absoluteBounds, localBounds, type Bounds } from './textBounds';

/** The font of pictures. It comes with an npm package, so no machine lacks it. */
export const FONT_FAMILY = 'Inter';

/** Regular, bold and italic faces, as files. */
export const FONT_FILES: readonly string[] = [
  '400Regular/Inter_400Regular.ttf',
  '700Bold/Inter_700Bold.ttf',
  '400Regular_Italic/Inter_400Regular_Italic.ttf',
].map((file) => path.join(path.dirname(require.resolve('@expo-google-fonts/inter/package.json')), file));

/** The few functions of plotly.js that drawing without a browser needs. */
interface Plotly {
  newPlot(div: Element, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(div: Element): void;
  readonly Snapshot: { toSVG(div: Element, format: 'svg', scale: number): string };
}

let loaded: { readonly window: DOMWindow; readonly plotly: Plotly } | undefined;

/** Loads plotly.js the first time (1 to 2 s, about 120 MB); later calls return the same. */
function load(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  // Loaded only when a picture is drawn: they are heavy, and most cells draw none.
  const { JSDOM } = require('jsdom') as typeof import('jsdom');
  for (const file of FONT_FILES) GlobalFonts.registerFromPath(file, FONT_FAMILY);
  const { window } = new JSDOM('<!DOCTYPE html><body></body>', { runScripts: 'outside-only' });
  addCanvas(window);
  addLayout(window);
  Object.assign(window, { CSS: { supports: () => false } });
  window.URL.createObjectURL = () => '';
  window.eval(readFileSync(require.resolve('plotly.js-dist/plotly.js'), 'utf8'));
  loaded = { window, plotly: (window as unknown as { Plotly: Plotly }).Plotly };
  return loaded;
}

/** Trace types that need WebGL or map tiles. */
const NOT_DRAWN =
  /gl$|3d$|^(surface|cone|streamtube|volume|isosurface|splom)$|mapbox$|(scatter|density|choropleth)map$|geo$/;

/**
 * Draws a figure as an SVG document of `width` × `height` px.
 * @throws UserError for traces that need WebGL or maps: they are drawn in a browser only.
 */
export function drawSvg(figure: Figure, { width, height }: { width: number; height: number }): string {
  for (const { type = 'scatter' } of figure.data) {
    if (NOT_DRAWN.test(type)) {
      throw new UserError(`A trace of type "${type}" needs a browser. Export two-dimensional types, such as scatter.`);
    }
  }
  const { window, plotly } = load();
  const div = window.document.body.appendChild(window.document.createElement('div'));
  // A copy: plotly writes into what it is given.
  const { data, layout } = structuredClone({ data: figure.data, layout: figure.layout });
  // All is drawn when this returns; the promise only says that nothing asynchronous is left.
  const finished = plotly.newPlot(div, data, { ...layout, width, height, autosize: false }, { staticPlot: true });
  const svg = plotly.Snapshot.toSVG(div, 'svg', 1);
  void finished.finally(() => {
    plotly.purge(div);
    div.remove();
  });
  // jsdom quotes what is in url(…); SVG renderers other than browsers do not read that.
  return svg.replace(/url\((?:&quot;|['"])([^)]*?)(?:&quot;|['"])\)/g, 'url($1)');
}

/** jsdom's canvas element paints nothing: heatmaps get a real canvas behind it. */
function addCanvas(window: DOMWindow): void {
  const canvases = new WeakMap<HTMLCanvasElement, Canvas>();
  const canvasOf = (element: HTMLCanvasElement) => {
    const known = canvases.get(element);
    if (known && known.width === element.width && known.height === element.height) return known;
    const canvas = createCanvas(element.width, element.height);
    canvases.set(element, canvas);
    return canvas;
  };
  const { prototype } = window.HTMLCanvasElement;
  prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
    return kind === '2d' ? canvasOf(this).getContext('2d') : null;
  } as unknown as typeof prototype.getContext;
  prototype.toDataURL = function (this: HTMLCanvasElement) {
    return canvasOf(this).toDataURL('image/png');
  };
}

/** Sizes of elements and lengths of paths, which jsdom does not compute. */
function addLayout(window: DOMWindow): void {
  const rectangle = ({ left, top, right, bottom }: Bounds) =>
    ({ x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top }) as DOMRect;
  const prototype = window.SVGElement.prototype as unknown as SVGGraphicsElement & SVGGeometryElement;
  prototype.getBBox = function (this: Element) {
    return rectangle(localBounds(this, FONT_FAMILY));
  };
  prototype.getBoundingClientRect = function (this: Element) {
    return rectangle(absoluteBounds(this, FONT_FAMILY));
  };
  prototype.getTotalLength = function (this: Element) {
    return lengthsAlong(corners(this)).at(-1) ?? 0;
  };
  prototype.getPointAtLength = function (this: Element, length: number) {
    return pointAt(corners(this), length) as DOMPoint;
  };
}

type Point = readonly [x: number, y: number];

/** Where a path of straight lines turns. Curves are taken as straight between their ends. */
function corners(element: Element): Point[] {
  const points: Point[] = [];
  for (const [, command, list] of (element.getAttribute('d') ?? '').matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const numbers = [...list!.matchAll(/-?\d*\.?\d+(?:e[-+]?\d+)?/gi)].map(Number);
    const [x, y] = points.at(-1) ?? [0, 0];
    if (command === 'H') points.push([numbers.at(-1)!, y]);
    else if (command === 'V') points.push([x, numbers.at(-1)!]);
    else if (command === 'Z' || command === 'z') points.push(points[0] ?? [0, 0]);
    else if (command === 'M' || command === 'L') {
      for (let i = 0; i + 1 < numbers.length; i += 2) points.push([numbers[i]!, numbers[i + 1]!]);
    } else if (command === 'l' || command === 'm') points.push([x + numbers[0]!, y + numbers[1]!]);
    else points.push([numbers.at(-2)!, numbers.at(-1)!]);
  }
  return points;
}

/** Length of the path from its beginning to each of its corners. */
function lengthsAlong(points: readonly Point[]): number[] {
  let length = 0;
  return points.map(([x, y], i) => {
    const [px, py] = points[i - 1] ?? [x, y];
    return (length += Math.hypot(x - px, y - py));
  });
}

function pointAt(points: readonly Point[], length: number): { x: number; y: number } {
  const lengths = lengthsAlong(points);
  const next = lengths.findIndex((reached) => reached >= length && reached > 0);
  const [x, y] = points[next === -1 ? points.length - 1 : next] ?? [0, 0];
  if (next < 1) return { x, y };
  const [px, py] = points[next - 1]!;
  const share = Math.max(0, (length - lengths[next - 1]!) / (lengths[next]! - lengths[next - 1]!));
  return { x: px + share * (x - px), y: py + share * (y - py) };
}
