/** Results as the plain rows that figures, tables, arquero and danfojs read. */
import type { FisherRow, RunRow, ScoreRow, StepRow, UnfreezingRow, ValidationRow } from '../figures/rows';
import type { TaskName } from '../datasets/taskData';
import type { RunConfiguration } from './configuration';
import { toRows, type RunResult } from './result';

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
    fisher: results.flatMap((result) => toRows(result.logs.fisher).map((row) => ({ ...labels(result), ...row }))),
    validation: results.flatMap((result) =>
      toRows(result.logs.validation).map((row) => ({ ...labels(result), ...row })),
    ),
    scores: results.flatMap(scoreRows),
  };
}

function labels({ id, configuration }: RunResult): { runId: string; schedule: string; seed: number } {
  return { runId: id, schedule: configuration.schedule.name, seed: configuration.seed };
}

function runRow(result: RunResult): RunRow {
  const { model, task, profile, steps } = result.configuration;
  return { ...labels(result), model, task, dataset: trainingSetLabel(result.configuration), profile, steps };
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

const publishedTrainingSet: Readonly<Record<TaskName, string>> = {
  nli: 'mnli',
  copa: 'copa',
  'qa-xquad': 'squad',
  'qa-mlqa': 'squad',
};

/** `mini-nli` for the embedded suite; `mnli`, `copa`, `squad` for the published sets. */
export function trainingSetLabel({ task, data }: Pick<RunConfiguration, 'task' | 'data'>): string {
  return data.suite === 'mini' ? `mini-${task}` : publishedTrainingSet[task];
}
