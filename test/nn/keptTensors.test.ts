import { expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import { addKept, replaceKept } from '../../src/nn/keptTensors';

test('a sum holds one tensor, which survives the tidy around it', () => {
  const sums = new Map<string, tf.Tensor>();
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    for (const value of [1, 2, 3]) addKept(sums, 'a', () => tf.tensor1d([value, 0]).mul(2));
  });
  expect([...sums.get('a')!.dataSync()]).toEqual([12, 0]);
  expect(tf.memory().numTensors).toBe(before + 1);
  replaceKept(sums, 'a', (sum) => tf.concat([sum!, tf.tensor1d([7])]));
  expect([...sums.get('a')!.dataSync()]).toEqual([12, 0, 7]);
  expect(tf.memory().numTensors).toBe(before + 1);
  tf.dispose([...sums.values()]);
  expect(tf.memory().numTensors).toBe(before);
});
