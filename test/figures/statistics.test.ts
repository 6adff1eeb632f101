import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import {
  area,
  crossedBootstrap,
  curveFeatures,
  differences,
  formatMeanAndSd,
  mean,
  movingAverage,
  normalise,
  pairedBootstrap,
  pairedPermutationTest,
  quantile,
  rankCorrelation,
  ranks,
  spearman,
  standardDeviation,
  studentInterval,
  studentQuantile,
  type ResamplingOptions,
} from '../../src/figures/statistics';
import reference from './statisticsReference.json';

const seeded = { seed: 7 };
const { hump, early, steps } = reference.curves;

describe('summary, against NumPy', () => {
  const { values, quantiles } = reference.sample;

  test('mean and sample standard deviation', () => {
    expect(mean(values)).toBeCloseTo(reference.sample.mean, 12);
    expect(standardDeviation(values)).toBeCloseTo(reference.sample.sd, 12);
    expect(standardDeviation([3])).toBeNaN();
    expect(() => mean([])).toThrow(/no values/);
  });

  test.each(Object.entries(quantiles))('quantile %s', (q, expected) => {
    expect(quantile(values, Number(q))).toBeCloseTo(expected, 12);
  });

  test('mean ± sd as text', () => {
    expect(formatMeanAndSd([61, 62, 63])).toBe('62.0 ± 1.0');
    expect(formatMeanAndSd([61.04])).toBe('61.0');
  });
});

describe('curves, against NumPy and SciPy', () => {
  test.each(Object.entries(reference.curves.movingAverage))('moving average over %s points', (window, expected) => {
    const smooth = movingAverage(hump, Number(window));
    smooth.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
    expect(smooth).toHaveLength(hump.length);
  });

  test('an even window has no middle', () => {
    expect(() => movingAverage(hump, 4)).toThrow(/window must be odd.*not 4/);
  });

  test('features of a hump, and of a curve that starts near its peak', () => {
    expectClose(curveFeatures({ steps, values: hump }), reference.curves.humpFeatures);
    expectClose(curveFeatures({ steps, values: early }), reference.curves.earlyFeatures);
  });

  test('features of shapes known by hand', () => {
    const triangle = curveFeatures({ steps: [0, 10, 20], values: [0, 4, 0] });
    expect(triangle).toEqual({ peakHeight: 4, peakStep: 10, widthAtHalfHeight: 10, area: 40, earlyMean: 0 });
    const flat = curveFeatures({ steps: [0, 10, 20], values: [2, 2, 2] });
    expect(flat).toEqual({ peakHeight: 2, peakStep: 0, widthAtHalfHeight: 20, area: 40, earlyMean: 2 });
    expect(area({ steps: [5], values: [3] })).toBe(0);
  });

  test('0–1 scaling', () => {
    expect(normalise([2, 4, 3])).toEqual([0, 1, 0.5]);
    expect(normalise([5, 5])).toEqual([0, 0]);
  });

  test('steps that do not ascend are refused', () => {
    expect(() => curveFeatures({ steps: [0, 0], values: [1, 2] })).toThrow(/must ascend/);
    expect(() => curveFeatures({ steps: [0, 1], values: [1] })).toThrow(/1 values and 2 steps/);
  });
});

