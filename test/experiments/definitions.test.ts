import { describe, expect, test } from 'vitest';
import { checkConfiguration } from '../../src/experiments/checkConfiguration';
import { claims } from '../../src/experiments/claims/index';
import type { RunConfiguration } from '../../src/experiments/configuration';
import { fixedOrders } from '../../src/experiments/definitions/fixedOrders';
import { findSweep, sweeps } from '../../src/experiments/definitions/index';
import { expandSweep, sweepCommand, sweepWith } from '../../src/experiments/sweep';

describe.each(sweeps.map((sweep) => [sweep.name, sweep] as const))('%s', (_, sweep) => {
  test('is possible in its own profile, on the paper’s models, and on the tiny one', () => {
    for (const [profile, layers] of [
      [sweep.profile, 12],
      ['paper', 12],
      ['smoke', 4],
    ] as const) {
      for (const configuration of expandSweep(sweep, profile)) {
        expect(checkConfiguration(configuration, profile === 'smoke' ? 4 : layers)).toBe(configuration);
      }
    }
  });
});

test('the number of runs of each comparison', () => {
  const count = (name: string) => expandSweep(findSweep(name), 'small').length;
  expect(count('nli-schedules')).toBe(6 * 4);
  expect(count('nli-fixed-orders')).toBe(10 * 2);
  expect(count('qa-schedules')).toBe(2 * 4 * 2);
  expect(count('copa-schedules')).toBe(4 * 4);
  expect(count('low-data')).toBe(2 * 2 * 3 * 2);
  expect(count('lora-schedules')).toBe(2 * 3 * 2);
  expect(count('full-fine-tuning')).toBe(2);
  expect(count('fun-estimators')).toBe(2 * 2 * 2 * 2);
});

test('the profile paper repeats all of its comparisons four times, with three small training sets', () => {
  const distinctOf = (name: string, value: (run: RunConfiguration) => unknown) => [
    ...new Set(expandSweep(findSweep(name), 'paper').map(value)),
  ];
  for (const name of ['qa-schedules', 'low-data', 'lora-schedules', 'full-fine-tuning']) {
    expect(
      distinctOf(name, ({ seed }) => seed),
      name,
    ).toEqual([1, 2, 3, 4]);
  }
  expect(distinctOf('low-data', ({ data }) => data.trainExamples)).toEqual([1000, 5000, 10000]);
  expect(expandSweep(findSweep('low-data'), 'paper')).toHaveLength(2 * 3 * 4 * 3);
});

test('the profile paper has every data set of Tables 1, 2, 7 and 12 under every schedule there', () => {
  const pairs = (name: string) =>
    [...new Set(expandSweep(findSweep(name), 'paper').map(({ task, schedule }) => `${task} ${schedule.name}`))].sort();
  const all = (tasks: readonly string[], schedules: readonly string[]) =>
    tasks.flatMap((task) => schedules.map((schedule) => `${task} ${schedule}`)).sort();
  const main = ['standard', 'random', 'gradual', 'fun', 'lpft'];
  const dataSets = ['nli', 'copa', 'qa-xquad', 'qa-mlqa'];
  expect(pairs('nli-schedules')).toEqual(all(['nli'], [...main, 'gradual-reverse']));
  expect(pairs('qa-schedules')).toEqual(all(['qa-xquad', 'qa-mlqa'], [...main, 'gradual-reverse']));
  expect(pairs('copa-schedules')).toEqual(all(['copa'], main));
  expect(pairs('lora-schedules')).toEqual(all(dataSets, ['standard', 'gradual', 'fun']));
  expect(pairs('full-fine-tuning')).toEqual(all(dataSets, ['full']));
});

