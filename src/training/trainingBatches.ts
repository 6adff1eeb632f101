/** The batch of each step: the examples of its epoch in the order that the run's seed gives them. */
import { padBatch, type Batch, type EncodedExample } from '../tasks/batch';
import { batchOrder, dataPosition } from '../tasks/batchOrder';
import type { TrainingOptions } from './trainingOptions';

interface Epoch {
  readonly number: number;
  readonly examples: readonly EncodedExample[];
  /** Indices into `examples`. */
  readonly batches: readonly (readonly number[])[];
}

/** Steps may be asked for in any order; those of one epoch after each other cost no new ordering. */
export function trainingBatches({
  examples,
  examplesOfEpoch = () => examples,
  padId,
  settings: { batchSize, seed, bucketing },
}: TrainingOptions): (step: number) => Batch {
  const batchesPerEpoch = Math.ceil(examples.length / batchSize);
  let current: Epoch | undefined;
  return (step) => {
    const { epoch: number, index } = dataPosition(step, batchesPerEpoch);
    if (current?.number !== number) {
      const batches = batchOrder({ examples, batchSize, seed, epoch: number, bucketing });
      current = { number, examples: examplesOfEpoch(number), batches };
    }
    const epoch = current;
    return padBatch(
      epoch.batches[index]!.map((i) => epoch.examples[i]!),
      { padId },
    );
  };
}
