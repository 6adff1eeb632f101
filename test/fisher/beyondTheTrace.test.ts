/** Diagonal, largest eigenvalue and gradient-noise scale against the dense Fisher matrix of the tiny model. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import { diagonalByLayer, fisherDiagonal } from '../../src/fisher/diagonal';
import { gradientNoiseScale } from '../../src/fisher/gradientNoiseScale';
import { largestEigenvalue } from '../../src/fisher/largestEigenvalue';
import { maskedLmTrace } from '../../src/fisher/maskedLmTrace';
import { exampleOf, scoreGradientsByLoop } from '../../src/fisher/oracle';
import { fisherTrace, type FisherBatch } from '../../src/fisher/trace';
import { gradientSum } from '../../src/nn/gradientSum';
import type { Parameter } from '../../src/nn/parameter';
import { padBatch } from '../../src/tasks/batch';
import { fisherBatch } from '../../src/training/fisherSamples';
import { relative, tinyExamples, tinyModel, type Tiny } from './tiny';

/** F of these parameters, dense and in doubles: the mean over examples of Σ_y p(y) ∇log p(y) ∇log p(y)ᵀ. */
function denseFisher({ model }: Tiny, batch: FisherBatch, parameters: readonly Parameter[]): number[][] {
  const gradients = scoreGradientsByLoop(model, batch, parameters);
  const P = gradients[0]!.gradient.length;
  const F = Array.from({ length: P }, () => new Array<number>(P).fill(0));
  for (const { probability, gradient } of gradients) {
    for (let i = 0; i < P; i++) {
      const factor = (probability * gradient[i]!) / batch.examples;
      if (factor !== 0) for (let k = 0; k < P; k++) F[i]![k]! += factor * gradient[k]!;
    }
  }
  return F;
}

/** By so many plain power iterations that they have settled, in doubles. */
function denseLargest(F: number[][]): number {
  let u = F.map((_, i) => Math.sin(i + 1));
  let value = 0;
  for (let iteration = 0; iteration < 3000; iteration++) {
    const next = F.map((row) => row.reduce((sum, x, k) => sum + x * u[k]!, 0));
    value = Math.hypot(...next);
    u = next.map((x) => x / value);
  }
  return value;
}

describe.each([
  ['nli', 'bottleneck'],
  ['span', 'bottleneck'],
  ['choice', 'lora'],
] as const)('%s, %s', (task, subject) => {
  let tiny: Tiny;
  const examples = tinyExamples(task, 5);
  const batch = fisherBatch(padBatch(examples, { padId: 0 }));
  const inTwo = [examples.slice(0, 3), examples.slice(3)].map((of) => fisherBatch(padBatch(of, { padId: 0 })));
  beforeAll(() => {
    tiny = tinyModel(task, subject);
  });
  afterAll(() => tiny.dispose());
  const ofLayer = (layer: number) => tiny.parameters.filter(({ address }) => address.layer === layer);

  test('the diagonal, whose sum is the trace', () => {
    const diagonal = fisherDiagonal(tiny.model, inTwo, { estimator: 'exact', parameters: tiny.parameters });
    const byLayer = diagonalByLayer(diagonal);
    const { trace } = fisherTrace(tiny.model, inTwo, { estimator: 'exact', parameters: tiny.parameters });
    for (const layer of [0, 1]) {
      const F = denseFisher(tiny, batch, ofLayer(layer));
      const own = ofLayer(layer).flatMap((parameter) => [...diagonal.get(parameter)!]);
      const largest = Math.max(...F.map((row, i) => row[i]!));
      F.forEach((row, i) => expect(Math.abs(own[i]! - row[i]!) / largest).toBeLessThan(1e-4));
      const sum = byLayer.get(layer)!.reduce((a, b) => a + b, 0);
      expect(relative(sum, trace.get(layer)!)).toBeLessThan(1e-4);
    }
  });

  test('the largest eigenvalue of each layer', () => {
    for (const layer of [0, 1]) {
      const parameters = ofLayer(layer);
      const before = tf.memory().numTensors;
      const got = largestEigenvalue(tiny.model, inTwo, { estimator: 'exact', parameters, tolerance: 1e-7 });
      expect(tf.memory().numTensors).toBe(before);
      expect(relative(got.value, denseLargest(denseFisher(tiny, batch, parameters)))).toBeLessThan(1e-4);
      expect(got.residual).toBeLessThan(1e-2);
      const { trace } = fisherTrace(tiny.model, inTwo, { estimator: 'exact', parameters });
      expect(got.value).toBeLessThan(trace.get(layer)! * 1.0001);
    }
  });

  test('the gradient-noise scale', () => {
    const got = gradientNoiseScale(tiny.model, inTwo, { parameters: tiny.parameters });
    for (const layer of [0, 1]) {
      const parameters = ofLayer(layer);
      // Loss gradients of single examples, formed; mean and unbiased covariance as in any textbook.
      const gradients = examples.map((_, e) => goldGradient(tiny, exampleOf(batch, e), parameters));
      const n = gradients.length;
      const mean = gradients[0]!.map((_, i) => gradients.reduce((sum, g) => sum + g[i]!, 0) / n);
      const covariance = gradients.reduce((s, g) => s + g.reduce((t, x, i) => t + (x - mean[i]!) ** 2, 0), 0) / (n - 1);
      const squared = mean.reduce((sum, x) => sum + x * x, 0) - covariance / n;
      const { covarianceTrace, squaredGradientNorm, noiseScale } = got.get(layer)!;
      expect(relative(covarianceTrace, covariance)).toBeLessThan(1e-4);
      expect(Math.abs(squaredGradientNorm - squared) / covariance).toBeLessThan(1e-4);
      if (squared > 0) expect(relative(noiseScale, covariance / squared)).toBeLessThan(1e-2);
      else expect(noiseScale).toBe(Infinity);
    }
  });
});

