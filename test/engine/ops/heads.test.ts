import { describe, expect, test } from 'vitest';
import * as ops from '../../../src/engine/ops/heads';
import { hasFusedOps, tf } from '../../../src/engine/tf';
import { normals } from './doubles';

const [B, T, A, D] = [2, 3, 4, 5];
const x = normals(B * T * A * D, 'x');
const bias = normals(A * D, 'bias');

const forms = [
  { form: 'fused', split: ops.splitHeads, merge: ops.mergeHeads, skip: !hasFusedOps() },
  { form: 'composed', split: ops.splitHeadsComposed, merge: ops.mergeHeadsComposed, skip: false },
];

for (const { form, split, merge, skip } of forms) {
  describe.skipIf(skip)(`heads, ${form}`, () => {
    const activations = () => tf.tensor2d(x, [B * T, A * D]);

    test.each([true, false])('element [b, a, t, d] is [b·T + t, a·D + d] (bias: %s)', (withBias) => {
      const found = split(activations(), withBias ? tf.tensor1d(bias) : undefined, B, T, A);
      expect(found.shape).toEqual([B, A, T, D]);
      const values = found.arraySync();
      for (let i = 0; i < x.length; i++) {
        const [b, t, a, d] = [Math.floor(i / (T * A * D)), Math.floor(i / (A * D)) % T, Math.floor(i / D) % A, i % D];
        expect(values[b]![a]![t]![d]).toBe(Math.fround(x[i]! + (withBias ? bias[a * D + d]! : 0)));
      }
    });

    test('merging undoes splitting', () => {
      const merged = merge(split(activations(), undefined, B, T, A));
      expect(merged.shape).toEqual([B * T, A * D]);
      expect([...merged.dataSync()]).toEqual(x);
    });
  });
}
