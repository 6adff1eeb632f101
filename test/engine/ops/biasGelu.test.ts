import { describe, expect, test } from 'vitest';
import * as ops from '../../../src/engine/ops/biasGelu';
import { hasFusedOps, tf } from '../../../src/engine/tf';
import { erf, expectClose, finiteDifferences, normals } from './doubles';

const [N, H] = [3, 300]; // wider than one chunk of the fused form
const [x, dy, bias] = [
  normals(N * H, 'x'),
  normals(N * H, 'dy'),
  normals(H, 'bias').map((value) => Math.fround(value / 2)),
];
const matrix = (values: number[]) => tf.tensor2d(values, [N, H]);
const oracle = (values: number[]): number[] =>
  values.map((value, i) => {
    const u = value + bias[i % H]!;
    return u * 0.5 * (1 + erf(u / Math.SQRT2));
  });

const forms = [
  { form: 'fused', run: ops.biasGelu, grad: ops.biasGeluGrad, skip: !hasFusedOps() },
  { form: 'composed', run: ops.biasGeluComposed, grad: ops.biasGeluGradComposed, skip: false },
];

for (const { form, run, grad, skip } of forms) {
  describe.skipIf(skip)(`GELU of x + bias, ${form}`, () => {
    test('agrees with the formula', () => expectClose(run(matrix(x), tf.tensor1d(bias)), oracle(x)));

    test('the gradient agrees with finite differences', () => {
      const found = grad(matrix(dy), matrix(x), tf.tensor1d(bias));
      // element by element, so each difference needs its own element alone
      const expected = x.map((value, i) => {
        const alone = ([at]: number[]) => [oracle([...Array<number>(i % H).fill(0), at!]).at(-1)!];
        return finiteDifferences(alone, [value], [dy[i]!])[0]!;
      });
      expectClose(found, expected);
    });

    test('far from zero it is 0 or x, with gradient 0 or 1, and a NaN stays', () => {
      const far = tf.tensor2d([-1e4, -40, 40, 1e4, NaN], [1, 5]);
      const zeros = tf.zeros<tf.Rank.R1>([5]);
      expect([...run(far, zeros).dataSync()].map(Math.abs)).toEqual([0, 0, 40, 1e4, NaN]);
      expect([...grad(tf.ones([1, 5]), far, zeros).dataSync()].map(Math.abs)).toEqual([0, 0, 1, 1, NaN]);
    });
  });
}
