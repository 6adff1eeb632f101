/** What a schedule would do, without training anything: which layers are trainable at which step (Figure 1). */
import { refuseUnknownKeys, UserError, wholeNumber } from '../engine/errors';
import { randomStream } from '../engine/random';
import type { Schedule } from './schedule';
import { createUnfreezing, type Opening, type UnfreezingTiming } from './unfreezing';

export interface PreviewOptions {
  /** L, the number of layers of the model. */
  readonly layers: number;
  /** How many steps to look ahead. */
  readonly steps: number;
  /** Default: `paper`. */
  readonly timing?: UnfreezingTiming;
  /** Seed of a schedule that draws (random). Default: 0. */
  readonly seed?: number;
  /** Supposed tr(F) of a layer at a step, for a schedule that reads it (fun). */
  readonly fisherTrace?: (layer: number, step: number) => number;
}

/** Whether one layer is trainable at one step. */
export interface PreviewRow {
  readonly schedule: string;
  readonly layer: number;
  readonly step: number;
  readonly trainable: boolean;
}

export interface Preview {
  readonly schedule: string;
  readonly layers: number;
  readonly steps: number;
  readonly openings: readonly Opening[];
  /** Layer × step, layer 0 first; `layers · steps` rows. */
  readonly rows: readonly PreviewRow[];
  /** The same as a strip of at most 60 characters a layer, the top layer first: █ trainable, · frozen. */
  readonly text: string;
}

/** Runs Algorithm 1 with no model behind it. */
export function preview(schedule: Schedule, options: PreviewOptions): Preview {
  refuseUnknownKeys('preview', options, ['layers', 'steps', 'timing', 'seed', 'fisherTrace']);
  const { layers, timing = 'paper', seed = 0, fisherTrace } = options;
  const steps = wholeNumber('steps', options.steps);
  if (schedule.needs === 'fisher' && fisherTrace === undefined) {
    throw new UserError(
      `schedule "${schedule.name}" reads tr(F), which a preview does not have. ` +
        `Suppose some: fisherTrace: (layer, step) => …`,
    );
  }
  const unfreezing = createUnfreezing({ schedule, layers, timing });
  const stream = randomStream(seed, 'schedule');
  for (let step = 0; step < steps; step++) {
    const traces = unfreezing.needsFisherAt(step)
      ? new Map(unfreezing.frozenLayers.map((layer) => [layer, fisherTrace!(layer, step)]))
      : undefined;
    unfreezing.open(step, { fisherTrace: traces, random: () => stream.uniform() });
  }
  const { openings } = unfreezing;
  return {
    schedule: schedule.name,
    layers,
    steps,
    openings,
    rows: toRows(schedule.name, layers, steps, openings),
    text: toText(schedule.name, layers, steps, openings),
  };
}

function toRows(schedule: string, layers: number, steps: number, openings: readonly Opening[]): PreviewRow[] {
  const openedAt = new Map(openings.map(({ layer, step }) => [layer, step]));
  return Array.from({ length: layers * steps }, (_, i) => {
    const layer = Math.floor(i / steps);
    const step = i % steps;
    return { schedule, layer, step, trainable: step >= (openedAt.get(layer) ?? Infinity) };
  });
}

function toText(schedule: string, layers: number, steps: number, openings: readonly Opening[]): string {
  const columns = Math.min(steps, 60);
  const openedAt = new Map(openings.map(({ layer, step }) => [layer, step]));
  const lines = Array.from({ length: layers }, (_, i) => {
    const layer = layers - 1 - i;
    const opened = openedAt.get(layer) ?? Infinity;
    // A column stands for its first step.
    const strip = Array.from({ length: columns }, (_, c) => (Math.floor((c * steps) / columns) >= opened ? '█' : '·'));
    return `layer ${String(layer).padStart(String(layers - 1).length)} ${strip.join('')}`;
  });
  return [`${schedule}, steps 0 … ${steps - 1}`, ...lines].join('\n');
}
