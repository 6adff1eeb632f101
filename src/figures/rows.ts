/**
 * The plain rows that every figure and table is made from. They are what a results store yields; each can be handed to
 * arquero, danfojs or a CSV writer as it is. A row says which run it is of; `RunRow` says what that run was.
 */

/** One training run. */
export interface RunRow {
  readonly runId: string;
  /** Name of the schedule: standard, gradual, fun, … */
  readonly schedule: string;
  readonly seed: number;
  readonly model: string;
  readonly task: string;
  /** What it was trained on, for example "mini-nli" or "mnli". */
  readonly dataset: string;
  /** smoke, mini, small or paper. */
  readonly profile: string;
  /** Optimiser steps taken. */
  readonly steps: number;
  /**
   * Everything that was chosen for the run but its seed, as the JSON of one flat object,
   * `{"batchSize":32,"data.maxLength":128,…}` with its keys in order: runs of which it is the same may be averaged.
   */
  readonly settings: string;
}

/** tr(F) of one layer at one step, with the standard error of its estimate. */
export interface FisherRow {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
  readonly step: number;
  readonly layer: number;
  readonly trace: number;
  /** Over examples; NaN when the estimate has none (a single example). */
  readonly standardError: number;
  /** Was the layer trainable at this step? */
  readonly trainable: boolean;
}

/** One optimiser step. */
export interface StepRow {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Global gradient norm before clipping. */
  readonly gradNorm: number;
}

/** One layer becoming trainable. */
export interface UnfreezingRow {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
  readonly step: number;
  readonly layer: number;
  /** 0 for the first layer that opened in this run, 1 for the second, … */
  readonly order: number;
}

/** What one run says on a test set in one language. */
interface TestedRow {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
  /** ISO 639-1; English is "en". */
  readonly language: string;
  readonly dataset: string;
  readonly split: string;
}

/** One score of one run in one language. */
export interface ScoreRow extends TestedRow {
  /** accuracy, f1 or em. */
  readonly metric: string;
  /** In percent, 0 … 100. */
  readonly value: number;
  /** How many examples it was computed on. */
  readonly examples: number;
}

/** Whether one example of a test set was right. */
export interface ExampleRow extends TestedRow {
  /**
   * Its place among those that were scored, from 0: the same example in every language and run of a test set of which
   * equally many were.
   */
  readonly example: number;
  /** 1 or 0; of answers: exact match. */
  readonly correct: 0 | 1;
  /** Of answers, 0 … 1, to the nearest 1/255. */
  readonly f1?: number;
}

/** English validation during training; accuracy, f1 and em in percent. */
export interface ValidationRow {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
  readonly step: number;
  readonly metric: string;
  readonly value: number;
}

/** What one estimator says of one layer of one trained model at one step. */
export interface EstimatorRow {
  readonly runId: string;
  readonly schedule: string;
  readonly seed: number;
  readonly step: number;
  /** Of whose test set the examples are; of training examples it is absent. */
  readonly language?: string;
  /** exact, mc, sketch, mode, empirical or officialCode. */
  readonly estimator: string;
  readonly layer: number;
  readonly trace: number;
  /** Over examples, of `officialCode` over batches; NaN when there is only one. */
  readonly standardError: number;
  /** Examples that the estimate was made from. */
  readonly examples: number;
  /** Examples a batch; matters to officialCode alone. */
  readonly batchSize: number;
}

/** What was chosen for a run, by name (`data.maxLength`); nothing where a row of one's own does not say. */
export function settingsOf({ settings = '{}' }: Partial<RunRow>): Readonly<Record<string, unknown>> {
  return JSON.parse(settings) as Readonly<Record<string, unknown>>;
}

/** The rows under each `key`, in order of first appearance. */
export function groupBy<Row, Key>(rows: readonly Row[], key: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** The different values, in order of first appearance. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