describe("Spearman's correlation, against SciPy", () => {
  test.each(reference.spearman.map((expected) => [expected.x.length, expected] as const))('n = %i', (n, expected) => {
    const found = spearman(expected.x, expected.y, seeded);
    expect(found.rho).toBeCloseTo(expected.rho, 12);
    // Exact for n ≤ 8; else two Monte Carlo estimates, whose sd at p ≈ 0.007 are 0.0008 and 0.0003: four of both.
    if (n <= 8) expect(found.p).toBeCloseTo(expected.p, 12);
    else expect(Math.abs(found.p - expected.p)).toBeLessThan(0.0035);
    // Two bootstraps of 10,000 and 20,000 samples.
    expect(Math.abs(found.interval.low - expected.low)).toBeLessThan(0.03);
    expect(Math.abs(found.interval.high - expected.high)).toBeLessThan(0.03);
  });

  test('ranks share ties', () => {
    expect(ranks([10, 30, 20, 30])).toEqual([1, 3.5, 2, 3.5]);
  });

  test('a rising relation has ρ = 1, a falling one −1, whatever its form', () => {
    const x = [1, 2, 3, 4, 5, 6];
    expect(spearman(x, x.map(Math.exp), seeded)).toMatchObject({ rho: 1, p: 2 / 720, n: 6 });
    expect(
      spearman(
        x,
        x.map((value) => -(value ** 3)),
        seeded,
      ).rho,
    ).toBeCloseTo(-1, 12);
  });

  test('p of unrelated values is uniform', () => {
    const stream = randomStream(2, 'unrelated');
    const column = () => Array.from({ length: 6 }, () => stream.normal());
    const ps = Array.from({ length: 200 }, () => spearman(column(), column(), { seed: 1, draws: 10 }).p);
    // Binomial(200, 1/2) has sd 7.
    expect(Math.abs(ps.filter((p) => p <= 0.5).length - 100)).toBeLessThan(29);
  });

  test('the same seed gives the same answer', () => {
    const { x, y } = reference.spearman[2]!;
    expect(spearman(x, y, { seed: 1, draws: 200 })).toEqual(spearman(x, y, { seed: 1, draws: 200 }));
    expect(spearman(x, y, { seed: 1, draws: 200 })).not.toEqual(spearman(x, y, { seed: 2, draws: 200 }));
  });

  test('too few pairs, or a constant side, is refused', () => {
    expect(() => spearman([1, 2], [1, 2], seeded)).toThrow(/at least 3 pairs/);
    expect(() => spearman([1, 2, 3], [4, 4, 4], seeded)).toThrow(/constant/);
  });
});

describe('paired comparison, against SciPy', () => {
  test.each(reference.paired.map((expected) => [expected.difference.length, expected] as const))(
    '%i pairs: permutation test and Student interval',
    (_n, { difference, p, low, high }) => {
      expect(pairedPermutationTest(difference, seeded)).toBeCloseTo(p, 12);
      const interval = studentInterval(difference);
      // The table and the expansion have five digits.
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    },
  );

  test('many pairs: random flips agree with all flips', () => {
    const difference = reference.paired[2]!.difference;
    // The same 11 pairs with 4 that change nothing: the exact p stays the same.
    const many = [...difference, 0, 0, 0, 0];
    const p = reference.paired[2]!.p;
    expect(Math.abs(pairedPermutationTest(many, seeded) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 10_000));
  });

  test('bootstrap over examples', () => {
    const { a, b, low, high } = reference.examples;
    const interval = pairedBootstrap(differences(a, b), seeded);
    // The mean of 300 ones and zeros moves by 1/300.
    expect(Math.abs(interval.low - low)).toBeLessThanOrEqual(1 / 300 + 1e-9);
    expect(Math.abs(interval.high - high)).toBeLessThanOrEqual(1 / 300 + 1e-9);
  });

  test('crossed bootstrap: the fast sums equal the loop over resampled seeds and examples', () => {
    const source = randomStream(3, 'table');
    const table = [0, 1, 2].map(() => Array.from({ length: 7 }, () => source.normal()));
    const stream = randomStream(5, 'crossed bootstrap');
    const means = Array.from({ length: 200 }, () => {
      const picked = table.map(() => table[stream.integer(3)]!);
      const columns = table[0]!.map(() => stream.integer(7));
      return mean(picked.flatMap((row) => columns.map((column) => row[column]!)));
    });
    const interval = crossedBootstrap(table, { seed: 5, draws: 200 });
    expect(interval.low).toBeCloseTo(quantile(means, 0.025), 10);
    expect(interval.high).toBeCloseTo(quantile(means, 0.975), 10);
    expect(() => crossedBootstrap([[1, 2], [1]], seeded)).toThrow(/as many examples for each seed; got 2, 1/);
  });

  test('crossed bootstrap is wider than one over examples when seeds differ', () => {
    const source = randomStream(3, 'seeds');
    const table = [-1, 0, 1].map((ofSeed) => Array.from({ length: 200 }, () => ofSeed + source.normal()));
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    expect(width(crossedBootstrap(table, seeded))).toBeGreaterThan(4 * width(pairedBootstrap(table.flat(), seeded)));
  });

  test.each(Object.entries(reference.studentQuantile))(
    'Student quantile, %s degrees of freedom',
    (degrees, expected) => {
      expect(Math.abs(studentQuantile(Number(degrees)) / expected - 1)).toBeLessThan(1e-4);
    },
  );

  test('a single value bounds nothing; unpaired values are refused', () => {
    expect(studentInterval([3])).toEqual({ low: -Infinity, high: Infinity });
    expect(() => differences([1, 2], [1])).toThrow(/2 and 1 values/);
  });
});

