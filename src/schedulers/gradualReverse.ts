/** Gradual unfreezing upside down (Table 12): bottom-up, one layer at a time. */
import { wholeNumber } from '../engine/errors';
import { configured } from './configured';
import type { Schedule } from './schedule';

/**
 * Opens the lowest frozen layer every `every` steps.
 *
 * 12 layers, every = 50: layer 0 opens at step 0, layer 1 at step 50, …, layer 11 at step 550.
 */
export function reverseGradualUnfreezing({ every }: { every: number }): Schedule {
  return configured(
    { name: 'gradual-reverse', every },
    {
      every: wholeNumber('every', every),
      needs: 'nothing',
      select: ({ frozen }) => frozen.slice(0, 1),
    },
  );
}
