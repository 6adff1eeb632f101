/** Standard training (the baseline of §2): every layer's adapter is trained from step 0. */
import { configured } from './configured';
import type { Schedule } from './schedule';

/** 12 layers: all of them open at step 0. */
export function standardTraining(): Schedule {
  return configured({ name: 'standard' }, { every: Infinity, needs: 'nothing', select: ({ frozen }) => frozen });
}
