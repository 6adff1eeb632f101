/** Surgical fine-tuning (Lee et al. 2023): one subset of the layers is trained, the others never are. */
import { UserError, wholeNumber } from '../engine/errors';
import { configured } from './configured';
import type { Schedule } from './schedule';

/** layers = [0, 1, 2]: these open at step 0, and nothing opens later. */
export function surgicalFineTuning({ layers }: { layers: readonly number[] }): Schedule {
  layers.forEach((layer) => wholeNumber('layers: each', layer, 0));
  if (layers.length === 0 || new Set(layers).size < layers.length) {
    throw new UserError(
      `layers must name at least one layer, each once, for example [0, 1, 2], not [${layers.join(', ')}].`,
    );
  }
  return configured({ name: 'surgical', layers }, { every: Infinity, needs: 'nothing', select: () => layers });
}
