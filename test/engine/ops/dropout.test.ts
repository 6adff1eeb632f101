import { describe, expect, test } from 'vitest';
import { dropout, dropoutComposed, keepMask } from '../../../src/engine/ops/dropout';
import { UserError } from '../../../src/engine/errors';
import { hasFusedOps, tf } from '../../../src/engine/tf';

const ones = () => tf.ones<tf.Rank.R2>([400, 500]);

const forms = [
  { form: 'fused', run: dropout, skip: !hasFusedOps() },
  { form: 'composed', run: dropoutComposed, skip: false },
];

for (const { form, run, skip } of forms) {
  describe.skipIf(skip)(`dropout, ${form}`, () => {
    test('drops the given share and keeps the mean', () => {
      const y = run(ones(), 0.1, [3, 4]).dataSync();
      const dropped = y.filter((value) => value === 0).length / y.length;
      expect(Math.abs(dropped - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / y.length));
      expect(y.every((value) => value === 0 || Math.abs(value - 1 / 0.9) < 1e-6)).toBe(true);
    });

    test('the same seed gives the same mask, another word of it another', () => {
      const mask = (seed: [number, number]) => [...run(ones(), 0.5, seed).dataSync()];
      expect(mask([7, 8])).toEqual(mask([7, 8]));
      for (const other of [
        [8, 8],
        [7, 9],
        [0xffffffff, 8],
      ] as [number, number][]) {
        const first = mask([7, 8]);
        const agreeing = mask(other).filter((value, i) => value === first[i]).length / first.length;
        expect(Math.abs(agreeing - 0.5)).toBeLessThan(0.01);
      }
    });

    test('is linear with that mask: the same call on dy is its gradient', () => {
      const x = tf.randomNormal<tf.Rank.R2>([30, 40], 0, 1, 'float32', 5);
      const mask = run(tf.ones<tf.Rank.R2>([30, 40]), 0.3, [1, 2]);
      expect(tf.max(tf.abs(tf.sub(run(x, 0.3, [1, 2]), tf.mul(x, mask)))).arraySync()).toBeLessThan(1e-6);
    });
  });
}

test.skipIf(!hasFusedOps())('the fused mask is bit for bit the one computed in JavaScript', () => {
  const found = dropout(ones(), 0.1, [0xdeadbeef, 42]).dataSync();
  const expected = keepMask(found.length, 0.1, [0xdeadbeef, 42]);
  expect([...found].map((value) => value > 0)).toEqual([...expected].map((value) => value > 0));
});

test('neighbouring elements are dropped independently', () => {
  const mask = keepMask(200_000, 0.5, [1, 1]);
  for (const lag of [1, 2, 8, 64, 768]) {
    let both = 0;
    for (let i = lag; i < mask.length; i++) if (mask[i]! > 0 && mask[i - lag]! > 0) both++;
    expect(Math.abs(both / (mask.length - lag) - 0.25)).toBeLessThan(0.005);
  }
});

test('rate 0 is the identity; a rate outside [0, 1) is refused', () => {
  expect([...dropout(tf.tensor1d([1, 2]), 0, [1, 2]).dataSync()]).toEqual([1, 2]);
  expect(() => dropout(tf.tensor1d([1]), 1, [1, 2])).toThrow(UserError);
  expect(() => dropout(tf.tensor1d([1]), Number.NaN, [1, 2])).toThrow(UserError);
});
