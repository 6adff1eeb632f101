/** The vectors that estimators send back: their outer products must add up to diag p − ppᵀ. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { choleskyFactor, drawLabels, type CholeskyFactor } from '../../src/fisher/columns';

/** One row of probabilities that fall by 20 orders of magnitude, some of them exactly 0, in random order. */
function steepRow(K: number, seed: number): number[] {
  const stream = randomStream(seed, 'steep');
  const raw = Array.from({ length: K }, (_, k) => (k % 7 === 3 ? 0 : 10 ** (-20 * stream.uniform())));
  const sum = raw.reduce((a, b) => a + b, 0);
  return stream.permutation(K).map((k) => raw[k]! / sum);
}

const read = (x: tf.Tensor2D): number[][] => {
  const rows = x.arraySync();
  x.dispose();
  return rows;
};

/** Σ vvᵀ of row `row` of the columns, dense [K, K]. */
function outerSum(L: CholeskyFactor, from: number, to: number, row: number, K: number): number[][] {
  const sum = Array.from({ length: K }, () => Array<number>(K).fill(0));
  for (let j = from; j < to; j++) {
    const v = read(L.column(j))[row]!;
    const used = [...v.keys()].filter((k) => v[k] !== 0);
    for (const i of used) for (const k of used) sum[i]![k]! += v[i]! * v[k]!;
  }
  return sum;
}

describe('the Cholesky factor', () => {
  test.each([2, 3, 17, 512])('of %i labels: LLᵀ = diag p − ppᵀ, however small p is', (K) => {
    const rows = [steepRow(K, 1), Array<number>(K).fill(1 / K)];
    const p = tf.tensor2d(rows);
    const L = choleskyFactor(p);
    expect(L.columns).toBe(K - 1);
    for (const row of K === 512 ? [0] : [0, 1]) {
      const q = [...p.arraySync()[row]!];
      const sum = outerSum(L, 0, L.columns, row, K);
      let worst = 0;
      q.forEach((a, i) =>
        q.forEach((b, k) => {
          const want = (i === k ? a : 0) - a * b;
          // relative to √(pᵢpₖ), which bounds the entry: vanishing labels must be right too
          const scale = Math.sqrt(a * b);
          const error = Math.abs(sum[i]![k]! - want);
          worst = Math.max(worst, scale === 0 ? error : error / scale);
        }),
      );
      expect(worst).toBeLessThan(2e-6);
    }
    p.dispose();
  });

  test('labels without probability get nothing, and add no columns', () => {
    const p = tf.tensor2d([[0, 0.75, 0, 0.25, 0]]);
    const L = choleskyFactor(p);
    expect(L.columns).toBe(1);
    const [v] = read(L.column(0));
    [0, Math.sqrt(3) / 4, 0, -Math.sqrt(3) / 4, 0].forEach((x, k) => expect(v![k]!).toBeCloseTo(x, 6));
    p.dispose();
  });

  test('what the first m columns leave out is s·(diag p̃ − p̃p̃ᵀ)', () => {
    const row = [0.05, 0.6, 0.02, 0.3, 0.03];
    const p = tf.tensor2d([row]);
    const L = choleskyFactor(p);
    expect([0.5, 0.6001, 0.9, 0.96, 1].map((mass) => L.columnsFor(mass))).toEqual([1, 2, 2, 4, 4]);
    expect(L.massAfter(2)).toBeCloseTo(0.1, 6);
    expect(L.massAfter(4)).toBe(0);
    const rest = outerSum(L, 2, L.columns, 0, 5);
    const tail = row.map((q, k) => (k === 1 || k === 3 ? 0 : q / 0.1));
    tail.forEach((a, i) =>
      tail.forEach((b, k) => expect(rest[i]![k]!).toBeCloseTo(0.1 * ((i === k ? a : 0) - a * b), 6)),
    );
    p.dispose();
  });

  test('the signed sum is ±column by column: its outer product averages to theirs', () => {
    const p = tf.tensor2d([[0.5, 0.2, 0.2, 0.1]]);
    const L = choleskyFactor(p);
    const stream = randomStream(2, 'signs');
    const columns = [0, 1, 2].map((j) => read(L.column(j))[0]!);
    const seen = new Set<string>();
    for (let draw = 0; draw < 60; draw++) {
      const v = read(L.signedSum(1, stream))[0]!;
      // v = s₁l₁ + s₂l₂: the signs are found at the columns' own diagonal
      const s1 = Math.sign(v[1]!);
      const s2 = Math.sign(v[2]! - s1 * columns[1]![2]!);
      v.forEach((x, k) => expect(x).toBeCloseTo(s1 * columns[1]![k]! + s2 * columns[2]![k]!, 5));
      seen.add(`${s1} ${s2}`);
    }
    expect(seen.size).toBe(4);
    p.dispose();
  });

  test('a model that has diverged shows', () => {
    const p = tf.tensor2d([[NaN, NaN, NaN]]);
    expect(read(choleskyFactor(p).column(0))[0]!.some(Number.isNaN)).toBe(true);
    p.dispose();
  });
});

test('labels are drawn as often as they are likely, and never where p = 0', () => {
  const row = [0, 0.1, 0.6, 0.3, 0];
  const p = tf.tensor2d(Array.from({ length: 4000 }, () => row));
  const labels = drawLabels(p, randomStream(3, 'labels'));
  row.forEach((q, y) => {
    const share = labels.filter((label) => label === y).length / 4000;
    expect(Math.abs(share - q)).toBeLessThanOrEqual(4 * Math.sqrt((q * (1 - q)) / 4000));
  });
  p.dispose();
});
