import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import {
  compareSchedules,
  scheduleCells,
  scheduleTable,
  scoresBySchedule,
  type ScoreRow,
} from '../../src/figures/index';

const languages = ['en', 'de', 'es', 'it', 'tr', 'id', 'sw', 'zh'];

/** One row; everything not given is the same for all. */
const score = (schedule: string, seed: number, language: string, value: number): ScoreRow => ({
  runId: `${schedule}-s${seed}`,
  schedule,
  seed,
  language,
  dataset: 'xnli',
  split: 'test',
  metric: 'accuracy',
  value,
  examples: 100,
});

/** Rows of two schedules whose scores differ by `difference(seed, language)`. */
function pair(seeds: readonly number[], difference: (seed: number, language: number) => number): ScoreRow[] {
  return seeds.flatMap((seed) =>
    languages.flatMap((language, i) => [
      score('standard', seed, language, 60 + i + seed),
      score('gradual', seed, language, 60 + i + seed + difference(seed, i)),
    ]),
  );
}

const claim = { schedule: 'gradual', against: 'standard' };

describe('scores by schedule', () => {
  test('the average leaves English out, and seeds that lack a language', () => {
    const rows = [
      score('fun', 1, 'en', 90),
      score('fun', 1, 'de', 70),
      score('fun', 1, 'sw', 50),
      score('fun', 2, 'de', 72),
    ];
    expect(scoresBySchedule(rows)[0]!.average).toEqual(new Map([[1, 60]]));
  });

  test('rows that mix runs of one cell, metrics or data sets are refused', () => {
    const row = score('fun', 1, 'de', 70);
    expect(() => scoresBySchedule([row, row])).toThrow(/Two scores of fun, seed 1, de/);
    expect(() => scoresBySchedule([row, { ...row, metric: 'f1' }])).toThrow(/more than one metric: accuracy, f1/);
    expect(scoresBySchedule([row, { ...row, metric: 'f1' }], { metric: 'f1' })).toHaveLength(1);
    expect(() => scoresBySchedule([row], { dataset: 'mlqa' })).toThrow(/no scores of dataset "mlqa"; there are 1 rows/);
  });
});

