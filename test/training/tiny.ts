/** A tiny model with made-up classification examples: what the trainer's tests train. */
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import { randomStream } from '../../src/engine/random';
import { gradualUnfreezing } from '../../src/schedulers/index';
import { linearToZero } from '../../src/schedulers/learningRate';
import type { EncodedExample } from '../../src/tasks/batch';
import type { TrainingEvent } from '../../src/training/events';
import { train, type TrainingOutcome } from '../../src/training/trainer';
import type { TrainingOptions, TrainingSettings } from '../../src/training/trainingOptions';

export function tinyModel(seed = 1): AdapterModel {
  const model = new AdapterModel('tiny-random', tinyEncoder());
  model.addHead('task', { kind: { type: 'classification', classes: 3 }, family: 'adapters', pooling: 'mean' }, seed);
  model.addTaskAdapter('task', { type: 'bottleneck', reductionFactor: 4, activation: 'relu', leaveOut: [] }, seed);
  model.activate({ task: 'task', head: 'task' });
  return model;
}

/** Sequences of 4 to 9 random ids; the label is how the first id divides by 3, so that there is something to learn. */
export function tinyExamples(count = 40): EncodedExample[] {
  const random = randomStream(7, 'tiny examples');
  return Array.from({ length: count }, (_, id) => {
    const ids = Int32Array.from({ length: 4 + random.integer(6) }, () => 5 + random.integer(500));
    const sequences = [{ ids, typeIds: new Int32Array(ids.length) }];
    return { id, source: id, sequences, target: { kind: 'class', label: ids[0]! % 3 } };
  });
}

export const tinySettings: TrainingSettings = {
  schedule: gradualUnfreezing({ every: 3 }),
  timing: 'paper',
  learningRate: linearToZero({ rate: 1e-2, steps: 16 }),
  steps: 16,
  batchSize: 4,
  weightDecay: 0.01,
  clipNorm: 1,
  dropout: 0.1,
  prefixDropout: true,
  bucketing: 'byLength',
  trackFisher: { estimator: 'mc', examples: 6, every: 4, layers: 'all' },
  seed: 5,
};

export function tinyOptions(model: AdapterModel, more: Partial<TrainingOptions> = {}): TrainingOptions {
  return { model, examples: tinyExamples(), padId: 0, settings: tinySettings, ...more };
}

/** Runs to the end of the stream. */
export async function runThrough(
  options: TrainingOptions,
  onEvent: (event: TrainingEvent) => void = () => undefined,
): Promise<TrainingOutcome> {
  const stream = train(options);
  for (;;) {
    const next = await stream.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}

/** The values of everything that is trained. */
export const trainedValues = (model: AdapterModel): Record<string, number[]> =>
  Object.fromEntries(
    [...model.parametersOf('task'), ...model.head!.parameters].map(({ name, value }) => [name, [...value.dataSync()]]),
  );
