import { describe, expect, test } from 'vitest';
import { constantRate, createLearningRate, linearToZero, type LearningRateConfig } from '../../src/schedulers/index';

describe('learning rate', () => {
  test('linear: full at step 0, equal falls, 0 at the end and after', () => {
    const rate = linearToZero({ rate: 1e-3, steps: 4 });
    expect([0, 1, 2, 3, 4, 5].map(rate)).toEqual([1e-3, 7.5e-4, 5e-4, 2.5e-4, 0, 0]);
  });

  test('constant', () => {
    const rate = constantRate({ rate: 2e-5 });
    expect([0, 1, 1000].map(rate)).toEqual([2e-5, 2e-5, 2e-5]);
  });

  test('from a configuration', () => {
    expect(createLearningRate({ name: 'linear', rate: 1 }, 10)(5)).toBe(0.5);
    expect(createLearningRate({ name: 'constant', rate: 1 }, 10)(5)).toBe(1);
  });

  test.each<[unknown, number, RegExp]>([
    [{ name: 'cosine', rate: 1 }, 10, /learning rate "cosine" is not known\. Allowed: linear, constant/],
    [{ name: 'linear', rate: 0 }, 10, /positive number/],
    [{ name: 'linear', rate: NaN }, 10, /positive number/],
    [{ name: 'linear', rate: 1 }, 0, /steps must be a whole number/],
    [{ name: 'linear', rate: 1, warmup: 3 }, 10, /unknown "warmup"/],
  ])('%j over %i steps is refused', (config, steps, message) => {
    expect(() => createLearningRate(config as LearningRateConfig, steps)).toThrow(message);
  });
});