describe('the reading of a comparison', () => {
  test('a gain in all seeds and languages: shows', () => {
    const result = compareSchedules(
      pair([1, 2, 3, 4], (seed, i) => 2 + 0.1 * seed + 0.1 * i),
      claim,
    );
    expect(result).toMatchObject({ verdict: 'shows', seeds: [1, 2, 3, 4], languages: languages.slice(1) });
    // Seven languages, all better: 2 of 2⁷ sign patterns are as extreme.
    expect(result.languageP).toBeCloseTo(2 / 128, 12);
    expect(result.difference).toBeCloseTo(2 + 0.25 + 0.4, 12);
  });

  test('the same gain in one seed alone: too noisy', () => {
    expect(
      compareSchedules(
        pair([1], () => 2),
        claim,
      ).verdict,
    ).toBe('too noisy to tell');
  });

  test('a gain that one seed of four contradicts: too noisy', () => {
    expect(
      compareSchedules(
        pair([1, 2, 3, 4], (seed) => (seed === 4 ? -2 : 2)),
        claim,
      ).verdict,
    ).toBe('too noisy to tell');
  });

  test('a gain in half of the languages only: too noisy, however sure the average is', () => {
    const rows = pair([1, 2, 3, 4], (seed, i) => (i % 2 === 0 ? -1.9 : 3) + 0.001 * seed);
    const result = compareSchedules(rows, claim);
    expect(result.interval.low).toBeGreaterThan(0);
    expect(result.verdict).toBe('too noisy to tell');
  });

  test('a loss, or a gain too small to count: does not show', () => {
    expect(
      compareSchedules(
        pair([1, 2, 3], (seed) => -3 + 0.1 * seed),
        claim,
      ).verdict,
    ).toBe('does not show');
    const tiny = pair([1, 2, 3], (seed) => 0.02 * (seed - 2));
    expect(compareSchedules(tiny, claim).verdict).toBe('does not show');
    expect(compareSchedules(tiny, { ...claim, smallest: 0.01 }).verdict).toBe('too noisy to tell');
  });

  test('when there is no difference, "shows" comes up at most as often as its tests allow', () => {
    const stream = randomStream(4, 'no difference');
    let shows = 0;
    for (let trial = 0; trial < 300; trial++) {
      const ofRun = [1, 2, 3, 4].map(() => stream.normal());
      const rows = pair([1, 2, 3, 4], (seed) => ofRun[seed - 1]! + 0.5 * stream.normal());
      if (compareSchedules(rows, claim).verdict === 'shows') shows++;
    }
    // One side of a 95% interval: at most 2.5% of 300, 7.5; sd 2.7; four of them.
    expect(shows).toBeLessThan(19);
  });

  test('a seed that was tested in no target language in common, as in English alone, takes no part', () => {
    const difference = (seed: number, i: number) => 2 + 0.1 * seed + 0.1 * i;
    const both = pair([1, 2, 3], difference);
    const expected = compareSchedules(pair([1, 3], difference), claim);
    const inEnglish = both.filter(({ seed, language }) => seed !== 2 || language === 'en');
    expect(compareSchedules(inEnglish, claim)).toEqual(expected);
    const apart = both.filter(
      ({ seed, schedule, language }) => seed !== 2 || (language === 'de') === (schedule === 'gradual'),
    );
    expect(compareSchedules(apart, claim)).toEqual(expected);
  });

  test('what cannot be paired is refused', () => {
    expect(() => compareSchedules([score('fun', 1, 'de', 1)], claim)).toThrow(/no scores of schedule "gradual".*fun/);
    const apart = [score('standard', 1, 'de', 1), score('gradual', 2, 'de', 1)];
    expect(() => compareSchedules(apart, claim)).toThrow(/share no seed or no target language/);
  });
});

describe('the table of schedules', () => {
  const rows = pair([1, 2, 3, 4], (seed, i) => 2 + 0.1 * seed + 0.1 * i);

  test('lines in the order of the style, ours beside the paper', () => {
    const [standard, gradual] = scheduleTable(rows, { paper: { model: 'xlmr', dataset: 'xnli' } });
    expect(standard).toMatchObject({
      schedule: 'standard',
      seeds: '4',
      en: '62.5 ± 1.3',
      'average (paper)': '73.3 ± 0.4',
      'better?': '',
    });
    expect(gradual).toMatchObject({
      schedule: 'gradual (GU)',
      average: '69.2 ± 1.4',
      'en (paper)': '84.2',
      '− standard': '+2.6 [+2.4, +2.9]',
      p: '0.016',
      'better?': 'shows',
    });
  });

  test('columns are English, the languages, the average, whatever the order of rows', () => {
    const columns = Object.keys(scheduleTable([...rows].reverse())[0]!);
    expect(columns).toEqual([
      'schedule',
      'seeds',
      'en',
      ...languages.slice(1).reverse(),
      'average',
      '− standard',
      'p',
      'better?',
    ]);
  });

  test('unfinished runs leave a dash, not an error', () => {
    const table = scheduleTable([...rows, score('fun', 9, 'de', 61)]);
    expect(table.find((line) => line.schedule === 'FUN')).toMatchObject({
      de: '61.0',
      sw: '–',
      average: '–',
      'better?': '',
    });
  });

  test('the same as tidy numbers', () => {
    const cells = scheduleCells(rows, { paper: { model: 'mbert', dataset: 'xnli' } });
    expect(cells).toHaveLength(2 * (languages.length + 1));
    const average = cells.find((cell) => cell.schedule === 'gradual' && cell.language === 'average')!;
    expect(average).toMatchObject({ seeds: 4, paper: 61.67, paperSd: 1.04 });
    expect(average.mean).toBeCloseTo(69.15, 10);
    expect(cells.find((cell) => cell.language === 'it')!.paper).toBeUndefined();
  });
});
