/** Results as the plain rows that figures, tables, arquero and danfojs read. */
import type { ExampleRow, FisherRow, RunRow, ScoreRow, StepRow, UnfreezingRow, ValidationRow } from '../figures/rows';
import { trainingSetOf } from '../datasets/tasks';
import type { RunConfiguration } from './configuration';
import { stepsTaken, toRows, unpackBits, unpackFractions, type RunResult } from './result';

export interface ResultRows {
  readonly runs: readonly RunRow[];
  readonly steps: readonly StepRow[];
  readonly unfreezing: readonly UnfreezingRow[];
  readonly fisher: readonly FisherRow[];
  readonly validation: readonly ValidationRow[];
  readonly scores: readonly ScoreRow[];
}

/** Every row of every result. */
export function resultRows(results: readonly RunResult[]): ResultRows {
  return {
    runs: results.map(runRow),
    steps: results.flatMap((result) => toRows(result.logs.steps).map((row) => ({ ...labels(result), ...row }))),
    unfreezing: results.flatMap((result) =>
      toRows(result.logs.unfreezing).map((row, order) => ({ ...labels(result), ...row, order })),
    ),
    fisher: results.flatMap(fisherRows),
    validation: results.flatMap((result) =>
      toRows(result.logs.validation).map((row) => ({ ...labels(result), ...row })),
    ),
    scores: results.flatMap(scoreRows),
  };
}

/**
 * One row an example of every test set that the results have scores of: for paired tests, and to see which examples two
 * runs differ in. There are many (1,000 a language and run in profile `small`): give it the results that you ask about.
 *
 *     const rows = exampleRows([one, other]).filter(({ language }) => language === 'sw');
 */
export function exampleRows(results: readonly RunResult[]): ExampleRow[] {
  return results.flatMap((result) =>
    result.evaluation.flatMap(({ language, dataset, split, examples, correct, f1 }): ExampleRow[] => {
      const fractions = f1 === undefined ? undefined : unpackFractions(f1);
      return unpackBits(correct, examples).map((isRight, example) => ({
        ...labels(result),
        language,
        dataset,
        split,
        example,
        correct: isRight ? 1 : 0,
        ...(fractions === undefined ? {} : { f1: fractions[example]! }),
      }));
    }),
  );
}

function fisherRows(result: RunResult): FisherRow[] {
  // JSON has no NaN: in a stored result an estimate without a standard error has null.
  return toRows(result.logs.fisher).map((row) => ({
    ...labels(result),
    ...row,
    standardError: row.standardError ?? NaN,
  }));
}

function labels({ id, configuration }: RunResult): { runId: string; schedule: string; seed: number } {
  return { runId: id, schedule: configuration.schedule.name, seed: configuration.seed };
}

function runRow(result: RunResult): RunRow {
  const { model, task, profile } = result.configuration;
  const dataset = trainingSetLabel(result.configuration);
  return {
    ...labels(result),
    model,
    task,
    dataset,
    profile,
    steps: stepsTaken(result),
    settings: settingsText(result.configuration),
  };
}

/** `{"batchSize":8,"bucketing":"byLength","data.maxLength":128,…}`: all but the seed, by name. */
function settingsText({ seed: _seed, ...settings }: RunConfiguration): string {
  return JSON.stringify(Object.fromEntries(flatten(settings).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Settings by name, undefined ones too; one of a group goes by both names: `data.maxLength`. */
export function flatten(settings: object, prefix = ''): [name: string, value: unknown][] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isGroup ? flatten(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value] as [string, unknown]];
  });
}

function scoreRows(result: RunResult): ScoreRow[] {
  return result.evaluation.flatMap(({ language, dataset, split, examples, metrics }) =>
    Object.entries(metrics).map(([metric, value]) => ({
      ...labels(result),
      language,
      dataset,
      split,
      metric,
      value,
      examples,
    })),
  );
}

/** `mini-nli` for the embedded suite; `mnli`, `copa`, `squad` for the published sets. */
export function trainingSetLabel({ task, data }: Pick<RunConfiguration, 'task' | 'data'>): string {
  return data.suite === 'mini' ? `mini-${task}` : trainingSetOf[task];
}
