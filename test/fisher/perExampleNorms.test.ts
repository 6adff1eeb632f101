/** Squared norms per example: both forms of the ghost norm, repeated parameters, ragged rows, embeddings. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { cheaperForm, linearNorms, perExampleNorms } from '../../src/fisher/perExampleNorms';
import { rowsByExample } from '../../src/fisher/rowsByExample';
import { Parameter } from '../../src/nn/parameter';

const random = (shape: [number, number], seed: number): tf.Tensor2D => {
  const stream = randomStream(seed, 'norms');
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => stream.normal()),
    shape,
  );
};
const parameter = (name: string, shape: number[]) => new Parameter(name, { role: 'base' }, tf.zeros(shape));

/** ‖Σ dyᵣ xᵣᵀ‖² of the given rows, in doubles. */
function slowNorm(x: number[][], dy: number[][], rows: number[]): number {
  let total = 0;
  for (let o = 0; o < dy[0]!.length; o++) {
    for (let i = 0; i < x[0]!.length; i++) {
      total += rows.reduce((sum, r) => sum + dy[r]![o]! * x[r]![i]!, 0) ** 2;
    }
  }
  return total;
}

describe('a linear layer', () => {
  test.each(['gram', 'product'] as const)('%s', (form) => {
    const [x, dy] = [random([12, 5], 1), random([12, 7], 2)];
    const got = linearNorms(x.reshape([3, 4, 5]), dy.reshape([3, 4, 7]), form).arraySync();
    got.forEach((value, e) => {
      const want = slowNorm(x.arraySync(), dy.arraySync(), [0, 1, 2, 3].map((r) => 4 * e + r)); // prettier-ignore
      expect(value / want).toBeCloseTo(1, 5);
    });
  });

  test('the form is chosen by its cost', () => {
    const rows = (R: number, width: number) => tf.zeros<tf.Rank.R3>([1, R, width]);
    expect(cheaperForm(rows(64, 768), rows(64, 768))).toBe('gram'); // 64·1536 < 768·768
    expect(cheaperForm(rows(64, 768), rows(64, 48))).toBe('product'); // 64·816 > 768·48
    expect(cheaperForm(rows(1, 768), rows(1, 48))).toBe('gram'); // the top layer under a first-token head
  });
});

test('a parameter that is used twice in a pass: gradients add up before they are squared', () => {
  const weight = parameter('w', [7, 5]);
  const sink = perExampleNorms({ examples: 2, groupOf: () => 1 });
  const [x, dy] = [random([6, 5], 3), random([6, 7], 4)];
  sink.linear(weight, undefined, x, dy);
  sink.linear(weight, undefined, x, dy);
  sink.endPass();
  const got = sink.finish().get(1)!;
  [0, 1].forEach((e) => {
    const want = 4 * slowNorm(x.arraySync(), dy.arraySync(), [0, 1, 2].map((r) => 3 * e + r)); // prettier-ignore
    expect(got[e]! / want).toBeCloseTo(1, 5);
  });
});

test('masked tokens: examples with different numbers of rows', () => {
  const weight = parameter('w', [7, 5]);
  const bias = parameter('b', [7]);
  const rowExamples = Int32Array.of(0, 2, 2, 0, 2, 1, 0);
  const [x, dy] = [random([7, 5], 5), random([7, 7], 6)];
  const sink = perExampleNorms({ examples: 3, rowExamples, groupOf: ({ name }) => (name === 'w' ? 0 : 1) });
  sink.linear(weight, bias, x, dy);
  sink.endPass();
  const got = sink.finish();
  const ones = x.arraySync().map(() => [1]);
  for (let e = 0; e < 3; e++) {
    const rows = [...rowExamples.keys()].filter((r) => rowExamples[r] === e);
    expect(got.get(0)![e]! / slowNorm(x.arraySync(), dy.arraySync(), rows)).toBeCloseTo(1, 5);
    expect(got.get(1)![e]! / slowNorm(ones, dy.arraySync(), rows)).toBeCloseTo(1, 5);
  }
  expect(() => rowsByExample(x, { examples: 3 })).toThrow(/7 rows do not divide evenly among 3 examples/);
});

test.each([
  ['a small table, whose gradient is formed', 4, 5],
  ['a large one, whose rows are compared', 1000, 2],
])('embeddings: %s', (_, words, R) => {
  const table = parameter('e', [words, 3]);
  const ids = Int32Array.from({ length: 2 * R }, (_, i) => (i * i) % 3);
  const dy = random([2 * R, 3], 7);
  const sink = perExampleNorms({ examples: 2, groupOf: () => 0 });
  sink.embedding(table, ids, dy);
  sink.endPass();
  const got = sink.finish().get(0)!;
  const oneHot = [...ids].map((id) => Array.from({ length: 3 }, (_, k) => (k === id ? 1 : 0)));
  [0, 1].forEach((e) => {
    const rows = Array.from({ length: R }, (_, r) => R * e + r);
    expect(got[e]! / slowNorm(oneHot, dy.arraySync(), rows)).toBeCloseTo(1, 5);
  });
});

test('what is in no group is not counted, and nothing is left behind', () => {
  const weight = parameter('w', [7, 5]);
  const [x, dy] = [random([6, 5], 8), random([6, 7], 9)];
  const before = tf.memory().numTensors;
  const sink = perExampleNorms({ examples: 2, groupOf: () => undefined });
  sink.linear(weight, undefined, x, dy);
  sink.endPass();
  expect(sink.finish().size).toBe(0);
  expect(tf.memory().numTensors).toBe(before);
});
