/**
 * What a run tells while it trains: a stream of typed events, in the order in which things happen. Nothing else comes
 * out of the trainer; live panels, logs and results are all made from these.
 */
import type { FisherLead } from '../fisher/precision';
import type { Opening } from '../schedulers/unfreezing';

/** tr(F) of one layer's adapter at one moment. */
export interface LayerTrace {
  readonly layer: number;
  /** Estimate of tr(F), summed over the layer's adapter parameters, mean over examples. */
  readonly trace: number;
  /** Standard error of `trace` over the examples that it was estimated from. */
  readonly standardError: number;
}

export type TrainingEvent =
  | {
      readonly type: 'start';
      readonly totalSteps: number;
      /** Number of layers of the base model. */
      readonly layers: number;
      readonly scheduleName: string;
      /** First step of this stream: above 0 when a run is resumed. */
      readonly firstStep: number;
      /** Layers that were opened before it, with the steps of their openings. */
      readonly openings: readonly Opening[];
    }
  /** Layers opened before the update of `step`; `scores` are the tr(F) values that the schedule chose by. */
  | {
      readonly type: 'unfreeze';
      readonly step: number;
      readonly layers: readonly number[];
      readonly scores?: readonly LayerTrace[];
      /** How close the choice by `scores` was: the examples used, and how far the best layer leads the second. */
      readonly choice?: { readonly examples: number; readonly lead?: FisherLead };
    }
  | {
      readonly type: 'step';
      /** Optimiser steps done before this one: the first step is 0. */
      readonly step: number;
      readonly loss: number;
      readonly learningRate: number;
      /** Global gradient norm before clipping. */
      readonly gradNorm: number;
      /** Layers whose adapters were updated, ascending. */
      readonly open: readonly number[];
      readonly tokensPerSecond: number;
      readonly secondsLeft: number;
    }
  | { readonly type: 'fisher'; readonly step: number; readonly traces: readonly TrackedTrace[] }
  | { readonly type: 'validation'; readonly step: number; readonly metrics: Readonly<Record<string, number>> }
  | { readonly type: 'checkpoint'; readonly step: number; readonly path: string }
  /** The run was stopped (the cell's Stop button, Ctrl-C) after this many steps; it can be resumed. */
  | { readonly type: 'interrupted'; readonly step: number }
  | { readonly type: 'done'; readonly step: number; readonly seconds: number };

export interface TrackedTrace extends LayerTrace {
  /** Whether the layer's adapter was being trained at that step. */
  readonly trainable: boolean;
}
