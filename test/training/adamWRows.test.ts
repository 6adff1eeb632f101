/** AdamW by rows against AdamW on the whole table: the same algorithm, so the same numbers. */
import { expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { gradientSum } from '../../src/nn/gradientSum';
import { Parameter } from '../../src/nn/parameter';
import { AdamW, adamWDefaults } from '../../src/training/adamW';

const [V, H] = [23, 5];
const start = () => {
  const stream = randomStream(1, 'table');
  return tf.tensor2d(
    Float32Array.from({ length: V * H }, () => stream.normal()),
    [V, H],
  );
};

/** A few steps of random look-ups; both tables see the same output gradients. */
function train(form: 'rows' | 'dense', weightDecay: number, restartAt?: number): Float32Array {
  const table = new Parameter('words', { role: 'base' }, start(), form);
  const stream = randomStream(2, 'look-ups');
  const config = { ...adamWDefaults, weightDecay: () => weightDecay };
  let optimiser = new AdamW(config);
  for (let step = 0; step < 12; step++) {
    if (step === restartAt) {
      const state = optimiser.state();
      optimiser.dispose();
      optimiser = new AdamW(config);
      optimiser.restore(state, [table]);
    }
    const sum = gradientSum(new Set([table]));
    // Two look-ups a step, as in two passes; ids repeat, and the first ids are not looked up again.
    for (const count of [4, 6]) {
      const ids = Int32Array.from({ length: count }, () => Math.min(V - 1, step + stream.integer(8)));
      const dy = tf.tensor2d(
        Float32Array.from({ length: count * H }, () => stream.normal()),
        [count, H],
      );
      sum.embedding(table, ids, dy);
      dy.dispose();
    }
    optimiser.update(sum.gradients, 1e-2 / (step + 1), sum.rows);
    sum.dispose();
  }
  const result = table.value.dataSync<'float32'>().slice();
  optimiser.dispose();
  table.dispose();
  return result;
}

test('without decay every row of the table is the same, bit for bit', () => {
  const before = tf.memory().numTensors;
  expect(train('rows', 0)).toEqual(train('dense', 0));
  expect(tf.memory().numTensors).toBe(before);
});

test('with decay every row is the same but for the last bit, rows that were never looked up included', () => {
  const [byRows, dense] = [train('rows', 0.1), train('dense', 0.1)];
  byRows.forEach((x, i) => expect(Math.abs(x - dense[i]!)).toBeLessThan(4e-7 * Math.max(1, Math.abs(x))));
});

test.each([0, 0.1])('a restart from a checkpoint’s state changes nothing (weight decay %f)', (weightDecay) => {
  expect(train('rows', weightDecay, 5)).toEqual(train('rows', weightDecay));
});

test('only rows that had a gradient have moments', () => {
  const table = new Parameter('words', { role: 'base' }, start(), 'rows');
  const optimiser = new AdamW({ ...adamWDefaults, weightDecay: () => 0 });
  const sum = gradientSum(new Set([table]));
  sum.embedding(table, Int32Array.of(7, 3, 7), tf.ones([3, H]));
  expect([...sum.rows.get(table)!]).toEqual([3, 7]);
  expect([...sum.gradients.get(table)!.dataSync<'float32'>()]).toEqual([
    ...new Array<number>(H).fill(1),
    ...new Array<number>(H).fill(2),
  ]);
  optimiser.update(sum.gradients, 1e-3, sum.rows);
  const { rows, m } = optimiser.state().get('words')!;
  expect([...rows!]).toEqual([3, 7]);
  expect(m).toHaveLength(2 * H);
  sum.dispose();
  optimiser.dispose();
  table.dispose();
});
