/**
 * Sums that outlive the tidy in which their parts are made, such as gradients over passes. The map owns its tensors;
 * whoever made the map frees them.
 */
import { tf } from '../engine/tf';

/**
 * Puts what `make` gives in the place of the tensor before (undefined at first), which is freed, as are intermediates.
 */
export function replaceKept<Key, T extends tf.Tensor>(
  kept: Map<Key, T>,
  key: Key,
  make: (before: T | undefined) => T,
): void {
  const before = kept.get(key);
  kept.set(key, tf.keep(tf.tidy(() => make(before))));
  before?.dispose();
}

/** Adds what `make` gives to the tensor before; the first one is kept as it is. */
export function addKept<Key, T extends tf.Tensor>(kept: Map<Key, T>, key: Key, make: () => T): void {
  replaceKept(kept, key, (before) => (before === undefined ? make() : before.add<T>(make())));
}
