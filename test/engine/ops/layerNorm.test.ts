import { describe, expect, test } from 'vitest';
import * as ops from '../../../src/engine/ops/layerNorm';
import { hasFusedOps, tf } from '../../../src/engine/tf';
import { expectClose, finiteDifferences, normals, rowsOf } from './doubles';

const [N, H, epsilon] = [5, 19, 1e-5]; // a width that no vector length divides
const [x, residual, dy] = [normals(N * H, 'x'), normals(N * H, 'residual'), normals(N * H, 'dy')];
const [gamma, beta] = [normals(H, 'gamma'), normals(H, 'beta')];
const matrix = (values: number[]) => tf.tensor2d(values, [N, H]);

/** The slow obvious layer norm, in doubles. */
function oracle(sum: number[]): { y: number[]; normalized: number[]; inverseStd: number[] } {
  const parts = rowsOf(sum, H).map((row) => {
    const mean = row.reduce((a, b) => a + b) / H;
    const inverse = 1 / Math.sqrt(row.reduce((a, b) => a + (b - mean) ** 2, 0) / H + epsilon);
    return { inverse, normalized: row.map((value) => (value - mean) * inverse) };
  });
  const normalized = parts.flatMap((part) => part.normalized);
  const y = normalized.map((value, i) => value * gamma[i % H]! + beta[i % H]!);
  return { y, normalized, inverseStd: parts.map((part) => part.inverse) };
}

const forms = [
  { form: 'fused', run: ops.layerNorm, grad: ops.layerNormGrad, skip: !hasFusedOps() },
  { form: 'composed', run: ops.layerNormComposed, grad: ops.layerNormGradComposed, skip: false },
];

for (const { form, run, grad, skip } of forms) {
  describe.skipIf(skip)(`layer norm, ${form}`, () => {
    test.each([true, false])('agrees with the loop (residual: %s)', (withResidual) => {
      const expected = oracle(withResidual ? x.map((value, i) => value + residual[i]!) : x);
      const found = run(
        matrix(x),
        withResidual ? matrix(residual) : undefined,
        tf.tensor1d(gamma),
        tf.tensor1d(beta),
        epsilon,
      );
      expectClose(found.y, expected.y);
      expectClose(found.normalized, expected.normalized);
      expectClose(found.inverseStd, expected.inverseStd);
      expect([found.y.shape, found.normalized.shape, found.inverseStd.shape]).toEqual([[N, H], [N, H], [N]]);
    });

    test('the gradient agrees with finite differences', () => {
      const { normalized, inverseStd } = oracle(x);
      const found = grad(matrix(dy), matrix(normalized), tf.tensor1d(inverseStd), tf.tensor1d(gamma));
      expectClose(
        found,
        finiteDifferences((at) => oracle(at).y, x, dy),
      );
    });

    test('a NaN stays a NaN, in its row alone', () => {
      const { y } = run(matrix([NaN, ...x.slice(1)]), undefined, tf.tensor1d(gamma), tf.tensor1d(beta), epsilon);
      expect(rowsOf([...y.dataSync()], H).map((row) => row.every(Number.isNaN))).toEqual([
        true,
        false,
        false,
        false,
        false,
      ]);
    });
  });
}
