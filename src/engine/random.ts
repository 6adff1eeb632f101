/**
 * Named random streams. Every random choice of a run comes from one of them, so that the same seed gives the same
 * numbers, one part's draws never shift another's, and a checkpoint can store each stream's state.
 *
 * Generator: xoshiro128** (Blackman and Vigna 2018), seeded from FNV-1a of "seed/name" through splitmix32.
 */
import { UserError } from './errors';

export type RandomState = readonly [number, number, number, number];

export class RandomStream {
  private s: [number, number, number, number];

  constructor(state: RandomState) {
    if (state.length !== 4 || state.every((word) => word === 0)) {
      throw new UserError(`A random state is four 32-bit words, not all zero; got [${state.join(', ')}].`);
    }
    this.s = [...state];
  }

  /** Uniform 32-bit unsigned integer. */
  nextUint32(): number {
    const s = this.s;
    const product = Math.imul(s[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.nextUint32() / 4294967296;
  }

  /** Uniform whole number in [0, n). */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** Standard normal (Box–Muller; one of the pair, so that the state alone decides what comes next). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** The values 0 … n−1 in random order (Fisher–Yates). */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** What to store in a checkpoint; `new RandomStream(state)` goes on from here. */
  state(): RandomState {
    return [...this.s];
  }
}

/** The stream of a run's seed with this name, at its beginning. */
export function randomStream(seed: number, name: string): RandomStream {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}/${name}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  const next = () => {
    hash = (hash + 0x9e3779b9) | 0;
    let z = hash;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  return new RandomStream([next(), next(), next(), next() | 1]);
}
