/** How long a run will take: operations counted from its configuration, calibrated by runs that are recorded. */
import type { TaskName } from '../datasets/tasks';
import type { ExampleCount, FisherConfiguration, RunConfiguration } from './configuration';
import { totalSeconds, type RunResult } from './result';

/** Parameters of the layers (embeddings cost next to nothing). Unknown models count as base size. */
const parametersOfLayers: Readonly<Record<string, number>> = {
  'tiny-random': 5e4,
  'multilingual-e5-small': 21.3e6,
  'bert-base-multilingual-cased': 85e6,
  'xlm-roberta-base': 85e6,
  'mdeberta-v3-base': 128e6,
};

/** What decides the number of tokens. */
interface TaskSize {
  /** Test examples a language. */
  readonly test: number;
  readonly validation: number;
  /** Sequences an example: COPA's two candidates. */
  readonly sequences: number;
  /** Tokens of a common sequence, which batches of similar length come close to. */
  readonly tokens: number;
}

const published: Readonly<Record<TaskName, TaskSize>> = {
  nli: { test: 5010, validation: 2490, sequences: 1, tokens: 45 },
  copa: { test: 500, validation: 100, sequences: 2, tokens: 25 },
  'qa-xquad': { test: 1190, validation: 10570, sequences: 1, tokens: 220 },
  'qa-mlqa': { test: 600, validation: 1148, sequences: 1, tokens: 220 }, // the test sets have ten times these
};

/** Labels of the classifications; an answer's start and its end can be any token. */
const labels = { nli: 3, copa: 2 } as const;

/** Test and validation examples of the embedded suite. */
const miniSize = 300;

/** Operations a second without any recorded run: a step on two cores of a common server. */
const assumedRate = 60e9;

/** Seconds before the first step: loading model and data. */
const openingSeconds = 5;

/**
 * Seconds that the run will take; where another run does the training, those of the evaluation. With recorded runs of
 * the same model, at their speed.
 */
export function estimateSeconds(
  configuration: RunConfiguration,
  recorded: readonly RunResult[] = [],
  { isTrained = false }: { isTrained?: boolean } = {},
): number {
  return openingSeconds + operations(configuration, isTrained) / measuredRate(configuration, recorded);
}

function measuredRate(configuration: RunConfiguration, recorded: readonly RunResult[]): number {
  const ofModel = recorded.filter((result) => result.configuration.model === configuration.model);
  const ofTask = ofModel.filter((result) => result.configuration.task === configuration.task);
  const rates = (ofTask.length > 0 ? ofTask : ofModel).map((result) => {
    return operations(result.configuration) / (totalSeconds(result.cost) - result.cost.seconds.opening);
  });
  rates.sort((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)] ?? assumedRate;
}

/**
 * Floating-point operations: per token twice the parameters forward, as much again backward through the activations,
 * and, in full fine-tuning, as much again for the weights. The cache of frozen layers does not count.
 */
function operations(configuration: RunConfiguration, isTrained = false): number {
  const { task, data, bucketing, steps, batchSize, method, trackFisher, fisherForSchedule, validation, evaluation } =
    configuration;
  const size = data.suite === 'mini' ? { ...published[task], test: miniSize, validation: miniSize } : published[task];
  const tokens = size.sequences * (bucketing === 'none' ? data.maxLength : Math.min(data.maxLength, size.tokens));
  const forward = 2 * (parametersOfLayers[configuration.model] ?? 85e6) * tokens;
  const training = forward * (method.type === 'full' ? 3 : 2);
  const count = (asked: ExampleCount, had: number) => (asked === 'all' ? had : Math.min(asked, had));
  const passes = (estimate: FisherConfiguration) => estimate.examples * (1 + backwardPasses(estimate, task, tokens));
  const tracked = trackFisher === undefined ? 0 : Math.ceil(steps / trackFisher.every) * passes(trackFisher);
  const asked = fisherForSchedule === undefined ? 0 : 12 * passes(fisherForSchedule);
  const validated = Math.floor(steps / validation.every) * count(validation.examples, size.validation);
  const evaluated = evaluation.languages.length * count(evaluation.examples, size.test);
  return (isTrained ? 0 : training * steps * batchSize + forward * (tracked + asked + validated)) + forward * evaluated;
}

/** Of an estimate of tr(F); each costs about a forward pass. */
function backwardPasses({ estimator, mcSamples = 1 }: FisherConfiguration, task: TaskName, tokens: number): number {
  if (estimator !== 'exact') return mcSamples;
  return task === 'nli' || task === 'copa' ? labels[task] - 1 : 2 * (tokens - 1);
}
