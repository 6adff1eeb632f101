/** The exact trace of question answering from the likeliest positions alone, with a bound on what is missing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { fisherTrace } from '../../src/fisher/trace';
import type { FisherBatch } from '../../src/fisher/trace';
import { padBatch } from '../../src/tasks/batch';
import { fisherBatch } from '../../src/training/fisherSamples';
import { tinyExamples, tinyModel, type Tiny } from './tiny';

let tiny: Tiny;
let batch: FisherBatch;
beforeAll(() => {
  tiny = tinyModel('span', 'bottleneck');
  batch = fisherBatch(padBatch(tinyExamples('span', 6), { padId: 0 }));
});
afterAll(() => tiny.dispose());

const at = (mass?: number) =>
  fisherTrace(tiny.model, [batch], {
    estimator: 'exact',
    parameters: tiny.parameters,
    ...(mass === undefined ? {} : { mass }),
  });

test('it lies below the exact trace, by no more than the bound', () => {
  const exact = at();
  expect(exact.truncation).toBeUndefined();
  expect(at(0.5).truncation!.mass).toBeGreaterThan(0.01);
  let before = 0;
  for (const mass of [0.5, 0.9, 0.99, 0.9999]) {
    const { trace, truncation } = at(mass);
    expect(truncation?.mass ?? 0).toBeLessThanOrEqual(1 - mass + 1e-6);
    for (const [layer, want] of exact.trace) {
      expect(trace.get(layer)!).toBeLessThanOrEqual(want * 1.00001);
      expect(trace.get(layer)! + (truncation?.errorBound.get(layer) ?? 0)).toBeGreaterThan(want * 0.99999);
    }
    expect(trace.get(0)!).toBeGreaterThanOrEqual(before);
    before = trace.get(0)!;
  }
  expect(before / exact.trace.get(0)!).toBeGreaterThan(0.99);
});

test('mass 1 is all of it, from as many backward passes as positions that can be the answer', () => {
  const all = at(1);
  expect(all.trace).toEqual(at().trace);
  expect(all.truncation).toBeUndefined();
});

test('the missing part is estimated without bias', () => {
  const exact = at();
  const truncated = at(0.5);
  const missing = Array.from({ length: 60 }, (_, i) => {
    const one = fisherTrace(tiny.model, [batch], {
      estimator: 'exact',
      mass: 0.5,
      parameters: tiny.parameters,
      stream: randomStream(i, 'missing'),
    });
    return one.truncation!.missing.get(0)!;
  });
  const mean = missing.reduce((a, b) => a + b) / missing.length;
  const spread = Math.sqrt(missing.reduce((s, x) => s + (x - mean) ** 2, 0) / (missing.length - 1) / missing.length);
  expect(Math.abs(mean - (exact.trace.get(0)! - truncated.trace.get(0)!))).toBeLessThan(3 * spread);
});

describe('what mass is not for', () => {
  test.each([
    [{ estimator: 'mc', mass: 0.9 }, /mass is for estimator "exact"/],
    [{ estimator: 'exact', mass: 1.2 }, /at most 1, not 1.2/],
    [{ estimator: 'exact', mcSamples: 4 }, /mcSamples is for/],
    [{ estimator: 'guess' }, /Estimator "guess" is not known/],
  ])('%o', (choice, message) => {
    const before = tf.memory().numTensors;
    expect(() => fisherTrace(tiny.model, [batch], { parameters: tiny.parameters, ...choice } as never)).toThrow(
      message,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
