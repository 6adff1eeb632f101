import { describe, expect, test } from 'vitest';
import * as ops from '../../../src/engine/ops/attentionProbabilities';
import { hasFusedOps, tf } from '../../../src/engine/tf';
import { expectClose, finiteDifferences, normals, rowsOf } from './doubles';

const [B, A, Q, T, scale] = [2, 3, 4, 5, 0.3];
const shape: [number, number, number, number] = [B, A, Q, T];
const [scores, dP] = [normals(B * A * Q * T, 'scores'), normals(B * A * Q * T, 'dP')];
const mask = [0, 0, 0, 0, 0, 0, 0, 0, -1e9, -1e9]; // the second example has three tokens

function oracle(values: number[]): number[] {
  return rowsOf(values, T).flatMap((row, i) => {
    const example = Math.floor(i / (A * Q));
    const exponentials = row.map((value, key) => Math.exp(value * scale + mask[example * T + key]!));
    const sum = exponentials.reduce((a, b) => a + b);
    return exponentials.map((value) => value / sum);
  });
}

const forms = [
  { form: 'fused', run: ops.attentionProbabilities, grad: ops.attentionProbabilitiesGrad, skip: !hasFusedOps() },
  {
    form: 'composed',
    run: ops.attentionProbabilitiesComposed,
    grad: ops.attentionProbabilitiesGradComposed,
    skip: false,
  },
];

for (const { form, run, grad, skip } of forms) {
  describe.skipIf(skip)(`attention probabilities, ${form}`, () => {
    test('agree with the loop; padding gets nothing', () => {
      const P = run(tf.tensor4d(scores, shape), tf.tensor2d(mask, [B, T]), scale);
      expectClose(P, oracle(scores));
      expect(P.slice([1, 0, 0, 3], [1, A, Q, 2]).sum().arraySync()).toBe(0);
    });

    test('scores of hundreds do not overflow', () => {
      const P = run(
        tf.tensor4d(
          scores.map((value) => value * 1000),
          shape,
        ),
        tf.tensor2d(mask, [B, T]),
        1,
      );
      expectClose(P.sum(-1), Array<number>(B * A * Q).fill(1));
    });

    test('the gradient agrees with finite differences', () => {
      const found = grad(tf.tensor4d(dP, shape), tf.tensor4d(oracle(scores), shape), scale);
      expectClose(found, finiteDifferences(oracle, scores, dP));
    });
  });
}
