/** FUN, Fisher-based unfreezing (§5.3 of the paper): the schedule reads tr(F) to decide what opens next. */
import { wholeNumber } from '../engine/errors';
import { configured } from './configured';
import type { Schedule } from './schedule';

/**
 * Every `every` steps the frozen layer whose task adapter has the largest tr(F) opens. Ties go to the higher layer.
 *
 * 3 layers with tr(F) = [0.2, 0.9, 0.4] at step 0: layer 1 opens. tr(F) of the others is estimated anew at step k.
 */
export function fisherUnfreezing({ every }: { every: number }): Schedule {
  return configured(
    { name: 'fun', every },
    {
      every: wholeNumber('every', every),
      needs: 'fisher',
      // frozen is ascending, so >= lets the higher of two equal layers win
      select: ({ frozen, fisherTrace }) => [
        frozen.reduce((best, layer) => (fisherTrace.get(layer)! >= fisherTrace.get(best)! ? layer : best)),
      ],
    },
  );
}
