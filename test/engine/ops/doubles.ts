/** Helpers of the operation tests: random inputs as plain numbers, and gradients by finite differences in doubles. */
import { expect } from 'vitest';
import { randomStream } from '../../../src/engine/random';
import type { tf } from '../../../src/engine/tf';

/** Standard normal numbers, rounded to float32 so that tensors hold exactly the same ones. */
export function normals(count: number, name: string): number[] {
  const stream = randomStream(17, name);
  return Array.from({ length: count }, () => Math.fround(stream.normal()));
}

/** ∂ Σ weights∘f(x) / ∂x by central differences. */
export function finiteDifferences(
  f: (x: number[]) => number[],
  x: readonly number[],
  weights: readonly number[],
): number[] {
  const step = 1e-5;
  const loss = (at: number[]) => f(at).reduce((sum, value, i) => sum + weights[i]! * value, 0);
  const moved = (i: number, by: number) => loss(x.map((value, j) => (j === i ? value + by : value)));
  return x.map((_, i) => (moved(i, step) - moved(i, -step)) / (2 * step));
}

/** Every element to 1e-5 of the largest expected magnitude (at least 1). */
export function expectClose(found: tf.Tensor, expected: readonly number[]): void {
  const values = found.dataSync();
  expect(values.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - values[i]!)));
  expect(worst / scale).toBeLessThan(1e-5);
}

/** Rows of `width` numbers. */
export const rowsOf = (x: readonly number[], width: number): number[][] =>
  Array.from({ length: x.length / width }, (_, i) => x.slice(i * width, (i + 1) * width));

/** erf by its Taylor series, exact in doubles for |x| < 4. */
export function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
