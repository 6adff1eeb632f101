/**
 * Dropout without state: every site of every step has its own 64-bit seed, so that a mask can be made again in the
 * backward pass instead of being kept, and a resumed run drops the same units.
 */
import type { tf } from '../engine/tf';
import { dropout as dropoutOp } from '../engine/ops';
import { randomStream } from '../engine/random';

/** Identifies one dropout mask. */
export type DropoutSite = { readonly rate: number; readonly seed: readonly [number, number] } | undefined;

/** Hands out the sites of one forward pass, in the order in which the network asks with its own rates. */
export interface DropoutSource {
  next(rate: number): DropoutSite;
}

/** No dropout: evaluation mode. */
export const noDropout: DropoutSource = { next: () => undefined };

/** The dropout of one training step of a run. A given rate stands in for the network's own. */
export function dropoutOfStep(seed: number, step: number, rate?: number): DropoutSource {
  const stream = randomStream(seed, `dropout/${step}`);
  return {
    next: (ownRate) => {
      const chosen = rate ?? ownRate;
      return chosen > 0 ? { rate: chosen, seed: [stream.nextUint32() | 0, stream.nextUint32() | 0] } : undefined;
    },
  };
}

/** Drops and rescales; the gradient of a site is the same call on the output gradient. */
export function dropout<T extends tf.Tensor>(x: T, site: DropoutSite): T {
  return site === undefined ? x : dropoutOp(x, site.rate, site.seed);
}
