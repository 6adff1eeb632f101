/** What a training run is given: the method's settings, the data, and where its state goes. */
import type { EstimatorChoice } from '../fisher/estimatorChoice';
import type { Until } from '../fisher/precision';
import type { AdapterModel } from '../models/adapterModel';
import type { Parameter } from '../nn/parameter';
import type { LearningRate } from '../schedulers/learningRate';
import type { Schedule } from '../schedulers/schedule';
import type { UnfreezingTiming } from '../schedulers/unfreezing';
import type { EncodedExample } from '../tasks/batch';
import type { Bucketing } from '../tasks/batchOrder';
import type { BestState } from './checkpoint';
import type { Objective } from './objective';

export interface FisherSettings extends EstimatorChoice {
  /** Training examples that one estimate is made from, at most. */
  readonly examples: number;
  /** Stops drawing examples when the estimate is good enough. */
  readonly until?: Until;
}

export interface TrainingSettings {
  readonly schedule: Schedule;
  readonly timing: UnfreezingTiming;
  readonly learningRate: LearningRate;
  /** Optimiser steps. */
  readonly steps: number;
  readonly batchSize: number;
  /** Of weight matrices; biases and layer norms are never decayed. */
  readonly weightDecay: number;
  /** Largest global gradient norm. */
  readonly clipNorm: number;
  /** Stands in for the rates of the base model's configuration. */
  readonly dropout?: number;
  /** Whether dropout also acts below the lowest trainable layer. */
  readonly prefixDropout: boolean;
  readonly bucketing: Bucketing;
  /** What FUN ranks layers by. */
  readonly fisherForSchedule?: FisherSettings;
  /**
   * The tr(F) curve: an estimate every so many steps, of the trainable layers or of all, on one fixed probe set
   * (default) or on fresh examples each time.
   */
  readonly trackFisher?: FisherSettings & {
    readonly every: number;
    readonly layers: 'trainable' | 'all';
    readonly sample?: 'probe' | 'fresh';
  };
  readonly seed: number;
}

export interface Validation {
  readonly every: number;
  /** The metric that selects the best state. */
  readonly metric: string;
  readonly run: () => Promise<Readonly<Record<string, number>>>;
  /** Ends the run when so many validations in a row were no better than the best; default: never. */
  readonly patience?: number;
}

export interface TrainingOptions {
  readonly model: AdapterModel;
  readonly examples: readonly EncodedExample[];
  /** As many examples, made anew for each epoch (masks are); default: the same in all. */
  readonly examplesOfEpoch?: (epoch: number) => readonly EncodedExample[];
  readonly padId: number;
  readonly settings: TrainingSettings;
  /** Default: the task's. */
  readonly objective?: Objective;
  /** Default: `trainableParameters`. */
  readonly trainable?: readonly Parameter[];
  readonly validation?: Validation;
  /** Where checkpoints go, how often (0: only when stopped and at the end), and what names the settings. */
  readonly checkpoint?: { readonly folder: string; readonly every: number; readonly fingerprint: string };
  /**
   * Hidden states of the frozen layers, computed once an example where `prefixDropout` is off. `auto` (default): when
   * the run sees its examples often enough to gain by it. What does not fit in memory goes to `folder`.
   */
  readonly prefixCache?: { readonly use?: 'auto' | 'always' | 'never'; readonly folder?: string };
  /** Stops the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onWarning?: (message: string) => void;
  /** Told the best state by English validation whenever there is a new one, and that of a checkpoint gone on from. */
  readonly onBest?: (best: BestState) => void;
}
