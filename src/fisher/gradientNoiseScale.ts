/**
 * The simple gradient-noise scale tr(Σ)/‖g‖² (McCandlish et al. 2018): Σ is the covariance of single examples'
 * gradients of log p(y|x), g their mean. A batch much smaller than it gives mostly noise, a much larger one hardly less
 * noise. (The training loss of an answer is half of −log p(start) − log p(end): its tr(Σ) and ‖g‖² are a quarter of
 * these.)
 */
import { randomStream } from '../engine/random';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import type { AdapterModel } from '../models/adapterModel';
import type { GradientSink } from '../nn/gradientSink';
import { gradientSum } from '../nn/gradientSum';
import type { Parameter } from '../nn/parameter';
import { backwardPasses } from './estimators';
import { perExampleNorms } from './perExampleNorms';
import { labelProbabilities, layerOf, rowsOf, sendColumn, type FisherBatch } from './perExampleTraces';
import { squaredNorms } from './squaredNorms';

export interface NoiseScale {
  /** tr(Σ)/‖g‖², in examples; Infinity when the mean gradient does not stand out from its noise. */
  readonly noiseScale: number;
  /** tr(Σ), unbiased. */
  readonly covarianceTrace: number;
  /** ‖g‖², unbiased: it can be below zero. */
  readonly squaredGradientNorm: number;
}

/**
 * Of each group (default: layer), at the gold labels, in evaluation mode. With n examples and their mean gradient ĝ,
 * E‖ĝ‖² = ‖g‖² + tr(Σ)/n, and the mean of ‖gₑ‖² is ‖g‖² + tr(Σ) in expectation: solved for both.
 */
export function gradientNoiseScale(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  options: {
    readonly parameters: readonly Parameter[];
    readonly groupOf?: (parameter: Parameter) => number | undefined;
  },
): Map<number, NoiseScale> {
  refuseUnknownKeys('gradientNoiseScale', options, ['parameters', 'groupOf']);
  const { parameters, groupOf = layerOf } = options;
  const wanted = new Set(parameters);
  const group = (parameter: Parameter) => (wanted.has(parameter) ? groupOf(parameter) : undefined);
  const sum = gradientSum(wanted);
  const squares = new Map<number, number>();
  let n = 0;
  for (const batch of batches) {
    n += batch.examples;
    const pass = model.forward(batch, { wanted });
    const p = labelProbabilities(pass.factors, batch);
    const given = { stream: randomStream(0, 'unused'), ...batch };
    const { passes } = backwardPasses({ estimator: 'empirical' }, p, given);
    const norms = perExampleNorms({ groupOf: group, ...rowsOf(batch) });
    sendColumn(passes[0]!(), pass.factors, (dFactors) => pass.backwardAndRelease(dFactors, both(sum, norms)));
    norms.endPass();
    tf.dispose(p);
    for (const [of, squared] of norms.finish()) {
      squares.set(
        of,
        squared.reduce((a, b) => a + b, squares.get(of) ?? 0),
      );
    }
  }
  if (n < 2) throw new UserError(`The gradient-noise scale needs at least 2 examples, not ${n}.`);
  const ofMean = squaredNorms(sum.gradients, group);
  sum.dispose();
  return new Map(
    [...squares].map(([of, total]) => {
      const meanNorm = ofMean.get(of)! / n ** 2; // ‖ĝ‖²
      const covarianceTrace = (n / (n - 1)) * (total / n - meanNorm);
      const squaredGradientNorm = meanNorm - covarianceTrace / n;
      const noiseScale = squaredGradientNorm > 0 ? covarianceTrace / squaredGradientNorm : Infinity;
      return [of, { noiseScale, covarianceTrace, squaredGradientNorm }];
    }),
  );
}

/** Hands everything to two sinks. */
const both = (a: GradientSink, b: GradientSink): GradientSink => ({
  linear: (...given) => [a, b].forEach((sink) => sink.linear(...given)),
  layerNorm: (...given) => [a, b].forEach((sink) => sink.layerNorm(...given)),
  embedding: (...given) => [a, b].forEach((sink) => sink.embedding(...given)),
});
