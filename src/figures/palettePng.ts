/**
 * PNG with a palette. A figure has few colours, so one byte a pixel will do: a third of the size of the four that resvg
 * writes, which is what keeps an executed notebook small.
 */
import { crc32, deflateSync } from 'node:zlib';

/** RGBA, 8 bits each, colours multiplied by alpha, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

const PALETTE = 256;

/**
 * The raster as a PNG. With at most 256 colours every pixel keeps its own. With more, rare ones, which are mostly
 * shades at the edges of lines and letters, become frequent ones: as near to their own as 256 colours allow.
 */
export function palettePng({ width, height, pixels }: Raster): Buffer {
  const colours = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const { palette, entryOf } = reduce(byFrequency(colours));
  const rows = new Uint8Array(height * (width + 1)); // each row begins with its filter: 0, none
  for (let y = 0, from = 0; y < height; y++)
    for (let x = 0, to = y * (width + 1) + 1; x < width; x++) rows[to++] = entryOf.get(colours[from++]!)!;

  const rgba = palette.map(withoutAlpha);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 3, 0, 0, 0])])), // 8 bits, palette
    chunk('PLTE', Buffer.from(rgba.flatMap(([r, g, b]) => [r, g, b]))),
    chunk('tRNS', Buffer.from(rgba.map(([, , , alpha]) => alpha))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colours that there are, the most frequent first. */
function byFrequency(colours: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b).map(([colour]) => colour);
}

interface Reduced {
  readonly palette: readonly Channels[];
  /** The index in the palette of every colour. */
  readonly entryOf: ReadonlyMap<number, number>;
}

/** At the least distance at which 256 colours stand for all. */
function reduce(colours: readonly number[]): Reduced {
  for (let distance = 0; ; distance += 2) {
    const reduced = within(distance, colours);
    if (reduced) return reduced;
  }
}

/**
 * Each colour in turn takes an earlier one that is near enough, or is one of the palette; undefined when that is full.
 */
function within(distance: number, colours: readonly number[]): Reduced | undefined {
  const palette: Channels[] = [];
  const entryOf = new Map<number, number>();
  for (const colour of colours) {
    const channels = channelsOf(colour);
    const { index, squared } = nearest(channels, palette);
    if (squared <= distance ** 2) entryOf.set(colour, index);
    else if (palette.length === PALETTE) return undefined;
    else entryOf.set(colour, palette.push(channels) - 1);
  }
  return { palette, entryOf };
}

function nearest([red, green, blue, alpha]: Channels, palette: readonly Channels[]) {
  let best = { index: -1, squared: Infinity };
  for (const [index, [r, g, b, a]] of palette.entries()) {
    const squared = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2 + (alpha - a) ** 2;
    if (squared < best.squared) best = { index, squared };
  }
  return best;
}

type Channels = readonly [red: number, green: number, blue: number, alpha: number];

const channelsOf = (colour: number): Channels =>
  [...new Uint8Array(Uint32Array.of(colour).buffer)] as unknown as Channels;

/** PNG's colours are not multiplied by alpha. */
function withoutAlpha([red, green, blue, alpha]: Channels): Channels {
  const divided = (channel: number) => (alpha === 0 ? 0 : Math.min(255, Math.round((channel * 255) / alpha)));
  return [divided(red), divided(green), divided(blue), alpha];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
