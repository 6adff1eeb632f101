/** How long a run will take: operations counted from its configuration, calibrated by runs that are recorded. */
import type { RunConfiguration } from './configuration';
import { totalSeconds, type RunResult } from './result';

/** Parameters of the layers (embeddings cost next to nothing). Unknown models count as base size. */
const layerParameters: Readonly<Record<string, number>> = {
  'tiny-random': 5e4,
  'multilingual-e5-small': 21.3e6,
  'bert-base-multilingual-cased': 85e6,
  'xlm-roberta-base': 85e6,
  'mdeberta-v3-base': 128e6,
};

/** Examples where a configuration says "all": test examples a language, and validation. */
const wholeSets = {
  mini: { test: 300, validation: 300 },
  published: { test: 2500, validation: 2500 },
} as const;

/** Tokens of a common example, which batches of similar length come close to; a whole batch of QA is nearly full. */
const commonLength = { nli: 45, copa: 30, 'qa-xquad': 220, 'qa-mlqa': 220 } as const;

/** Operations a second without any recorded run: a step on two cores of a common server. */
const assumedRate = 60e9;

/** Seconds before the first step: loading model and data. */
const openingSeconds = 5;

/** Seconds that the run will take. With recorded runs of the same model, at their speed. */
export function estimateSeconds(configuration: RunConfiguration, recorded: readonly RunResult[] = []): number {
  return openingSeconds + operations(configuration) / measuredRate(configuration, recorded);
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
function operations(configuration: RunConfiguration): number {
  const { task, data, bucketing, steps, batchSize, method, trackFisher, fisherForSchedule, validation, evaluation } =
    configuration;
  const tokens = bucketing === 'none' ? data.maxLength : Math.min(data.maxLength, commonLength[task]);
  const forward = 2 * (layerParameters[configuration.model] ?? 85e6) * tokens;
  const training = forward * (method.type === 'full' ? 3 : 2);
  const count = (asked: number | 'all', use: 'test' | 'validation') =>
    asked === 'all' ? wholeSets[data.suite][use] : asked;
  // One forward pass, and about two backward passes an example.
  const tracked = trackFisher === undefined ? 0 : Math.ceil(steps / trackFisher.every) * trackFisher.examples;
  const asked = fisherForSchedule === undefined ? 0 : 12 * fisherForSchedule.examples;
  const validated = Math.floor(steps / validation.every) * count(validation.examples, 'validation');
  const evaluated = evaluation.languages.length * count(evaluation.examples, 'test');
  return training * steps * batchSize + 3 * forward * (tracked + asked) + forward * (validated + evaluated);
}

/** "1 h 20 min", "3 min", "45 s". */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
