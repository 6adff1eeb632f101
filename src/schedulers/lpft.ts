/** Linear probing, then fine-tuning (LPFT; Kumar et al. 2022): first the task head alone, then everything. */
import { wholeNumber } from '../engine/errors';
import { configured } from './configured';
import type { Schedule } from './schedule';

/** every = 800: the head alone for 800 steps, then every layer opens at once. */
export function linearProbingThenFineTuning({ every }: { every: number }): Schedule {
  return configured(
    { name: 'lpft', every },
    {
      every: wholeNumber('every', every),
      needs: 'nothing',
      officialStart: 'headOnly',
      select: ({ frozen }) => frozen,
    },
  );
}
