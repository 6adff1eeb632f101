/**
 * The correlation study (§4.2, Figure 4; claim C3): ten fixed orders of opening, with tr(F) and the validation curve.
 */
import schedules from '../../../data/paper/schedules.json';
import { cartesian, defineSweep } from '../sweep';

/** The ten orders of the paper, `schedule-0` (top-down) to `schedule-9`; the top layer is open from step 0. */
export const fixedOrders: readonly (readonly number[])[] = Array.from(
  { length: 10 },
  (_, i) => schedules[`schedule-${i}` as keyof Omit<typeof schedules, 'note'>],
);

/** Layers of the tiny model: in the profile `smoke` an order is what it says about these. */
const tinyLayers = 4;

export const nliFixedOrders = defineSweep({
  name: 'nli-fixed-orders',
  title: 'MNLI → XNLI: the ten fixed orders of the paper, two seeds, tr(F) of all layers (C3)',
  profile: 'small',
  runs: (profile) =>
    cartesian({ seed: [1, 2], order: fixedOrders }).map(({ seed, order }) => ({
      task: 'nli',
      schedule: {
        name: 'fixed',
        order: profile === 'smoke' ? order.filter((layer) => layer < tinyLayers - 1) : order,
      },
      seed,
      trackFisher: 'tracked',
    })),
});
