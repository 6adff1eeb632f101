/** Gradual unfreezing (Howard and Ruder 2018; §3.2 of the paper): top-down, one layer at a time. */
import { wholeNumber } from '../engine/errors';
import { configured } from './configured';
import type { Schedule } from './schedule';

/**
 * Opens the highest frozen layer every `every` steps.
 *
 * 12 layers, every = 50: layer 11 opens at step 0, layer 10 at step 50, …, layer 0 at step 550.
 */
export function gradualUnfreezing({ every }: { every: number }): Schedule {
  return configured(
    { name: 'gradual', every },
    {
      every: wholeNumber('every', every),
      needs: 'nothing',
      officialStart: 'topLayerTwice',
      select: ({ frozen }) => frozen.slice(-1),
    },
  );
}
