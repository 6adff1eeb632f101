/**
 * What an unfreezing schedule is: the SELECT of Algorithm 1. Numbers in, layer indices out; no tensor gets in here.
 *
 * Layers are 0 … L−1; layer L−1 is on top, next to the task head. A schedule of one's own is a plain object:
 *
 *     const twoAtOnce: Schedule = {
 *       name: 'two-at-once', every: 50, needs: 'nothing',
 *       select: ({ frozen }) => frozen.slice(-2),
 *     };
 */

/** What a schedule may look at when it is asked which layers to open. */
export interface UnfreezingState {
  /** Optimiser steps done so far. */
  readonly step: number;
  /** L, the number of layers of the model, frozen or not. */
  readonly layers: number;
  /** Frozen layers, ascending. Never empty when a schedule is asked. */
  readonly frozen: readonly number[];
  /** tr(F) of each frozen layer; empty unless the schedule declared `needs: 'fisher'`. */
  readonly fisherTrace: ReadonlyMap<number, number>;
  /** Uniform in [0, 1), from the run's own "schedule" stream. */
  readonly random: () => number;
  /** The turns before this one, in order; a resumed run has them, too. */
  readonly past: readonly PastTurn[];
}

/** What a schedule was told at a turn, and what it opened. */
export interface PastTurn {
  readonly step: number;
  /** tr(F) of each layer that was frozen then; empty unless the schedule declared `needs: 'fisher'`. */
  readonly fisherTrace: ReadonlyMap<number, number>;
  readonly opened: readonly number[];
}

/** What the released code (`officialCode` timing) has trainable before a schedule's first turn. */
export const officialStarts = [
  /** The top layer; the first turn opens another one. */
  'topLayer',
  /** The top layer, and the first turn names the top layer again and so changes nothing (gradual unfreezing). */
  'topLayerTwice',
  /** The task head only (LPFT); in `paper` timing, too: such a schedule is not asked at step 0. */
  'headOnly',
] as const;

export type OfficialStart = (typeof officialStarts)[number];

export interface Schedule {
  /** Short and lower case: it becomes a label in results, tables and figures. */
  readonly name: string;
  /**
   * k, in steps: the schedule is asked at steps 0, k, 2k, … up to step k·L (Algorithm 1), and not after it: what is
   * frozen then stays so. `Infinity`: asked once, at step 0.
   */
  readonly every: number;
  /** `fisher`: tr(F) of every frozen layer is estimated before each turn. */
  readonly needs: 'nothing' | 'fisher';
  /**
   * How `officialCode` timing begins this schedule; `topLayer` when absent. In `paper` timing only `headOnly` has an
   * effect.
   */
  readonly officialStart?: OfficialStart;
  /**
   * The layers to open now: any of the frozen ones, or none. To be decided by `state` alone: what a schedule keeps
   * elsewhere would be carried into its next training, and be lost where a run is resumed. `state.past` remembers.
   */
  select(state: UnfreezingState): readonly number[];
}