describe('what could only be a mistake is refused', () => {
  const values = [1, 2, 3, 5, 4, 6];
  const resampling = {
    spearman: (options: ResamplingOptions) => spearman(values, values, options),
    pairedPermutationTest: (options: ResamplingOptions) => pairedPermutationTest(values, options),
    pairedBootstrap: (options: ResamplingOptions) => pairedBootstrap(values, options),
    crossedBootstrap: (options: ResamplingOptions) => crossedBootstrap([values, values], options),
  };

  test.each(Object.entries(resampling))('%s: an unknown option, no seed, no draws', (name, of) => {
    expect(() => of({ seed: 1, draw: 100 } as never)).toThrow(`${name}: unknown "draw". Allowed: seed, draws`);
    expect(() => of({} as never)).toThrow(`${name}: seed must be a whole number`);
    expect(() => of({ seed: 1, draws: 0 })).toThrow(`${name}: draws must be a whole number of at least 1, not 0`);
  });

  test('a confidence in percent, and a confidence where there is no interval', () => {
    const { pairedPermutationTest: permutation, ...intervals } = resampling;
    for (const [name, of] of Object.entries(intervals)) {
      expect(() => of({ seed: 1, confidence: 95 })).toThrow(`${name}: confidence must lie between 0 and 1, not 95`);
    }
    expect(() => permutation({ seed: 1, confidence: 0.95 })).toThrow('pairedPermutationTest: unknown "confidence"');
  });

  test('degrees of freedom that are none, a part that is more than the whole', () => {
    expect(() => studentQuantile(0)).toThrow(/degrees of freedom must be a whole number of at least 1, not 0/);
    expect(() => studentQuantile(1.5)).toThrow(/not 1.5/);
    expect(() => quantile(values, 97.5)).toThrow(/quantile: q must lie between 0 and 1, not 97.5/);
    const curve = { steps: [0, 10, 20], values: [1, 2, 1] };
    expect(() => curveFeatures(curve, 25)).toThrow(/earlyFraction must lie between 0 and 1, not 25/);
  });
});

test('a value that is not there makes what is computed from it not there, as in NumPy and SciPy', () => {
  const missing = [1, 2, NaN, 4, 5, 6];
  expect(ranks(missing)).toEqual(missing.map(() => NaN));
  expect(rankCorrelation(missing, [1, 2, 3, 4, 5, 6])).toBeNaN();
  expect(() => spearman(missing, [1, 2, 3, 4, 5, 6], seeded)).toThrow(/one of the values is NaN/);
  expect(pairedPermutationTest(missing, seeded)).toBeNaN();
  expect(quantile(missing, 0.5)).toBeNaN();
  expect(pairedBootstrap([NaN, NaN], seeded)).toEqual({ low: NaN, high: NaN });
});

function expectClose<Key extends string>(found: Record<Key, number>, expected: Record<Key, number>): void {
  for (const key of Object.keys(expected) as Key[]) expect(found[key], key).toBeCloseTo(expected[key], 10);
}
