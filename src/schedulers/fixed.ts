/** Unfreezing in a given order (the correlation study of §4.2 and Figure 4 uses ten such orders). */
import { UserError, wholeNumber } from '../engine/errors';
import { configured } from './configured';
import type { Schedule } from './schedule';

/**
 * Opens the next layer of `order` every `every` steps. `order` is a permutation of all L layers, or of all but the top
 * one, as the paper's ten orders are written: the top layer is then first.
 *
 * 4 layers, every = 50, order = [1, 0, 2]: layer 3 opens at step 0, layer 1 at 50, layer 0 at 100, layer 2 at 150.
 *
 * @throws UserError if `order` is no permutation of 0 … n−1, or (when first asked) n is neither L nor L−1.
 */
export function fixedOrderUnfreezing({ every, order }: { every: number; order: readonly number[] }): Schedule {
  requirePermutation(order);
  return configured(
    { name: 'fixed', every, order },
    {
      every: wholeNumber('every', every),
      needs: 'nothing',
      select: ({ frozen, layers }) => [completeOrder(order, layers).find((layer) => frozen.includes(layer))!],
    },
  );
}

/**
 * `order` with the top layer put first if it is left out, or an error if it does not fit a model of `layers` layers.
 */
export function completeOrder(order: readonly number[], layers: number): readonly number[] {
  if (order.length === layers) return order;
  if (order.length === layers - 1) return [layers - 1, ...order];
  throw new UserError(
    `order has ${order.length} layers, but the model has ${layers}. ` +
      `Give all of them (0 … ${layers - 1}), or all but the top one (0 … ${layers - 2}), which then opens first.`,
  );
}

function requirePermutation(order: readonly number[]): void {
  const sorted = [...order].sort((a, b) => a - b);
  if (order.length === 0 || sorted.some((layer, i) => layer !== i)) {
    throw new UserError(
      `order must name every layer from 0 up exactly once, for example [2, 0, 1], not [${order.join(', ')}].`,
    );
  }
}
