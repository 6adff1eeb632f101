/** The training examples that tr(F) is estimated on: drawn anew for every turn of FUN, or one fixed probe set. */
import { randomStream } from '../engine/random';
import type { FisherBatch } from '../fisher/trace';
import { lengthOf, padBatch, type Batch, type EncodedExample } from '../tasks/batch';
import { factorLabels, possibleLabels } from '../tasks/labels';

export interface FisherSampleOptions {
  readonly examples: readonly EncodedExample[];
  /** Examples to draw; all, when there are fewer. */
  readonly count: number;
  readonly batchSize: number;
  readonly padId: number;
  readonly seed: number;
  /** Names the draw: the step of a turn, or "probe" for the fixed set. */
  readonly draw: string;
  /**
   * `byLength`: batches of examples of similar length, the cheapest when all are used. `drawn`: in the order in which
   * they were drawn, so that the first so many batches are a fair sample too.
   */
  readonly order: 'byLength' | 'drawn';
}

/**
 * Batches, padded when they are asked for. Estimates of single examples do not depend on how these are batched; that of
 * `officialCode` does: the released code's batches are of any length, these of similar lengths.
 */
export function* fisherSample(options: FisherSampleOptions): Generator<FisherBatch> {
  const { examples, count, batchSize, padId, seed, draw, order } = options;
  const drawn = randomStream(seed, `fisher/${draw}`)
    .permutation(examples.length)
    .slice(0, count)
    .map((i) => examples[i]!);
  if (order === 'byLength') drawn.sort((a, b) => lengthOf(a) - lengthOf(b));
  for (let from = 0; from < drawn.length; from += batchSize) {
    yield fisherBatch(padBatch(drawn.slice(from, from + batchSize), { padId }));
  }
}

/** A batch with its gold labels, and those that are possible. */
export function fisherBatch(batch: Batch): FisherBatch {
  const possible = possibleLabels(batch);
  return { ...batch, goldLabels: factorLabels(batch), ...(possible ? { possibleLabels: possible } : {}) };
}