describe('sweepWith', () => {
  const changes = { model: 'bert-base-multilingual-cased', languages: ['en', 'de'] };

  test('changes model and languages of every run, and nothing else', () => {
    const before = expandSweep(findSweep('nli-schedules'), 'paper');
    const after = expandSweep(sweepWith(findSweep('nli-schedules'), changes), 'paper');
    expect(after.map(({ schedule, seed }) => [schedule.name, seed])).toEqual(
      before.map(({ schedule, seed }) => [schedule.name, seed]),
    );
    for (const run of after) {
      expect(run.model).toBe(changes.model);
      expect(run.evaluation.languages).toEqual(changes.languages);
    }
    // The paper's k of FUN on this model (Table 3).
    expect(after.find(({ schedule }) => schedule.name === 'fun')!.schedule.every).toBe(50);
    expect(expandSweep(sweepWith(findSweep('nli-schedules'), {}), 'paper')).toEqual(before);
  });

  test('opens no test set in a search, and gives full fine-tuning no language adapters', () => {
    for (const { evaluation } of expandSweep(sweepWith(findSweep('search-nli'), changes))) {
      expect(evaluation.languages).toEqual([]);
    }
    const adapters = { languageAdapters: { source: 'hub' } } as const;
    const runs = expandSweep(sweepWith(findSweep('table-1'), adapters), 'paper');
    for (const { method, languageAdapters } of runs) {
      expect(languageAdapters).toEqual(method.type === 'full' ? 'none' : { source: 'hub' });
    }
    expect(runs.some(({ method }) => method.type === 'full')).toBe(true);
  });

  test('has the command that makes its runs', () => {
    const sweep = findSweep('nli-schedules');
    const command = (given: Parameters<typeof sweepWith>[1]) => sweepCommand(sweepWith(sweep, given), 'paper');
    expect(sweepCommand(sweep, 'small')).toBe('npm run sweep -- nli-schedules --profile small');
    expect(command(changes)).toBe(
      'npm run sweep -- nli-schedules --profile paper --model bert-base-multilingual-cased --languages en,de',
    );
    expect(command({ languageAdapters: 'none' })).toMatch(/--profile paper --language-adapters none$/);
    expect(command({ languageAdapters: { source: 'hub' } })).toMatch(/--language-adapters hub$/);
    expect(command({ languageAdapters: { source: 'folder', path: 'my adapters' } })).toMatch(/ "my adapters"$/);
    const twice = sweepWith(sweepWith(sweep, { model: 'tiny-random' }), { languages: ['sw'] });
    expect(sweepCommand(twice, 'smoke')).toMatch(/--model tiny-random --languages sw$/);
  });

  test('refuses what would change the question', () => {
    expect(() => sweepWith(findSweep('nli-schedules'), { steps: 3 } as never)).toThrow(/sweepWith.*steps/);
  });
});

test('the protocol’s terms: k·L at most 45% of the steps; 1,000 examples a language; tr(F) on 64, all layers', () => {
  for (const name of ['nli-schedules', 'nli-fixed-orders', 'qa-schedules', 'copa-schedules']) {
    for (const { task, schedule, steps, evaluation, trackFisher } of expandSweep(findSweep(name), 'small')) {
      if (schedule.every !== undefined) expect(12 * schedule.every).toBeLessThanOrEqual(0.45 * steps);
      if (evaluation.examples !== 'all') expect(evaluation.examples).toBeGreaterThanOrEqual(1000);
      // Spans have a label a token: exact tr(F) would take hundreds of backward passes a batch.
      const estimator = task === 'nli' || task === 'copa' ? 'exact' : 'sketch';
      expect(trackFisher).toMatchObject({ estimator, layers: 'all' });
      expect(trackFisher!.examples).toBeGreaterThanOrEqual(64);
    }
  }
});

test('a search opens no test set, and its seed is in no comparison', () => {
  const searches = sweeps.filter(({ name }) => name.startsWith('search-'));
  expect(searches).toHaveLength(3);
  const seedsOf = (name: string) => expandSweep(findSweep(name), 'small').map(({ seed }) => seed);
  const compared = new Set(claims.flatMap((claim) => claim.sweeps.flatMap(seedsOf)));
  for (const search of searches) {
    for (const { evaluation, seed } of expandSweep(search)) {
      expect(evaluation.languages).toEqual([]);
      expect(compared.has(seed)).toBe(false);
    }
  }
});

test('the fixed orders: ten, each a permutation of the layers below the top; the first is top-down', () => {
  expect(fixedOrders).toHaveLength(10);
  expect(fixedOrders[0]).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  for (const order of fixedOrders)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => i));
});
