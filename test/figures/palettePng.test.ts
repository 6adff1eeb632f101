/** PNG with a palette: pixels as they were with few colours, as near as can be with many; read by another library. */
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, test } from 'vitest';
import { palettePng } from '../../src/figures/palettePng';

type Rgba = [red: number, green: number, blue: number, alpha: number];

function raster(width: number, height: number, colourAt: (x: number, y: number) => Rgba) {
  const pixels = Array.from({ length: width * height }, (_, i) => colourAt(i % width, Math.floor(i / width)));
  return { width, height, pixels: Uint8Array.from(pixels.flat()) };
}

async function read(png: Buffer): Promise<{ width: number; height: number; pixels: Uint8ClampedArray }> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { width, height, data } = context.getImageData(0, 0, image.width, image.height);
  return { width, height, pixels: data };
}

describe('a PNG with a palette', () => {
  test('with 256 colours every pixel is as it was', async () => {
    const picture = raster(37, 16, (x, y) => [(16 * x) & 255, (16 * y) & 255, 7, 255]);
    const { width, height, pixels } = await read(palettePng(picture));
    expect([width, height]).toEqual([37, 16]);
    expect([...pixels]).toEqual([...picture.pixels]);
  });

  test('colours come multiplied by alpha, and go into the file as they are without it', async () => {
    const picture = raster(2, 1, (x) => (x === 0 ? [100, 50, 0, 128] : [0, 0, 0, 0]));
    expect([...(await read(palettePng(picture))).pixels]).toEqual([199, 100, 0, 128, 0, 0, 0, 0]);
  });

  test('with more, frequent colours are kept and the others are near', async () => {
    // 4096 colours once each, below a ground of one colour.
    const picture = raster(64, 128, (x, y) => (y < 64 ? [255, 0, 0, 255] : [x, 0, y, 255]));
    const { pixels } = await read(palettePng(picture));
    const errors = pixels.map((value, i) => Math.abs(value - picture.pixels[i]!));
    const [ground, gradient] = [errors.slice(0, 64 * 64 * 4), errors.slice(64 * 64 * 4)];
    expect(Math.max(...ground)).toBe(0);
    // A square of 64 × 64 that 255 discs of radius r cover: none smaller than r = 2.3 do, and these are not laid out at
    // best.
    expect(Math.max(...gradient)).toBeLessThanOrEqual(6);
    expect(Math.max(...gradient)).toBeGreaterThan(0);
  });

  test('is smaller than four bytes a pixel, packed as well as can be', async () => {
    const picture = raster(400, 300, (x, y) =>
      (x - 200) ** 2 + (y - 150) ** 2 < 9000 ? [20, 90, 220, 255] : [0, 0, 0, 0],
    );
    const canvas = createCanvas(400, 300);
    const context = canvas.getContext('2d');
    const data = context.createImageData(400, 300);
    data.data.set(picture.pixels);
    context.putImageData(data, 0, 0);
    expect(palettePng(picture).length).toBeLessThan(canvas.toBuffer('image/png').length);
  });
});