/** ∇ log p(gold) of a batch of one example. */
function goldGradient({ model }: Tiny, batch: FisherBatch, parameters: readonly Parameter[]): number[] {
  const sum = gradientSum(new Set(parameters));
  const pass = model.forward(batch, { wanted: new Set(parameters) });
  const dFactors = pass.factors.map((logits, f) =>
    tf.tidy(() => {
      const possible = batch.possibleLabels ?? new Int32Array(logits.shape[1]).fill(1);
      const masked = logits.add<tf.Tensor2D>(
        tf.tensor2d(
          Float32Array.from(possible, (x) => (x - 1) * 1e9),
          logits.shape,
        ),
      );
      return tf
        .oneHot(tf.tensor1d(batch.goldLabels[f]!, 'int32'), logits.shape[1])
        .sub<tf.Tensor2D>(tf.softmax(masked));
    }),
  );
  pass.backwardAndRelease(dFactors, sum);
  const flat = parameters.flatMap((parameter) => [...sum.gradients.get(parameter)!.dataSync()]);
  sum.dispose();
  tf.dispose(dFactors);
  return flat;
}

describe('options that would change nothing, or something without a word, are refused', () => {
  const nothing = undefined as never;
  const [none, head] = [[] as never, nothing];

  test.each<[string, (options: object) => unknown]>([
    ['fisherTrace', (options) => fisherTrace(nothing, none, { estimator: 'mc', parameters: [], ...options })],
    ['fisherDiagonal', (options) => fisherDiagonal(nothing, none, { estimator: 'mc', parameters: [], ...options })],
    [
      'largestEigenvalue',
      (options) => largestEigenvalue(nothing, none, { estimator: 'mc', parameters: [], ...options }),
    ],
    ['gradientNoiseScale', (options) => gradientNoiseScale(nothing, none, { parameters: [], ...options })],
    ['maskedLmTrace', (options) => maskedLmTrace(nothing, head, none, { estimator: 'mc', parameters: [], ...options })],
  ])('%s', (name, of) => {
    expect(() => of({ samples: 4 })).toThrow(`${name}: unknown "samples". Allowed: `);
  });

  test('a part of the labels, where nothing says what the others would add', () => {
    const exact = { estimator: 'exact', mass: 0.5, parameters: [] } as never;
    expect(() => fisherDiagonal(nothing, none, exact)).toThrow('fisherDiagonal: unknown "mass"');
    expect(() => largestEigenvalue(nothing, none, exact)).toThrow('largestEigenvalue: unknown "mass"');
  });
});

test('equal examples have no noise; a single one has no noise scale', () => {
  const tiny = tinyModel('nli', 'bottleneck');
  const [example] = tinyExamples('nli', 1);
  const one = fisherBatch(padBatch([example!], { padId: 0 }));
  expect(() => gradientNoiseScale(tiny.model, [one], { parameters: tiny.parameters })).toThrow(/at least 2 examples/);
  // the same example twice: no noise at all
  const twice = gradientNoiseScale(tiny.model, [one, one], { parameters: tiny.parameters });
  for (const { noiseScale } of twice.values()) expect(Math.abs(noiseScale)).toBeLessThan(1e-4);
  expect(() => largestEigenvalue(tiny.model, [one], { estimator: 'exact', parameters: [] })).toThrow(
    /None of the given/,
  );
  tiny.dispose();
});
