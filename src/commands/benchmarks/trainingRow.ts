/** One measurement of the training benchmark, in this process. */
import { randomStream } from '../../engine/random';
import { openEngine } from '../../engine/tf';
import type { AdapterModel } from '../../models/adapterModel';
import { computeProductsIn } from '../../models/encoder';
import { dropoutOfStep } from '../../nn/dropout';
import type { Wanted } from '../../nn/gradientSink';
import { fullFineTuning, gradualUnfreezing, standardTraining } from '../../schedulers/index';
import { padBatch, type EncodedExample } from '../../tasks/batch';
import { AdamW, adamWDefaults, decayMatrices } from '../../training/adamW';
import { trainableParameters } from '../../training/trainable';
import { train } from '../../training/trainer';
import { trainingStep } from '../../training/trainingStep';
import { benchBase, benchModel } from './benchModel';
import type { Measured, OwnRow, Workload } from './benchmark';
import type { TrainingWork } from './training';

const WARM_STEPS = 3;
const STEPS = 5;
const PAD = 0;
/** Of a run in which one layer opens a step: k·L is 45% of it. */
const GRADUAL_STEPS = 27;

export async function measureTrainingRow(row: OwnRow<TrainingWork>): Promise<Measured> {
  await openEngine();
  const model = row.work === 'full fine-tuning' ? benchBase(row.model, 'device') : benchModel(row.model);
  computeProductsIn(row.precision, model.encoder);
  const examples = randomExamples(row);
  switch (row.work) {
    case 'all adapters':
      return measureSteps(stepper(model, examples, adapters(model)));
    case 'top adapter':
      return measureSteps(stepper(model, examples, adapters(model, model.layers - 1)));
    case 'full fine-tuning':
      return measureSteps(stepper(model, examples, new Set(trainableParameters(model, fullFineTuning()))));
    case 'evaluation': {
      const batch = padBatch(examples, { padId: PAD });
      return measureSteps(() => {
        const pass = model.forward(batch);
        pass.factors[0]!.dataSync();
        pass.release();
      });
    }
    case 'gradual':
      return measureRun(model, examples, 'never');
    case 'gradual, prefix cached':
      return measureRun(model, examples, 'always');
  }
}

/** The head, and the adapter of every layer or of one. */
export function adapters(model: AdapterModel, layer?: number): Wanted {
  const own = model.parametersOf('task').filter(({ address }) => layer === undefined || address.layer === layer);
  return new Set([...own, ...model.head!.parameters]);
}

/** A function that takes one more step. */
export function stepper(model: AdapterModel, examples: readonly EncodedExample[], trainable: Wanted): () => void {
  const optimiser = new AdamW({ ...adamWDefaults, weightDecay: decayMatrices(0) });
  const batch = padBatch(examples, { padId: PAD });
  let step = 0;
  return () => {
    const dropout = dropoutOfStep(1, step);
    const settings = { learningRate: 1e-3, clipNorm: Infinity, dropout, prefixDropout: true, step };
    trainingStep({ model, batch, trainable, optimiser, ...settings });
    step += 1;
  };
}

/** The median of a few steps after a few others, as the reference does it. */
function measureSteps(step: () => void): Measured {
  const seconds: number[] = [];
  const cpuSeconds: number[] = [];
  for (let i = 0; i < WARM_STEPS + STEPS; i++) {
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    step();
    const { user, system } = process.cpuUsage(cpu);
    if (i < WARM_STEPS) continue;
    seconds.push((performance.now() - started) / 1000);
    cpuSeconds.push((user + system) / 1e6);
  }
  const sorted = seconds.sort((a, b) => a - b);
  return { seconds: sorted[STEPS >> 1]!, cpuSeconds: Math.min(...cpuSeconds), peakMegabytes: peakMegabytes() };
}

/** A whole run of gradual unfreezing, in which every example comes once while a layer is the lowest; seconds a step. */
async function measureRun(
  model: AdapterModel,
  examples: readonly EncodedExample[],
  use: 'always' | 'never',
): Promise<Measured> {
  const run = async (steps: number, schedule = gradualUnfreezing({ every: 1 })) => {
    const settings = {
      schedule,
      timing: 'paper' as const,
      learningRate: () => 1e-3,
      steps,
      batchSize: examples.length,
      weightDecay: 0.01,
      clipNorm: Infinity,
      prefixDropout: use === 'never',
      bucketing: 'none' as const,
      seed: 1,
    };
    const stream = train({ model, examples, padId: PAD, settings, prefixCache: { use } });
    while (!(await stream.next()).done);
  };
  await run(1, standardTraining());
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  await run(GRADUAL_STEPS);
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - started) / 1000 / GRADUAL_STEPS,
    cpuSeconds: (user + system) / 1e6 / GRADUAL_STEPS,
    peakMegabytes: peakMegabytes(),
  };
}

/** Of the whole process. */
const peakMegabytes = () => process.resourceUsage().maxRSS / 1024;

export function randomExamples({ batch, length }: Workload): EncodedExample[] {
  const stream = randomStream(0, 'bench');
  return Array.from({ length: batch }, (_, id) => {
    const ids = Int32Array.from({ length }, () => 5 + stream.integer(249_000));
    const sequences = [{ ids, typeIds: new Int32Array(length) }];
    return { id, source: id, sequences, target: { kind: 'class', label: stream.integer(3) } };
  });
}
