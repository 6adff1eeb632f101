import { expect, test } from 'vitest';
import { replaceRows } from '../../../src/engine/ops';
import { replaceRowsComposed } from '../../../src/engine/ops/replaceRows';
import { tf } from '../../../src/engine/tf';

test.each([replaceRows, replaceRowsComposed])('%o replaces the rows named, and no others', (replace) => {
  const given = Float32Array.from({ length: 12 }, (_, i) => i);
  const table = tf.tensor2d(given, [4, 3]);
  const values = tf.tensor2d([10, 11, 12, 20, 21, 22], [2, 3]);
  const result = replace(table, Int32Array.of(3, 1), values);
  expect([...result.dataSync()]).toEqual([0, 1, 2, 20, 21, 22, 6, 7, 8, 10, 11, 12]);
  expect([...given]).toEqual(Array.from({ length: 12 }, (_, i) => i)); // what it was made from is untouched
  tf.dispose([table, values, result]);
});
