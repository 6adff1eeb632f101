/** Random unfreezing (Rand; §5.3 of the paper): the control that has the pace of FUN and GU but no order. */
import { wholeNumber } from '../engine/errors';
import { configured } from './configured';
import type { Schedule } from './schedule';

/** Every `every` steps a frozen layer, each equally likely, drawn from the run's own seed. */
export function randomUnfreezing({ every }: { every: number }): Schedule {
  return configured(
    { name: 'random', every },
    {
      every: wholeNumber('every', every),
      needs: 'nothing',
      select: ({ frozen, random }) => [frozen[Math.floor(random() * frozen.length)]!],
    },
  );
}
