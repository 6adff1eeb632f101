/**
 * How large SVG text is, without a browser: jsdom has a document but no layout, and plotly asks for the size of every
 * label to make room for it. Widths come from the canvas with the same font that the picture is drawn with.
 */
import { createCanvas } from '@napi-rs/canvas';

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Ascent and descent of the font, in em: what a browser takes for the height of a line of text. */
const ASCENT = 0.97;
const DESCENT = 0.24;

const NOTHING: Bounds = { left: 0, top: 0, right: 0, bottom: 0 };
const context = createCanvas(1, 1).getContext('2d');

/** A 2 × 3 matrix [a b c d e f], as in SVG: x' = a·x + c·y + e, y' = b·x + d·y + f. */
type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** Bounds of the element in its own coordinates (SVG's getBBox). */
export function localBounds(element: Element, fontFamily: string): Bounds {
  switch (element.tagName.toLowerCase()) {
    case 'text':
      return textBounds(element, fontFamily);
    case 'rect':
    case 'image': {
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => numberOf(element, name));
      return { left: x!, top: y!, right: x! + width!, bottom: y! + height! };
    }
    case 'defs':
    case 'clippath':
      return NOTHING;
    default:
      return union([...element.children].map((child) => transformed(localBounds(child, fontFamily), matrixOf(child))));
  }
}

/** Bounds of the element in the coordinates of the drawing it belongs to (getBoundingClientRect). */
export function absoluteBounds(element: Element, fontFamily: string): Bounds {
  let bounds = localBounds(element, fontFamily);
  for (let node: Element | null = element; node !== null; node = node.parentElement) {
    bounds = transformed(bounds, matrixOf(node));
  }
  return bounds;
}

/** One box around every line of the text: plotly makes a line a `tspan` of class "line", parts of it nested ones. */
function textBounds(text: Element, fontFamily: string): Bounds {
  const lines = [...text.children].filter((child) => child.getAttribute('class') === 'line');
  const size = fontSize(text);
  const width = Math.max(...(lines.length > 0 ? lines : [text]).map((line) => widthOf(line, fontFamily)));
  if (width === 0) return NOTHING;
  const anchor = inherited(text, 'text-anchor') ?? 'start';
  const left = numberOf(text, 'x') - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
  const baseline = numberOf(text, 'y');
  const firstShift = lengthOf(lines[0]?.getAttribute('dy'), size);
  const lastShift = lengthOf(lines.at(-1)?.getAttribute('dy'), size);
  return {
    left,
    top: baseline + firstShift - ASCENT * size,
    right: left + width,
    bottom: baseline + lastShift + DESCENT * size,
  };
}

function widthOf(node: Element, fontFamily: string): number {
  let width = 0;
  for (const child of node.childNodes) {
    if (child.nodeType === 1) width += widthOf(child as Element, fontFamily);
    if (child.nodeType !== 3) continue;
    const style = inherited(node, 'font-style') ?? 'normal';
    const weight = inherited(node, 'font-weight') ?? 'normal';
    context.font = `${style} ${weight} ${fontSize(node)}px "${fontFamily}"`;
    width += context.measureText(child.nodeValue ?? '').width;
  }
  return width;
}

/** A CSS property from the element or the nearest ancestor that sets it, as style or as attribute. */
function inherited(element: Element, property: string): string | undefined {
  for (let node: Element | null = element; node !== null; node = node.parentElement) {
    const value = (node as SVGElement).style?.getPropertyValue(property) || node.getAttribute(property);
    if (value) return value;
  }
  return undefined;
}

/** Font size in px; sizes of subscripts are given in % or em of what surrounds them. */
function fontSize(element: Element): number {
  for (let node: Element | null = element, factor = 1; node !== null; node = node.parentElement) {
    const given = (node as SVGElement).style?.getPropertyValue('font-size') || node.getAttribute('font-size') || '';
    const value = Number.parseFloat(given);
    if (Number.isNaN(value)) continue;
    if (given.endsWith('%')) factor *= value / 100;
    else if (given.endsWith('em')) factor *= value;
    else return value * factor;
  }
  return 12;
}

function lengthOf(given: string | null | undefined, emSize: number): number {
  const value = Number.parseFloat(given ?? '0');
  return given?.endsWith('em') ? value * emSize : value;
}

function numberOf(element: Element, attribute: string): number {
  const value = Number.parseFloat(element.getAttribute(attribute) ?? '');
  return Number.isNaN(value) ? 0 : value;
}

/** The `transform` attribute: translate, rotate (about a point, in degrees), scale, matrix, applied from the right. */
function matrixOf(element: Element): Matrix {
  const given = element.getAttribute('transform') ?? '';
  let matrix = IDENTITY;
  for (const [, name, list] of given.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const values = list!.split(/[\s,]+/).map(Number);
    const [a = 0, b = 0, c = 0] = values;
    if (name === 'translate') matrix = times(matrix, [1, 0, 0, 1, a, b]);
    else if (name === 'scale') matrix = times(matrix, [a, 0, 0, values[1] ?? a, 0, 0]);
    else if (name === 'matrix' && values.length === 6) matrix = times(matrix, values as unknown as Matrix);
    else if (name === 'rotate') {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      const about = times([1, 0, 0, 1, b, c], [cos, sin, -sin, cos, 0, 0]);
      matrix = times(matrix, times(about, [1, 0, 0, 1, -b, -c]));
    }
  }
  return matrix;
}

function times(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function transformed({ left, top, right, bottom }: Bounds, [a, b, c, d, e, f]: Matrix): Bounds {
  const corners = [left, right].flatMap((x) =>
    [top, bottom].map((y) => [a * x + c * y + e, b * x + d * y + f] as const),
  );
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** The box around all boxes; empty ones do not count. */
function union(boxes: readonly Bounds[]): Bounds {
  const solid = boxes.filter(({ left, right, top, bottom }) => right > left || bottom > top);
  if (solid.length === 0) return NOTHING;
  return {
    left: Math.min(...solid.map((box) => box.left)),
    top: Math.min(...solid.map((box) => box.top)),
    right: Math.max(...solid.map((box) => box.right)),
    bottom: Math.max(...solid.map((box) => box.bottom)),
  };
}
