/**
 * Spearman's rank correlation with a bootstrap interval and a permutation test. The n pairs are taken as independent:
 * several seeds of one schedule are not, so average them first (one point a schedule) where that matters.
 */
import { UserError } from '../engine/errors';
import { randomStream, type RandomStream } from '../engine/random';
import { checkResampling, type ResamplingOptions } from './resampling';
import { mean, percentileInterval, type Interval } from './summary';

export type { ResamplingOptions } from './resampling';

export interface Spearman {
  readonly n: number;
  /** −1 … 1. */
  readonly rho: number;
  /** Bootstrap percentile interval over the pairs. */
  readonly interval: Interval;
  readonly confidence: number;
  /** Two-sided p of "the pairing is random"; exact for n ≤ 8, else from `draws` permutations. */
  readonly p: number;
}

/**
 * Spearman's correlation of x and y. @throws UserError for fewer than 3 pairs, or when x or y is constant or has a NaN.
 */
export function spearman(x: readonly number[], y: readonly number[], options: ResamplingOptions): Spearman {
  checkResampling('spearman', options);
  const { seed, draws = 10_000, confidence = 0.95 } = options;
  if (x.length !== y.length || x.length < 3) {
    throw new UserError(`A correlation needs at least 3 pairs; got ${x.length} and ${y.length} values.`);
  }
  const rho = rankCorrelation(x, y);
  if (Number.isNaN(rho)) {
    const isMissing = [...x, ...y].some(Number.isNaN);
    throw new UserError(
      isMissing
        ? 'A correlation needs numbers; one of the values is NaN. Leave its pair out.'
        : 'A correlation needs values that differ; one side is constant.',
    );
  }
  return {
    n: x.length,
    rho,
    interval: bootstrapInterval(x, y, draws, confidence, randomStream(seed, 'bootstrap')),
    confidence,
    p: permutationP(x, y, rho, draws, randomStream(seed, 'permutation')),
  };
}

/**
 * Ranks from 1; equal values share the mean of their ranks. All NaN when a value is: it stands nowhere among the
 * others.
 */
export function ranks(values: readonly number[]): number[] {
  if (values.some(Number.isNaN)) return values.map(() => NaN);
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

/** Pearson's correlation of the ranks; NaN if a side is constant, or has a NaN. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  return pearson(ranks(x), ranks(y));
}

function pearson(x: readonly number[], y: readonly number[]): number {
  const meanX = mean(x);
  const meanY = mean(y);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  x.forEach((value, i) => {
    const dx = value - meanX;
    const dy = y[i]! - meanY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xx === 0 || yy === 0 ? NaN : xy / Math.sqrt(xx * yy);
}

function bootstrapInterval(
  x: readonly number[],
  y: readonly number[],
  draws: number,
  confidence: number,
  stream: RandomStream,
): Interval {
  const samples = Array.from({ length: draws }, () => {
    const picked = x.map(() => stream.integer(x.length));
    return rankCorrelation(
      picked.map((i) => x[i]!),
      picked.map((i) => y[i]!),
    );
  });
  // A sample that drew one pair n times has no correlation; it is left out.
  return percentileInterval(
    samples.filter((rho) => !Number.isNaN(rho)),
    confidence,
  );
}

/** The share of pairings whose |ρ| is at least the observed one. */
function permutationP(
  x: readonly number[],
  y: readonly number[],
  observed: number,
  draws: number,
  stream: RandomStream,
): number {
  const rankX = ranks(x);
  const rankY = ranks(y);
  // Rounding must not tell apart pairings that are as extreme as the observed one, itself among them.
  const isAsExtreme = (order: readonly number[]) =>
    Math.abs(
      pearson(
        rankX,
        order.map((i) => rankY[i]!),
      ),
    ) >=
    Math.abs(observed) - 1e-12;
  if (x.length <= 8) {
    const all = permutations(x.length);
    return all.filter(isAsExtreme).length / all.length;
  }
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) if (isAsExtreme(stream.permutation(x.length))) extreme++;
  // The observed pairing counts as one of the draws, so p is never 0 (Phipson and Smyth 2010).
  return (extreme + 1) / (draws + 1);
}

/** All n! orders of 0 … n−1. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, i) => [...order.slice(0, i), n - 1, ...order.slice(i)]),
  );
}
