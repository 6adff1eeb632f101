/**
 * Every figure as a picture, compared with the one that was looked at: `FUN_UPDATE_PICTURES=1 npx vitest run
 * test/figures/pictures.test.ts` draws them anew, to be looked at before they are committed.
 */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportFigure } from '../../src/figures/export';
import { all } from './allFigures';

const folder = path.join(__dirname, 'pictures');
const isUpdating = process.env.FUN_UPDATE_PICTURES === '1';

/** Another version of the rasteriser may shift edges: pixels differ visibly above this, of 255, … */
const VISIBLE = 32;
/** … and this share of them may. Moving one curve of a figure by its own width changes more. */
const TOLERANCE = 0.002;

async function pixels(png: Buffer | string): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}

/** The share of pixels that differ visibly. */
async function difference(png: Buffer, stored: string | Buffer): Promise<number> {
  const [a, b] = await Promise.all([pixels(png), pixels(stored)]);
  if (a.width !== b.width || a.height !== b.height) return 1;
  let different = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const channels = [0, 1, 2, 3].map((c) => Math.abs(a.data[i + c]! - b.data[i + c]!));
    if (Math.max(...channels) > VISIBLE) different += 1;
  }
  return different / (a.width * a.height);
}

const draw = (make: () => Parameters<typeof exportFigure>[0], background = '#ffffff') =>
  exportFigure(make(), { format: 'png', scale: 0.75, background });

describe.each(Object.entries(all))('%s', (name, make) => {
  test('looks as it did', async () => {
    const file = path.join(folder, `${name}.png`);
    const png = draw(make);
    if (isUpdating) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, png);
    }
    expect(existsSync(file), `${file} is missing`).toBe(true);
    expect(await difference(png, file)).toBeLessThan(TOLERANCE);
  });
});

test('a curve that is drawn elsewhere is seen', async () => {
  const figure = all.lossCurves!();
  const moved = {
    ...figure,
    data: figure.data.map((trace) => ({ ...trace, y: (trace as { y: number[] }).y.map((y) => y * 1.1) })),
  } as typeof figure;
  expect(
    await difference(
      draw(() => moved),
      draw(() => figure),
    ),
  ).toBeGreaterThan(TOLERANCE);
});
