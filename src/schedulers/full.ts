/**
 * Full fine-tuning (the baseline of Figure 2 and Table 7): no adapters; every base parameter is trained from step 0,
 * embeddings included. To the schedule it looks like standard training; what a layer's parameters are is the model's
 * matter.
 */
import { configured } from './configured';
import type { Schedule } from './schedule';

/** 12 layers: all of them open at step 0. */
export function fullFineTuning(): Schedule {
  return configured({ name: 'full' }, { every: Infinity, needs: 'nothing', select: ({ frozen }) => frozen });
}
