/** What an estimate must not depend on: how examples are batched, padded and ordered. The released code's does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import { fisherTrace, type FisherTrace } from '../../src/fisher/trace';
import { padBatch, type EncodedExample } from '../../src/tasks/batch';
import { fisherBatch } from '../../src/training/fisherSamples';
import { relative, tinyExamples, tinyModel, type Tiny, type TinyTask } from './tiny';

const RELATIVE = 2e-5;
const estimators = ['exact', 'mode', 'empirical'] as const;

describe.each(['nli', 'nli, mean pooling', 'choice', 'span'] as const)('%s', (task: TinyTask) => {
  let tiny: Tiny;
  const examples = tinyExamples(task, 12);
  const batches = (of: readonly EncodedExample[], size: number, padTo?: number) =>
    Array.from({ length: Math.ceil(of.length / size) }, (_, i) =>
      fisherBatch(
        padBatch(of.slice(i * size, (i + 1) * size), { padId: 0, ...(padTo === undefined ? {} : { padTo }) }),
      ),
    );
  const estimate = (estimator: (typeof estimators)[number] | 'officialCode', given: ReturnType<typeof batches>) =>
    fisherTrace(tiny.model, given, { estimator, parameters: tiny.parameters });
  const expectEqual = (a: FisherTrace, b: FisherTrace) => {
    expect([...a.trace.keys()]).toEqual([0, 1]);
    for (const [layer, trace] of a.trace)
      expect(relative(b.trace.get(layer)!, trace), `layer ${layer}`).toBeLessThan(RELATIVE);
  };
  beforeAll(() => {
    tiny = tinyModel(task, 'bottleneck');
  });
  afterAll(() => tiny.dispose());

  test.each(estimators)('%s: batch size, padding, order, duplicates', (estimator) => {
    const reference = estimate(estimator, batches(examples, 12));
    expectEqual(reference, estimate(estimator, batches(examples, 1)));
    expectEqual(reference, estimate(estimator, batches(examples, 5)));
    expectEqual(reference, estimate(estimator, batches(examples, 12, 11)));
    expectEqual(reference, estimate(estimator, batches([...examples].reverse(), 5)));
    expectEqual(reference, estimate(estimator, batches([...examples, ...examples], 6)));
  });

  test('officialCode falls with the batch size, and is not the mean of anything', () => {
    const at = (size: number) =>
      [...estimate('officialCode', batches(examples, size)).trace.values()].reduce((a, b) => a + b);
    const mode = [...estimate('mode', batches(examples, 12)).trace.values()].reduce((a, b) => a + b);
    // With one example a batch it is the sum over examples of what "mode" averages.
    const share = task === 'span' ? 4 : 1; // the mean of two factors, squared
    expect(relative(at(1), (12 * mode) / share)).toBeLessThan(1e-4);
    // Batches of B would give 1/B² of that if all gradients were equal; cancelling takes them further down.
    const [fours, twelve] = [at(4) / at(1), at(12) / at(1)];
    expect(fours).toBeLessThan(1 / 16);
    expect(twelve).toBeLessThan(1 / 144);
  });
});

test('memory does not grow', () => {
  const tiny = tinyModel('span', 'bottleneck');
  const batch = fisherBatch(padBatch(tinyExamples('span', 4), { padId: 0 }));
  const all = [
    { estimator: 'exact' },
    { estimator: 'exact', mass: 0.7 },
    { estimator: 'mc', mcSamples: 2 },
    { estimator: 'sketch' },
    { estimator: 'mode' },
    { estimator: 'empirical' },
    { estimator: 'officialCode' },
  ] as const;
  const run = () =>
    all.forEach((choice) => fisherTrace(tiny.model, [batch], { ...choice, parameters: tiny.parameters }));
  run();
  const before = tf.memory().numTensors;
  run();
  expect(tf.memory().numTensors).toBe(before);
  tiny.dispose();
});
