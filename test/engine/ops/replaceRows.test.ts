import { expect, test } from 'vitest';
import { replaceRows } from '../../../src/engine/ops';
import { replaceRowsComposed } from '../../../src/engine/ops/replaceRows';
import { hasRawOps, tf } from '../../../src/engine/tf';

const [V, H] = [4, 3];
const sequence = Array.from({ length: V * H }, (_, i) => i);
const updated = [0, 1, 2, 20, 21, 22, 6, 7, 8, 10, 11, 12];
const update = (replace: typeof replaceRows, table: tf.Tensor2D): tf.Tensor2D => {
  const values = tf.tensor2d([10, 11, 12, 20, 21, 22], [2, H]);
  const result = replace(table, Int32Array.of(3, 1), values);
  values.dispose();
  return result;
};

test.each([replaceRows, replaceRowsComposed])('%o replaces the rows named, and no others', (replace) => {
  const table = tf.tensor2d(sequence, [V, H]);
  const result = update(replace, table);
  expect([...result.dataSync()]).toEqual(updated);
  tf.dispose([table, result]);
});

// TensorFlow uses an array's own memory where its address is a multiple of 64, and one of these sixteen is.
test('the array that a table was made from is untouched, wherever it lies', () => {
  const memory = new ArrayBuffer(4 * (V * H + 16));
  for (let offset = 0; offset < 64; offset += 4) {
    const given = new Float32Array(memory, offset, V * H);
    given.set(sequence);
    const table = tf.tensor2d(given, [V, H]);
    const result = update(replaceRows, table);
    expect([...result.dataSync()]).toEqual(updated);
    expect([...given]).toEqual(sequence);
    tf.dispose([table, result]);
  }
});

test('a table that an update made is written in place, unless somebody else holds its values', () => {
  const table = tf.tensor2d(sequence, [V, H]);
  const made = update(replaceRows, table);
  const held = made.clone();
  const zeros = tf.zeros<tf.Rank.R2>([1, H]);
  const copied = replaceRows(made, Int32Array.of(0), zeros);
  expect([...held.dataSync()]).toEqual(updated);
  tf.dispose([made, held]);
  const written = replaceRows(copied, Int32Array.of(2), zeros);
  const expected = [0, 0, 0, 20, 21, 22, 0, 0, 0, 10, 11, 12];
  expect([...written.dataSync()]).toEqual(expected);
  if (hasRawOps()) expect([...copied.dataSync()]).toEqual(expected);
  tf.dispose([table, zeros, copied, written]);
});
