/**
 * The paper's hyperparameters (Tables 3, 4 and 15) as numbers of one run: learning rate, batch, epochs and k for a
 * base model, a training set, a method and a schedule. What the tables leave out is filled as said beside it.
 */
import { trainingSetOf, type TaskName, type TrainingSet } from '../datasets/tasks';
import type { ScheduleName } from '../schedulers/createSchedule';
import type { ExampleCount, Method } from './configuration';
import type { TaskSettings } from './profiles';

type PaperModel = 'mbert' | 'xlmr';

interface Row {
  readonly epochs: number;
  readonly learningRate: number;
  readonly batchSize: number;
  /** k of LPFT, of gradual unfreezing (random, fixed and reverse orders use it too), and of FUN. */
  readonly every: { readonly lpft: number; readonly gradual: number; readonly fun: number };
}

/** English training examples as published. */
const publishedTrainExamples: Readonly<Record<TrainingSet, number>> = {
  squad: 87_599,
  copa: 400,
  mnli: 392_702,
};

const k = (lpft: number, gradual: number, fun: number): Row['every'] => ({ lpft, gradual, fun });

/** Table 3. [standard training, every other schedule] where the paper has two. */
const madx: Readonly<Record<TrainingSet, Readonly<Record<PaperModel, readonly [Row, Row]>>>> = {
  squad: {
    mbert: both({ epochs: 5, learningRate: 5e-4, batchSize: 32, every: k(800, 800, 800) }),
    xlmr: [
      { epochs: 15, learningRate: 2e-4, batchSize: 32, every: k(800, 800, 100) },
      { epochs: 15, learningRate: 5e-4, batchSize: 32, every: k(800, 800, 100) },
    ],
  },
  copa: {
    mbert: [
      { epochs: 500, learningRate: 1e-4, batchSize: 64, every: k(800, 50, 50) },
      { epochs: 5000, learningRate: 1e-5, batchSize: 64, every: k(800, 50, 50) },
    ],
    xlmr: [
      { epochs: 500, learningRate: 1e-4, batchSize: 64, every: k(800, 1000, 1000) },
      { epochs: 5000, learningRate: 1e-5, batchSize: 64, every: k(800, 1000, 1000) },
    ],
  },
  mnli: {
    mbert: both({ epochs: 15, learningRate: 5e-4, batchSize: 128, every: k(25, 800, 50) }),
    xlmr: both({ epochs: 15, learningRate: 5e-4, batchSize: 128, every: k(800, 800, 800) }),
  },
};

/** Table 15: LoRA. It has no k for LPFT; that of gradual unfreezing stands in. */
const lora: typeof madx = {
  squad: {
    mbert: [
      { epochs: 5, learningRate: 5e-4, batchSize: 32, every: k(800, 800, 800) },
      { epochs: 5, learningRate: 8e-4, batchSize: 32, every: k(800, 800, 800) },
    ],
    xlmr: both({ epochs: 15, learningRate: 5e-4, batchSize: 32, every: k(800, 800, 800) }),
  },
  copa: {
    mbert: [
      { epochs: 500, learningRate: 1e-4, batchSize: 64, every: k(50, 50, 100) },
      { epochs: 5000, learningRate: 1e-4, batchSize: 64, every: k(50, 50, 100) },
    ],
    xlmr: [
      { epochs: 500, learningRate: 1e-4, batchSize: 64, every: k(100, 100, 200) },
      { epochs: 5000, learningRate: 1e-4, batchSize: 64, every: k(100, 100, 200) },
    ],
  },
  mnli: {
    mbert: both({ epochs: 15, learningRate: 5e-4, batchSize: 128, every: k(50, 50, 50) }),
    xlmr: both({ epochs: 15, learningRate: 5e-4, batchSize: 128, every: k(800, 800, 800) }),
  },
};

/** Table 4: [gradual (and LPFT), FUN] by number of training examples; one learning rate for all schedules. */
const lowDataIntervals: Readonly<
  Record<'squad' | 'mnli', Readonly<Record<PaperModel, Readonly<Record<number, readonly [number, number]>>>>>
> = {
  squad: {
    mbert: { 1000: [10, 10], 5000: [50, 50], 10000: [50, 50] },
    xlmr: { 1000: [10, 10], 5000: [50, 50], 10000: [50, 25] },
  },
  mnli: {
    mbert: { 1000: [1, 10], 5000: [25, 50], 10000: [25, 25] },
    xlmr: { 1000: [1, 1], 5000: [25, 25], 10000: [10, 10] },
  },
};

const lowDataEpochs = { squad: 20, mnli: 50 } as const;
const lowDataRate = 5e-4;

/**
 * Settings of one run as the paper made it. mDeBERTa, for which the paper prints none, takes those of XLM-R; full
 * fine-tuning, for which it prints none either, takes 2e-5 and 3 epochs, the usual for these models; on COPA (5,000)
 * and at the sizes of Table 4 (20 or 50) it takes the epochs of the schedules.
 *
 * Steps are epochs × examples / batch size, rounded up per epoch. (SQuAD paragraphs that need several windows add
 * about 1% that is not counted.)
 */
export function paperSettings(
  task: TaskName,
  model: string,
  method: Method,
  schedule: ScheduleName,
  trainExamples: ExampleCount,
): TaskSettings {
  const trainingSet = trainingSetOf[task];
  const paperModel: PaperModel = /bert-base-multilingual/.test(model) ? 'mbert' : 'xlmr';
  const examples = trainExamples === 'all' ? publishedTrainExamples[trainingSet] : trainExamples;
  const table = method.type === 'lora' ? lora : madx;
  const row = table[trainingSet][paperModel][schedule === 'standard' ? 0 : 1];
  const epochs = method.type === 'full' && trainingSet !== 'copa' ? 3 : row.epochs;
  const lowData = trainingSet === 'copa' ? undefined : lowDataIntervals[trainingSet][paperModel][examples];
  const every = lowData ? k(lowData[0], lowData[0], lowData[1]) : row.every;
  const epochsHere = lowData && trainingSet !== 'copa' ? lowDataEpochs[trainingSet] : epochs;
  const steps = epochsHere * Math.ceil(examples / row.batchSize);
  const ofAdapter = lowData && method.type === 'bottleneck' ? lowDataRate : row.learningRate;
  const learningRate = method.type === 'full' ? 2e-5 : ofAdapter;
  return {
    learningRate,
    decay: trainingSet === 'copa' ? 'constant' : 'linear',
    batchSize: row.batchSize,
    steps,
    every: schedule === 'lpft' ? every.lpft : schedule === 'fun' ? every.fun : every.gradual,
    maxLength: trainingSet === 'squad' ? 384 : 128,
    validateEvery: Math.max(1, Math.round(steps / 20)),
    // "A point every 100 steps (COPA 50)."
    trackEvery: trainingSet === 'copa' ? 50 : 100,
  };
}

function both(row: Row): readonly [Row, Row] {
  return [row, row];
}
