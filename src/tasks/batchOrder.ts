/**
 * Which examples form which batch. The order is a function of (seed, epoch) alone, so the data position of a run is
 * the pair (epoch, index) and a resumed run sees the same batches.
 */
import { wholeNumber } from '../engine/errors';
import { randomStream } from '../engine/random';
import { lengthOf, type EncodedExample } from './batch';

/** `byLength` puts examples of similar length together; `none` shuffles only, as the paper's scripts do. */
export type Bucketing = 'byLength' | 'none';

export interface BatchOrderOptions {
  readonly examples: readonly EncodedExample[];
  readonly batchSize: number;
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
  readonly bucketing: Bucketing;
}

/** Batches' worth of shuffled examples that are sorted by length together: lengths agree, batches stay random. */
const batchesPerPool = 50;

/**
 * The batches of an epoch, as indices into `examples`; each example occurs once. One batch is smaller when the sizes
 * do not divide.
 *
 * `byLength`: shuffle; cut into pools of 50 batches; sort each pool by length; cut it into batches; shuffle the
 * batches.
 */
export function batchOrder({ examples, batchSize, seed, epoch, bucketing }: BatchOrderOptions): number[][] {
  wholeNumber('batchSize', batchSize);
  wholeNumber('epoch', epoch, 0);
  const random = randomStream(seed, `data/epoch ${epoch}`);
  const shuffled = random.permutation(examples.length);
  if (bucketing === 'none') return chunks(shuffled, batchSize);
  const lengths = examples.map(lengthOf);
  const batches = chunks(shuffled, batchSize * batchesPerPool).flatMap((pool) =>
    chunks(
      pool.sort((a, b) => lengths[a]! - lengths[b]!),
      batchSize,
    ),
  );
  return random.permutation(batches.length).map((i) => batches[i]!);
}

export interface EvaluationBatch {
  /** Examples of a batch, at most. */
  readonly batchSize: number;
  /**
   * Scores of one attention head, sequences × tokens², that a batch of several examples may have. Default: any number.
   * Where those of all heads leave the processor's cache, long sequences take nearly half as much time again.
   */
  readonly mostScores?: number;
}

/** Batches for evaluation: every example once, the longest first, so that memory runs out at once or never. */
export function evaluationOrder(
  examples: readonly EncodedExample[],
  { batchSize, mostScores = Infinity }: EvaluationBatch,
): number[][] {
  wholeNumber('batchSize', batchSize);
  const lengths = examples.map(lengthOf);
  const order = examples.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]!);
  const batches: number[][] = [];
  for (let first = 0; first < order.length;) {
    const longest = order[first]!;
    const scores = examples[longest]!.sequences.length * lengths[longest]! ** 2;
    const size = Math.min(batchSize, Math.max(1, Math.floor(mostScores / scores)));
    batches.push(order.slice(first, first + size));
    first += size;
  }
  return batches;
}

/** Epoch and index within it of a step, both from 0. */
export function dataPosition(step: number, batchesPerEpoch: number): { epoch: number; index: number } {
  return { epoch: Math.floor(step / batchesPerEpoch), index: step % batchesPerEpoch };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
