/**
 * Algorithm 1 (generalised scheduled unfreezing) as a pure state machine. The trainer calls `open` at every step,
 * before the forward pass; what it returns becomes trainable from this step on. Nothing is ever frozen again.
 *
 * Timing, with interval k and L layers:
 *   paper         SELECT is asked at steps i with i mod k = 0 and i ≤ k·L (LPFT, which begins with the head: i > 0).
 *   officialCode  the released code: the top layer is trainable from step 0 (LPFT: the head only), and SELECT is asked
 *                 at steps i with (i + 1) mod k = 0 and i + 1 ≤ k·L; the first turn of gradual unfreezing opens nothing.
 * A schedule with k = ∞ is asked once, at step 0, in both.
 */
import { oneOf, UserError, wholeNumber } from '../engine/errors';
import { officialStarts, type PastTurn, type Schedule } from './schedule';

export const unfreezingTimings = ['paper', 'officialCode'] as const;
export type UnfreezingTiming = (typeof unfreezingTimings)[number];

/** One layer becoming trainable at a step. */
export interface Opening {
  readonly step: number;
  readonly layer: number;
}

/** What a checkpoint stores; plain JSON. */
export interface UnfreezingSnapshot {
  readonly schedule: string;
  /** k in steps; null for a schedule that is asked once. */
  readonly every: number | null;
  readonly layers: number;
  readonly timing: UnfreezingTiming;
  /** The last step for which `open` was called; −1 before the first. */
  readonly lastStep: number;
  readonly openings: readonly Opening[];
  /** Every turn so far; absent in checkpoints of earlier versions. */
  readonly turns?: readonly StoredTurn[];
}

/** A past turn as plain JSON. */
interface StoredTurn {
  readonly step: number;
  readonly fisherTrace: readonly (readonly [layer: number, trace: number])[];
  readonly opened: readonly number[];
}

export interface Turn {
  /** tr(F) of every frozen layer; required when `needsFisherAt(step)`. */
  readonly fisherTrace?: ReadonlyMap<number, number>;
  /** Uniform in [0, 1), from the run's "schedule" stream. Drawn from only when the schedule is asked. */
  readonly random: () => number;
}

export interface Unfreezing {
  readonly schedule: Schedule;
  readonly layers: number;
  readonly timing: UnfreezingTiming;
  /** Trainable layers, ascending. */
  readonly openLayers: readonly number[];
  /** Frozen layers, ascending. */
  readonly frozenLayers: readonly number[];
  /** Every opening so far, in order. */
  readonly openings: readonly Opening[];
  /** Will `open(step)` ask the schedule? */
  asksAt(step: number): boolean;
  /** Is `step` the last one at which the schedule may be asked (k·L)? Never with k = ∞. */
  isLastTurn(step: number): boolean;
  /** Must `open(step)` be given tr(F) of the frozen layers? */
  needsFisherAt(step: number): boolean;
  /**
   * Opens what is due at `step`; to be called once a step, steps ascending. Returns the layers opened now, in order.
   */
  open(step: number, turn: Turn): { readonly opened: readonly number[] };
  state(): UnfreezingSnapshot;
  restore(snapshot: UnfreezingSnapshot): void;
}

export interface UnfreezingOptions {
  readonly schedule: Schedule;
  /** L, the number of layers of the model. */
  readonly layers: number;
  readonly timing: UnfreezingTiming;
}

/**
 * @throws UserError when one's own schedule lacks a name, an interval or a choice, or needs or begins as there is not.
 */
export function checkSchedule(schedule: Schedule): void {
  const { name, every, needs, officialStart } = schedule;
  const { select } = schedule as { readonly select: unknown };
  if (typeof name !== 'string' || name === '') {
    throw new UserError(`A schedule needs a name, which stands in results and figures; given was ${describe(name)}.`);
  }
  if (typeof select !== 'function') {
    throw new UserError(
      `schedule "${name}": select must be a function, for example ({ frozen }) => frozen.slice(-1), ` +
        `not ${describe(select)}.`,
    );
  }
  oneOf(`schedule "${name}": needs`, needs, ['nothing', 'fisher']);
  if (officialStart !== undefined) oneOf(`schedule "${name}": officialStart`, officialStart, officialStarts);
  if (every !== Infinity) wholeNumber(`schedule "${name}": every`, every);
}

