/**
 * tr(F) as the authors' released code estimates it: the squared norm of the batch-MEAN gradient at the likeliest
 * labels, divided by the batch size, summed over batches. It is no estimate of tr(F): gradients of different examples
 * cancel in the mean, so that it shrinks with the batch size.
 */
import { tf } from '../engine/tf';
import type { AdapterModel } from '../models/adapterModel';
import { amongPossible, factorLoss } from '../nn/categorical';
import { gradientSum } from '../nn/gradientSum';
import type { Parameter } from '../nn/parameter';
import { likeliestLabels } from './columns';
import { squaredNorms } from './squaredNorms';
import type { FisherBatch } from './perExampleTraces';

/** The value of one batch, by group. */
export function officialCodeOfBatch(
  model: AdapterModel,
  batch: FisherBatch,
  parameters: readonly Parameter[],
  groupOf: (parameter: Parameter) => number | undefined,
): Map<number, number> {
  const wanted = new Set(parameters);
  const pass = model.forward(batch, { wanted });
  // Several factors are stacked as if they were a larger batch: their mean is the mean of their means.
  const possible = batch.possibleLabels;
  const likeliest = tf.tidy(() => pass.factors.map((logits) => likeliestLabels(amongPossible(logits, possible))));
  const { loss, dFactors } = factorLoss(pass.factors, likeliest, possible);
  const sum = gradientSum(wanted);
  pass.backwardAndRelease(dFactors, sum);
  const squared = squaredNorms(sum.gradients, groupOf);
  sum.dispose();
  tf.dispose([loss, ...dFactors]);
  return new Map([...squared].map(([group, value]) => [group, value / batch.examples]));
}
