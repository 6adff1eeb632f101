import { describe, expect, test } from 'vitest';
import { adamWUpdate, adamWUpdateComposed } from '../../../src/engine/ops/adamW';
import { hasFusedOps, tf } from '../../../src/engine/tf';
import { expectClose, normals } from './doubles';

const count = 1003;
const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };

/** Steps of the definition, in doubles. */
function oracle(parameter: number[], gradients: number[][]): number[] {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = options;
  return parameter.map((start, i) => {
    let [p, m, v] = [start, 0, 0];
    gradients.forEach((gradient, t) => {
      const g = gradient[i]!;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      const [mHat, vHat] = [m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))];
      p = p - learningRate * weightDecay * p - (learningRate * mHat) / (Math.sqrt(vHat) + epsilon);
    });
    return p;
  });
}

const forms = [
  { form: 'fused', update: adamWUpdate, skip: !hasFusedOps() },
  { form: 'composed', update: adamWUpdateComposed, skip: false },
];

for (const { form, update, skip } of forms) {
  describe.skipIf(skip)(`AdamW, ${form}`, () => {
    test('six steps agree with the definition, and leave nothing behind', () => {
      const start = normals(count, 'parameter');
      const gradients = Array.from({ length: 6 }, (_, t) => normals(count, `gradient ${t}`));
      let state = { parameter: tf.tensor1d(start) as tf.Tensor, m: tf.zeros([count]), v: tf.zeros([count]) };
      const tensors = tf.memory().numTensors;
      gradients.forEach((gradient, t) => {
        const g = tf.tensor1d(gradient);
        const next = update(state.parameter, g, state, { ...options, step: t + 1 });
        tf.dispose([g, state.parameter, state.m, state.v]);
        state = { ...next };
      });
      expect(tf.memory().numTensors).toBe(tensors);
      expectClose(state.parameter, oracle(start, gradients));
    });
  });
}
