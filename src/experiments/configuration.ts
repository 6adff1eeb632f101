/**
 * Everything that decides a run's numbers, as plain JSON. Two runs with equal configurations (and equal code, engine
 * and files of model and data, which results name) give equal results; a run's identity is a hash of the whole of it.
 */
import { createHash } from 'node:crypto';
import type { Suite } from '../datasets/examples';
import { trainingSetOf, type TaskName } from '../datasets/tasks';
import type { EstimatorChoice } from '../fisher/estimatorChoice';
import type { Precision } from '../engine/precision';
import type { Until } from '../fisher/precision';
import type { ScheduleConfig } from '../schedulers/createSchedule';
import type { ScheduleFile } from '../schedulers/scheduleFile';
import type { LearningRateName } from '../schedulers/learningRate';
import type { UnfreezingTiming } from '../schedulers/unfreezing';
import type { Bucketing } from '../tasks/batchOrder';

export const profileNames = ['smoke', 'mini', 'small', 'paper'] as const;
export type ProfileName = (typeof profileNames)[number];

/** How many examples to use, or all there are. */
export type ExampleCount = number | 'all';

/** What is trained beside the head. */
export type Method =
  /** `seq_bn` task adapters; the bottleneck is hidden size / reductionFactor wide. */
  | { readonly type: 'bottleneck'; readonly reductionFactor: number }
  /** LoRA on query and value, scaled by alpha / rank. */
  | { readonly type: 'lora'; readonly rank: number; readonly alpha: number }
  /** Every parameter of the base model; no adapters. */
  | { readonly type: 'full' };

export interface DataConfiguration {
  readonly suite: Suite;
  /** English training examples, drawn with the run's "data" stream. */
  readonly trainExamples: ExampleCount;
  /** Tokens a sequence, special tokens included. */
  readonly maxLength: number;
  /** Question answering only: tokens by which two windows of one paragraph overlap. */
  readonly docStride?: number;
}

export interface EvaluationConfiguration {
  /** Evaluated after training, English included when it is to be known; none when only validation matters. */
  readonly languages: readonly string[];
  /** Examples a language: drawn once from the split, the same lines in every language and run. */
  readonly examples: ExampleCount;
  /** Which state of the model is evaluated: the best by English validation, or that of the last step. */
  readonly checkpoint: 'best' | 'last';
}

export interface OptimiserConfiguration {
  readonly learningRate: number;
  readonly decay: LearningRateName;
  readonly weightDecay: number;
  /** Largest global gradient norm. */
  readonly clipNorm: number;
}

export interface FisherConfiguration extends EstimatorChoice {
  /** Training examples that one estimate is made from, at most. */
  readonly examples: number;
  /** Stops drawing examples when the estimate is good enough; absent: all of them are used. */
  readonly until?: Until;
}

export interface FisherTracking extends FisherConfiguration {
  /** Steps between two estimates. */
  readonly every: number;
  /** Layers to estimate: those being trained at that step, or all. */
  readonly layers: 'trainable' | 'all';
  /** One probe set for the whole run (default), so that the curve shows the model alone, or new examples each time. */
  readonly sample?: 'probe' | 'fresh';
}

export interface HeadChoice {
  /** What the classification heads look at; span heads look at every token. */
  readonly pooling: 'first' | 'mean';
  /** The plain heads of transformers, as the paper's scripts have them. Absent: those of the adapters library. */
  readonly family?: 'transformers';
}

export interface RunConfiguration {
  readonly profile: ProfileName;
  /** A name that `openModel` knows, or a folder. */
  readonly model: string;
  readonly task: TaskName;
  readonly data: DataConfiguration;
  readonly method: Method;
  /**
   * `none`, or where language adapters come from: `hub` (AdapterHub) or a folder that holds one folder a language.
   * English is in place in training, the target language in evaluation.
   */
  readonly languageAdapters: 'none' | { readonly source: 'hub' } | { readonly source: 'folder'; readonly path: string };
  readonly head: HeadChoice;
  /**
   * A folder of AdapterHub, or of `run.save`, whose adapter training starts from, and whose head where it answers the
   * same question. Absent: from random values.
   */
  readonly startFrom?: string;
  readonly schedule: ScheduleConfig | ScheduleFile;
  /** When the schedule is asked: as the paper says or as its released code does. */
  readonly timing: UnfreezingTiming;
  readonly optimiser: OptimiserConfiguration;
  /** Optimiser steps. */
  readonly steps: number;
  readonly batchSize: number;
  /** Whether a batch is made of examples of similar length, or of any. */
  readonly bucketing: Bucketing;
  readonly dropout: number;
  /**
   * Whether dropout also acts below the lowest trainable layer (the paper's setting; off lets those layers be cached).
   */
  readonly prefixDropout: boolean;
  /** What FUN (or a schedule of one's own that reads tr(F)) ranks layers by; absent for the other schedules. */
  readonly fisherForSchedule?: FisherConfiguration;
  /** The tr(F) curve; absent: not tracked. */
  readonly trackFisher?: FisherTracking;
  /** English validation: steps between two, and examples. */
  readonly validation: { readonly every: number; readonly examples: ExampleCount };
  readonly evaluation: EvaluationConfiguration;
  readonly precision: Precision;
  readonly seed: number;
}

/** JSON with the keys of every object in alphabetical order: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * The run's name and identity: a readable part and ten hexadecimal digits of the SHA-256 of the whole configuration.
 *
 * Example: `nli-multilingual-e5-small-bottleneck16-gradual40-s1-3fa9c0d17b`.
 */
export function runId(configuration: RunConfiguration): string {
  const { task, model, method, schedule, seed } = configuration;
  const hash = shortHash(configuration);
  const modelName = model
    .replace(/[\\/]+$/, '')
    .replace(/^.*[\\/]/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 32);
  return [task, modelName, methodLabel(method), `${schedule.name}${schedule.every ?? ''}`, `s${seed}`, hash].join('-');
}

/**
 * Names what decides a run's training, and nothing of what is evaluated after it: runs on XQuAD and on MLQA that differ
 * in nothing else are one training on SQuAD.
 */
export function trainingId({ evaluation: _, task, ...training }: RunConfiguration): string {
  return shortHash({ ...training, trainedOn: trainingSetOf[task] });
}

const shortHash = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 10);

/** `bottleneck16`, `lora8`, `full`. */
export function methodLabel(method: Method): string {
  switch (method.type) {
    case 'bottleneck':
      return `bottleneck${method.reductionFactor}`;
    case 'lora':
      return `lora${method.rank}`;
    case 'full':
      return 'full';
  }
}
