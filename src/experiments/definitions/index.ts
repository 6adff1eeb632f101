/** Every sweep of this project, in the order of importance, and how one is found by name. */
import { oneOf } from '../../engine/errors';
import type { Sweep } from '../sweep';
import { firstLight } from './firstLight';
import { nliFixedOrders } from './fixedOrders';
import { notebookSweeps } from './mini';
import { copaSchedules, nliSchedules, qaSchedules } from './schedules';
import { searches } from './settingsSearch';
import { fullFineTuning, funEstimators, loraSchedules, lowData } from './variants';

export { firstLight } from './firstLight';

export const sweeps: readonly Sweep[] = [
  firstLight,
  ...searches,
  nliSchedules,
  nliFixedOrders,
  copaSchedules,
  qaSchedules,
  lowData,
  loraSchedules,
  fullFineTuning,
  funEstimators,
  ...notebookSweeps,
];

/** @throws UserError that lists the names there are. */
export function findSweep(name: string): Sweep {
  const found = oneOf(
    'sweep',
    name,
    sweeps.map((sweep) => sweep.name),
  );
  return sweeps.find((sweep) => sweep.name === found)!;
}
