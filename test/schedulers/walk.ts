/** Walking the state machine through the steps of a run, as a trainer would, with tr(F) made up. */
import { randomStream } from '../../src/engine/random';
import {
  createUnfreezing,
  type Opening,
  type Schedule,
  type Unfreezing,
  type UnfreezingTiming,
} from '../../src/schedulers/index';

/** tr(F) that depends on the layer and the step in a known way. */
const traceOf = (layer: number, step: number) => ((layer * 7 + step * 3) % 11) + 0.5;

/** Steps `from` … `to`−1, as a trainer would take them. */
export function walk(unfreezing: Unfreezing, from: number, to: number, random: () => number, trace = traceOf): void {
  for (let step = from; step < to; step++) {
    const fisherTrace = unfreezing.needsFisherAt(step)
      ? new Map(unfreezing.frozenLayers.map((layer) => [layer, trace(layer, step)]))
      : undefined;
    unfreezing.open(step, { fisherTrace, random });
  }
}

export function openings(
  schedule: Schedule,
  layers: number,
  timing: UnfreezingTiming,
  steps: number,
  trace?: (layer: number, step: number) => number,
): readonly Opening[] {
  const unfreezing = createUnfreezing({ schedule, layers, timing });
  const stream = randomStream(3, 'schedule');
  walk(unfreezing, 0, steps, () => stream.uniform(), trace);
  return unfreezing.openings;
}

export const layersInOrder = (list: readonly Opening[]) => list.map(({ layer }) => layer);
export const stepsInOrder = (list: readonly Opening[]) => list.map(({ step }) => step);
export const range = (n: number) => Array.from({ length: n }, (_, i) => i);
