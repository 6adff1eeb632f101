// Seeded choices that the generators share.
import type { RandomStream } from '../../engine/random';

/** One of the items, uniformly. */
export function pick<T>(items: readonly T[], random: RandomStream): T {
  if (items.length === 0) throw new Error('Nothing to choose from.');
  return items[random.integer(items.length)]!;
}

/** `count` different items in random order. */
export function sample<T>(items: readonly T[], count: number, random: RandomStream): T[] {
  if (items.length < count) throw new Error(`Only ${items.length} items to choose ${count} from.`);
  return random
    .permutation(items.length)
    .slice(0, count)
    .map((i) => items[i]!);
}
