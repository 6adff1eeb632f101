/** Estimators with random draws: unbiased, and as noisy as their docstrings say. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { choleskyFactor } from '../../src/fisher/columns';
import { forEachGradient } from '../../src/fisher/perExampleGradients';
import { labelProbabilities, perExampleTraces, type FisherBatch } from '../../src/fisher/perExampleTraces';
import { padBatch } from '../../src/tasks/batch';
import { fisherBatch } from '../../src/training/fisherSamples';
import { tinyExamples, tinyModel, type Tiny, type TinyTask } from './tiny';

const DRAWS = 150;

describe.each(['nli', 'choice', 'span'] as const)('%s', (task: TinyTask) => {
  let tiny: Tiny;
  let exact: Float32Array;
  let variances: { mc: number[]; sketch: number[] };
  const batch = fisherBatch(padBatch(tinyExamples(task, 3), { padId: 0 }));
  const groupOf = () => 0;
  beforeAll(() => {
    tiny = tinyModel(task, 'bottleneck');
    const stream = randomStream(0, 'exact');
    const options = { estimator: 'exact', parameters: tiny.parameters, groupOf, stream } as const;
    exact = perExampleTraces(tiny.model, batch, options).traces.get(0)!;
    variances = variancesOf(tiny, batch);
  });
  afterAll(() => tiny.dispose());

  test.each(['mc', 'sketch'] as const)(
    'the mean of many draws of %s is the exact value, their variance as stated',
    (estimator) => {
      const stream = randomStream(11, estimator);
      const options = { estimator, parameters: tiny.parameters, groupOf, stream };
      const draws = Array.from({ length: DRAWS }, () => perExampleTraces(tiny.model, batch, options).traces.get(0)!);
      for (let e = 0; e < batch.examples; e++) {
        const values = draws.map((draw) => draw[e]!);
        const mean = values.reduce((a, b) => a + b) / DRAWS;
        const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (DRAWS - 1);
        const stated = variances[estimator][e]!;
        const floor = 1e-6 * exact[e]!;
        expect(Math.abs(mean - exact[e]!)).toBeLessThan(3 * Math.sqrt(stated / DRAWS) + floor);
        // the spread of a sample variance, with its fourth moment taken from the sample
        const fourth = values.reduce((sum, x) => sum + (x - mean) ** 4, 0) / DRAWS;
        const spread = Math.sqrt(Math.max(0, fourth - variance ** 2) / DRAWS);
        expect(Math.abs(variance - stated)).toBeLessThan(4 * spread + floor ** 2 + 0.02 * stated);
      }
    },
  );

  test('with two labels the sketch has no noise', () => {
    variances.sketch.forEach((variance, e) => {
      if (task === 'choice') expect(variance).toBeLessThan(1e-10 * exact[e]! ** 2);
      else expect(variance).toBeGreaterThan(0);
    });
  });
});

/** The variances of the docstring, from the Gram matrices of the gradients that the vectors lead to. */
function variancesOf({ model, parameters }: Tiny, batch: FisherBatch): { mc: number[]; sketch: number[] } {
  const pass = model.forward(batch);
  const p = labelProbabilities(pass.factors, batch);
  const rows = p.map((pf) => pf.arraySync());
  const columnCounts = p.map((pf) => choleskyFactor(pf).columns);
  pass.release();
  tf.dispose(p);
  // J's rows from the columns of L are what `exact` sends back: one gradient a column and example.
  const columns: number[][][] = []; // [column][example][P]
  const stream = randomStream(0, 'none');
  forEachGradient(model, batch, { estimator: 'exact', parameters, stream }, (gradients) => {
    const flat = tf.tidy(() =>
      tf.concat(
        parameters.map((q) => gradients.get(q)!.reshape<tf.Tensor2D>([batch.examples, -1])),
        1,
      ),
    );
    columns.push(flat.arraySync());
    flat.dispose();
  });
  expect(columns.length).toBe(columnCounts.reduce((a, b) => a + b, 0));
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const examples = Array.from({ length: batch.examples }, (_, e) => e);
  const sketch = examples.map((e) =>
    columns.reduce(
      (sum, a, i) => sum + columns.reduce((s, b, k) => (i === k ? s : s + 2 * dot(a[e]!, b[e]!) ** 2), 0),
      0,
    ),
  );
  // mc: all combinations of labels, each with its probability; ∇ log p from gold labels set to the combination
  const combos = rows.reduce<number[][]>(
    (all, factor) => all.flatMap((head) => factor[0]!.map((_, y) => [...head, y])),
    [[]],
  );
  const sums = examples.map(() => ({ mean: 0, square: 0 }));
  for (const combo of combos) {
    const goldLabels = combo.map((y) => new Int32Array(batch.examples).fill(y));
    const options = { estimator: 'empirical', parameters, groupOf: () => 0, stream } as const;
    const traces = perExampleTraces(model, { ...batch, goldLabels }, options).traces.get(0)!;
    for (const e of examples) {
      const weight = combo.reduce((product, y, f) => product * rows[f]![e]![y]!, 1);
      sums[e]!.mean += weight * traces[e]!;
      sums[e]!.square += weight * traces[e]! ** 2;
    }
  }
  return { sketch, mc: sums.map(({ mean, square }) => Math.max(0, square - mean ** 2)) };
}