/** The state machine at its beginning: the head is trainable, no layer is. */
export function createUnfreezing({ schedule, layers, timing }: UnfreezingOptions): Unfreezing {
  wholeNumber('layers', layers);
  oneOf('timing', timing, unfreezingTimings);
  checkSchedule(schedule);

  const askedOnce = schedule.every === Infinity;
  const opensTopFirst = timing === 'officialCode' && !askedOnce && schedule.officialStart !== 'headOnly';
  let openings: Opening[] = [];
  let past: PastTurn[] = [];
  let lastStep = -1;

  /**
   * A top layer that opens first never was frozen: not before step 0 either, when traces for its turn are asked for.
   */
  const isOpen = (layer: number) =>
    (opensTopFirst && layer === layers - 1) || openings.some((opening) => opening.layer === layer);
  const frozenLayers = () => Array.from({ length: layers }, (_, layer) => layer).filter((layer) => !isOpen(layer));

  /** The step counted as Algorithm 1 does: the released code counts from 1. */
  const counted = (step: number) => (timing === 'paper' ? step : step + 1);
  const isLastTurn = (step: number) => counted(step) === schedule.every * layers;

  function asksAt(step: number): boolean {
    if (frozenLayers().length === 0) return false;
    if (askedOnce) return step === 0;
    const i = counted(step);
    if (i === 0 && schedule.officialStart === 'headOnly') return false;
    if (i % schedule.every !== 0 || i > schedule.every * layers) return false;
    const isFirstOfficialTurn = timing === 'officialCode' && i === schedule.every;
    return !(isFirstOfficialTurn && schedule.officialStart === 'topLayerTwice');
  }

  const needsFisherAt = (step: number) => schedule.needs === 'fisher' && asksAt(step);

  function ask(step: number, turn: Turn): readonly number[] {
    const frozen = frozenLayers();
    const fisherTrace =
      schedule.needs === 'fisher' ? requireTraces(schedule, step, frozen, turn.fisherTrace) : new Undeclared(schedule);
    const state = { step, layers, frozen: [...frozen], fisherTrace, random: turn.random, past: [...past] };
    const opened = requireFrozen(schedule, step, layers, frozen, schedule.select(state));
    past.push({ step, fisherTrace, opened });
    return opened;
  }

  return {
    schedule,
    layers,
    timing,
    get openLayers() {
      return openings.map(({ layer }) => layer).sort((a, b) => a - b);
    },
    get frozenLayers() {
      return frozenLayers();
    },
    get openings() {
      return [...openings];
    },
    asksAt,
    isLastTurn,
    needsFisherAt,
    open(step, turn) {
      if (step <= lastStep) throw new Error(`open(${step}) was called after open(${lastStep}); steps only go up.`);
      lastStep = wholeNumber('step', step, 0);
      const before = openings.length;
      const openNow = (opened: readonly number[]) => openings.push(...opened.map((layer) => ({ step, layer })));
      if (opensTopFirst && openings.length === 0) openNow([layers - 1]);
      if (asksAt(step)) openNow(ask(step, turn));
      return { opened: openings.slice(before).map(({ layer }) => layer) };
    },
    state: () => ({
      schedule: schedule.name,
      every: askedOnce ? null : schedule.every,
      layers,
      timing,
      lastStep,
      openings: [...openings],
      turns: past.map(({ fisherTrace, ...turn }) => ({ ...turn, fisherTrace: [...fisherTrace] })),
    }),
    restore(snapshot) {
      requireSame(snapshot, { schedule: schedule.name, every: askedOnce ? null : schedule.every, layers, timing });
      openings = snapshot.openings.map(({ step, layer }) => ({ step, layer }));
      past = (snapshot.turns ?? []).map(({ fisherTrace, ...turn }) => ({
        ...turn,
        fisherTrace: schedule.needs === 'fisher' ? new Map(fisherTrace) : new Undeclared(schedule),
      }));
      lastStep = snapshot.lastStep;
    },
  };
}

/** tr(F) for a schedule that did not ask for it: none, and to look for one is a mistake. */
class Undeclared extends Map<number, number> {
  constructor(private readonly schedule: Schedule) {
    super();
  }

  override get(): never {
    throw new UserError(`schedule "${this.schedule.name}" reads fisherTrace: declare needs: 'fisher' in it.`);
  }
}

/** tr(F) of exactly the frozen layers, all finite, or an error. */
function requireTraces(
  schedule: Schedule,
  step: number,
  frozen: readonly number[],
  given: ReadonlyMap<number, number> | undefined,
): ReadonlyMap<number, number> {
  const traces = new Map(frozen.map((layer) => [layer, given?.get(layer)]));
  const bad = frozen.filter((layer) => !Number.isFinite(traces.get(layer)));
  if (bad.length > 0) {
    throw new UserError(
      `schedule "${schedule.name}" at step ${step}: tr(F) of layer ${bad.join(', ')} is ` +
        `${bad.map((layer) => traces.get(layer) ?? 'missing').join(', ')}. It needs a finite number for every frozen layer; ` +
        `if the loss has diverged, lower the learning rate.`,
    );
  }
  return traces as ReadonlyMap<number, number>;
}

/** What SELECT answered, if each layer exists, is frozen, and is named once. */
function requireFrozen(
  schedule: Schedule,
  step: number,
  layers: number,
  frozen: readonly number[],
  selected: readonly number[],
): readonly number[] {
  const complain = (problem: string): never => {
    throw new UserError(
      `schedule "${schedule.name}" at step ${step}: ${problem} ` +
        `It may open any of the frozen layers [${frozen.join(', ')}], each once, or none.`,
    );
  };
  if (!Array.isArray(selected)) complain(`select returned ${describe(selected)}, not a list of layers.`);
  selected.forEach((layer, i) => {
    if (!Number.isInteger(layer) || layer < 0 || layer >= layers) {
      complain(`select named layer ${describe(layer)}, which does not exist; the model has layers 0 … ${layers - 1}.`);
    }
    if (!frozen.includes(layer)) {
      complain(`select named layer ${layer}, which is open already; nothing can be opened twice or frozen again.`);
    }
    if (selected.indexOf(layer) !== i) complain(`select named layer ${layer} twice.`);
  });
  return [...selected];
}

function requireSame(snapshot: UnfreezingSnapshot, own: Omit<UnfreezingSnapshot, 'lastStep' | 'openings'>): void {
  const keys = ['schedule', 'every', 'layers', 'timing'] as const;
  const different = keys.filter((key) => snapshot[key] !== own[key]);
  if (different.length > 0) {
    throw new UserError(
      `The checkpoint's unfreezing does not fit this run: ` +
        different.map((key) => `${key} is ${snapshot[key]} there and ${own[key]} here`).join('; ') +
        `. Resume with the configuration that the checkpoint was written with.`,
    );
  }
}

const describe = (value: unknown) => JSON.stringify(value) ?? String(value);
