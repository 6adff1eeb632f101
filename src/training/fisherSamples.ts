/** The training examples that tr(F) is estimated on: drawn anew for every turn of FUN, or one fixed probe set. */
import { randomStream } from '../engine/random';
import type { FisherBatch } from '../fisher/trace';
import { lengthOf, padBatch, type EncodedExample } from '../tasks/batch';
import { factorLabels } from '../tasks/labels';

export interface FisherSampleOptions {
  readonly examples: readonly EncodedExample[];
  /** Examples to draw; all, when there are fewer. */
  readonly count: number;
  readonly batchSize: number;
  readonly padId: number;
  readonly seed: number;
  /** Names the draw: the step of a turn, or "probe" for the fixed set. */
  readonly draw: string;
}

/** Batches of examples of similar length; the estimate does not depend on how they are batched. */
export function fisherSample({ examples, count, batchSize, padId, seed, draw }: FisherSampleOptions): FisherBatch[] {
  const drawn = randomStream(seed, `fisher/${draw}`)
    .permutation(examples.length)
    .slice(0, count)
    .map((i) => examples[i]!)
    .sort((a, b) => lengthOf(a) - lengthOf(b));
  const batches = Math.ceil(drawn.length / batchSize);
  return Array.from({ length: batches }, (_, i) => {
    const batch = padBatch(drawn.slice(i * batchSize, (i + 1) * batchSize), { padId });
    return { ...batch, goldLabels: factorLabels(batch) };
  });
}
