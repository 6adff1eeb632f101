/** Which results belong side by side: runs of one condition differ in schedule and seed alone. */
import { mean } from '../figures/statistics';
import { methodLabel, type RunConfiguration } from './configuration';
import type { LanguageEvaluation, RunResult } from './result';
import { trainingSetLabel } from './rows';
import { usualEstimator } from './usualEstimator';

/**
 * `mnli → nli · multilingual-e5-small · bottleneck16 · 1000 examples`: what a comparison of schedules is about. Runs of
 * one condition may still differ in other settings: `comparisons` tells those apart.
 */
export function conditionOf(configuration: RunConfiguration): string {
  const { task, method, data, model } = configuration;
  const examples = data.trainExamples === 'all' ? 'all examples' : `${data.trainExamples} examples`;
  return [`${trainingSetLabel(configuration)} → ${task}`, model, methodLabel(method), examples].join(' · ');
}

/** The schedule's name; with its order, and with estimator and timing where they are not the usual ones. */
export function scheduleVariant({ task, schedule, timing, fisherForSchedule }: RunConfiguration): string {
  const { name, order = [] } = schedule;
  const unusual = [
    ...(fisherForSchedule === undefined || fisherForSchedule.estimator === usualEstimator(task).estimator
      ? []
      : [fisherForSchedule.estimator]),
    ...(timing === 'paper' ? [] : [`${timing} timing`]),
  ];
  return [name, ...order].join(' ') + (unusual.length > 0 ? ` (${unusual.join(', ')})` : '');
}

/**
 * What the settings search varies, and how: `900 steps of 32, rate 0.0005, k 30, mean pooling, bf16, validation alone`.
 */
export function settingsLabel(configuration: RunConfiguration): string {
  const { steps, batchSize, optimiser, schedule, head, precision, evaluation } = configuration;
  return [
    `${steps} steps of ${batchSize}`,
    `rate ${optimiser.learningRate}`,
    ...(schedule.every === undefined ? [] : [`k ${schedule.every}`]),
    `${head.pooling} pooling`,
    precision,
    ...(evaluation.languages.length === 0 ? ['validation alone'] : []),
  ].join(', ');
}

/** The best English validation score of the run, in percent; undefined without validation. */
export function bestValidation({ configuration, logs }: RunResult): number | undefined {
  const metric = mainMetric(configuration);
  const values = logs.validation.value.filter((_, i) => logs.validation.metric[i] === metric);
  return values.length === 0 ? undefined : Math.max(...values);
}

/** The metric that a task is compared by. */
export function mainMetric({ task }: Pick<RunConfiguration, 'task'>): 'accuracy' | 'f1' {
  return task === 'nli' || task === 'copa' ? 'accuracy' : 'f1';
}

/** In percent, or undefined when English was not evaluated. */
export function englishScore(result: RunResult): number | undefined {
  return result.evaluation.find(({ language }) => language === 'en')?.metrics[mainMetric(result.configuration)];
}

/** Evaluations of the languages besides English: the zero-shot transfer. */
export function transferEvaluations(result: RunResult): readonly LanguageEvaluation[] {
  return result.evaluation.filter(({ language }) => language !== 'en');
}

/** Mean over the languages besides English, in percent; undefined when there are none. */
export function transferAverage(result: RunResult): number | undefined {
  const metric = mainMetric(result.configuration);
  const values = transferEvaluations(result).map(({ metrics }) => metrics[metric]!);
  return values.length === 0 ? undefined : mean(values);
}
