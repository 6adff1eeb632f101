/**
 * Is A better than B, when both were measured on the same things (seeds, languages, examples)? Three answers:
 * a sign-flip permutation test, a bootstrap interval, and Student's interval for the few values that seeds are.
 */
import { UserError, wholeNumber } from '../engine/errors';
import { randomStream } from '../engine/random';
import { checkResampling, type ResamplingOptions } from './resampling';
import { mean, percentileInterval, standardDeviation, type Interval } from './summary';

/** a − b, pair by pair. @throws UserError unless there are equally many of both, and at least one. */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length || a.length === 0) {
    throw new UserError(`A paired comparison needs pairs; got ${a.length} and ${b.length} values.`);
  }
  return a.map((value, i) => value - b[i]!);
}

/**
 * Two-sided p of "A and B are exchangeable within each pair", for the mean difference. Exact for up to 14 pairs (all
 * 2ⁿ sign flips), else from random ones. The least p possible is 2 / 2ⁿ: under 6 pairs nothing reaches 0.05. NaN when a
 * difference is.
 */
export function pairedPermutationTest(
  difference: readonly number[],
  options: Pick<ResamplingOptions, 'seed' | 'draws'>,
): number {
  checkResampling('pairedPermutationTest', options, ['seed', 'draws']);
  const { seed, draws = 10_000 } = options;
  const observed = Math.abs(mean(difference));
  if (Number.isNaN(observed)) return NaN;
  const tolerance = 1e-12 * Math.max(...difference.map(Math.abs));
  const isAsExtreme = (isFlipped: (pair: number) => boolean) =>
    Math.abs(mean(difference.map((d, pair) => (isFlipped(pair) ? -d : d)))) >= observed - tolerance;

  const n = difference.length;
  let extreme = 0;
  if (n <= 14) {
    for (let flips = 0; flips < 2 ** n; flips++) if (isAsExtreme((pair) => ((flips >> pair) & 1) === 1)) extreme++;
    return extreme / 2 ** n;
  }
  const stream = randomStream(seed, 'sign flips');
  for (let draw = 0; draw < draws; draw++) if (isAsExtreme(() => stream.uniform() < 0.5)) extreme++;
  return (extreme + 1) / (draws + 1);
}

/** Bootstrap percentile interval of the mean difference, resampling pairs; for many pairs, such as test examples. */
export function pairedBootstrap(difference: readonly number[], options: ResamplingOptions): Interval {
  checkResampling('pairedBootstrap', options);
  const { seed, draws = 10_000, confidence = 0.95 } = options;
  const stream = randomStream(seed, 'bootstrap');
  const n = difference.length;
  const means = Array.from({ length: draws }, () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += difference[stream.integer(n)]!;
    return sum / n;
  });
  return percentileInterval(means, confidence);
}

/**
 * Bootstrap interval of the mean of a seeds × examples table of paired differences (row: seed; column: example, the
 * same one in every row). Seeds and examples are both resampled, so the interval is about new seeds and new examples.
 * With few seeds it is too narrow; see `studentInterval`.
 */
export function crossedBootstrap(table: readonly (readonly number[])[], options: ResamplingOptions): Interval {
  checkResampling('crossedBootstrap', options);
  const { seed, draws = 2_000, confidence = 0.95 } = options;
  const columns = table[0]?.length ?? 0;
  if (columns === 0 || table.some((row) => row.length !== columns)) {
    throw new UserError(
      `A crossed bootstrap needs as many examples for each seed; got ${table.map((row) => row.length).join(', ')}.`,
    );
  }
  const stream = randomStream(seed, 'crossed bootstrap');
  const times = (n: number) => {
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < n; i++) counts[stream.integer(n)]!++;
    return counts;
  };
  const means = Array.from({ length: draws }, () => {
    const rowTimes = times(table.length);
    const columnTimes = times(columns);
    let sum = 0;
    table.forEach((row, r) => {
      if (rowTimes[r]! > 0) sum += rowTimes[r]! * row.reduce((part, value, c) => part + columnTimes[c]! * value, 0);
    });
    return sum / (table.length * columns);
  });
  return percentileInterval(means, confidence);
}

/** Student's 95% interval of the mean of few values; without bounds for a single one, which tells nothing of others. */
export function studentInterval(values: readonly number[]): Interval {
  const centre = mean(values);
  if (values.length === 1) return { low: -Infinity, high: Infinity };
  const half = (studentQuantile(values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return { low: centre - half, high: centre + half };
}

/** t such that |T| ≤ t with probability 0.95, for 1 … 9 degrees of freedom. */
const fewDegrees = [12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157];

/** The 0.975 quantile of Student's t: a table, and the Cornish–Fisher expansion from 10 degrees of freedom on. */
export function studentQuantile(degrees: number): number {
  const tabled = fewDegrees[wholeNumber('degrees of freedom', degrees) - 1];
  if (tabled !== undefined) return tabled;
  const z = 1.959963985;
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3)
  );
}
