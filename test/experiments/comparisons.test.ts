/** Results sorted into what may be compared, settings beside the paper's, and the sweeps of the notebooks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { comparisons, describeSchedule, paperSettingOf } from '../../src/experiments/comparisons';
import { runId } from '../../src/experiments/configuration';
import { firstLight, sweeps } from '../../src/experiments/definitions/index';
import { fixedOrders } from '../../src/experiments/definitions/fixedOrders';
import { notebookSweeps } from '../../src/experiments/definitions/mini';
import { configure, type RunChoices } from '../../src/experiments/profiles';
import { resultRows } from '../../src/experiments/rows';
import { settingsTable } from '../../src/experiments/settingsTable';
import { openStore } from '../../src/experiments/store';
import { expandSweep } from '../../src/experiments/sweep';
import { madeUpResult } from '../notebook/madeUpResults';

const sweepNamed = (name: string) => notebookSweeps.find((sweep) => sweep.name === name)!;

describe('comparisons', () => {
  test('a group for each task, method and number of examples; schedules and seeds together', () => {
    const results = expandSweep(sweepNamed('table-11'), 'small').map((run) => madeUpResult(run));
    const groups = comparisons(results);
    expect(groups.map(({ metric, chance, paper }) => ({ metric, chance, paper }))).toEqual(
      (['xnli', 'xquad'] as const).flatMap((dataset) =>
        [1000, 5000].map((trainExamples) => ({
          metric: dataset === 'xnli' ? 'accuracy' : 'f1',
          chance: dataset === 'xnli' ? 100 / 3 : 0,
          paper: { model: 'xlmr', dataset, adapter: 'madx', trainExamples },
        })),
      ),
    );
    for (const { rows } of groups) {
      expect(new Set(rows.runs.map(({ schedule, seed }) => `${schedule} ${seed}`)).size).toBe(6);
      expect(rows.runs).toHaveLength(6);
    }
  });

  test('runs that differ in more than the schedule are no comparison, and the titles say in what', () => {
    const run = (more: Partial<RunChoices>) => madeUpResult(configure('mini', { task: 'nli', ...more }));
    const groups = comparisons([
      run({ steps: 300 }),
      run({ steps: 300, schedule: { name: 'fun' }, seed: 2, trackFisher: 'tracked' }),
      run({ steps: 150, schedule: { name: 'gradual' }, dropout: 0 }),
    ]);
    expect(groups.map(({ title, rows }) => [title.split(' · ').slice(4), rows.runs.length])).toEqual([
      [['dropout 0.1', 'steps 300'], 2],
      [['dropout 0', 'steps 150'], 1],
    ]);
    // The paper's hyperparameters are those of each schedule.
    const paper = (['standard', 'gradual'] as const).map((name) =>
      madeUpResult(
        configure('paper', { task: 'copa', method: { type: 'lora', rank: 8, alpha: 8 }, schedule: { name } }),
      ),
    );
    expect(new Set(paper.map(({ configuration }) => configuration.steps)).size).toBe(2);
    expect(comparisons(paper)).toHaveLength(1);
  });

  test('a result that is given twice is one run', () => {
    const results = expandSweep(sweepNamed('table-2'), 'small').map((run) => madeUpResult(run));
    expect(comparisons([...results, ...results.slice(1)])).toEqual(comparisons(results));
  });

  test('the rows of seeds say the same settings, and those of other runs what differs', () => {
    const settings = (more: Partial<RunChoices>) =>
      resultRows([madeUpResult(configure('small', { task: 'nli', ...more }))]).runs[0]!.settings;
    expect(settings({ seed: 2 })).toBe(settings({ seed: 1 }));
    const usual: unknown = JSON.parse(settings({ seed: 1 }));
    for (const [more, part] of [
      [{ dropout: 0 }, { dropout: 0 }],
      [{ data: { trainExamples: 1000 } }, { 'data.trainExamples': 1000 }],
      [{ evaluation: { languages: ['de', 'sw'] } }, { 'evaluation.languages': ['de', 'sw'] }],
      [{ schedule: { name: 'gradual', every: 7 } }, { 'schedule.every': 7 }],
    ] as const) {
      expect(usual).not.toMatchObject(part);
      expect(JSON.parse(settings(more))).toMatchObject(part);
    }
  });

  test('an estimate without a standard error, null in its file, has NaN in its row', () => {
    const result = madeUpResult(expandSweep(sweepNamed('figure-3'), 'small')[0]!);
    const { fisher } = result.logs;
    const single = { ...fisher, standardError: fisher.standardError.map(() => NaN) };
    const stored = JSON.parse(JSON.stringify({ ...result, logs: { ...result.logs, fisher: single } })) as typeof result;
    expect(stored.logs.fisher.standardError[0]).toBeNull();
    expect(new Set(resultRows([stored]).fisher.map(({ standardError }) => standardError))).toEqual(new Set([NaN]));
  });

  test('the paper has nothing beside a number of examples that it did not try', () => {
    expect(paperSettingOf(configure('mini', { task: 'nli', data: { trainExamples: 200 } }))).toBeUndefined();
    expect(paperSettingOf(configure('mini', { task: 'copa', method: { type: 'lora', rank: 8, alpha: 8 } }))).toEqual({
      model: 'xlmr',
      dataset: 'xcopa',
      adapter: 'lora',
      trainExamples: 'all',
    });
  });

  test('fixed orders go by their number in the paper, on fewer layers too', () => {
    const label = (order: readonly number[]) =>
      describeSchedule(configure('small', { task: 'nli', schedule: { name: 'fixed', order } }));
    expect(fixedOrders.map(label)).toEqual(fixedOrders.map((_, i) => `order ${i}`));
    expect(label(fixedOrders[3]!.filter((layer) => layer < 6))).toBe('order 3');
    expect(label([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toContain('fixed 0 1 2');
    expect(describeSchedule(configure('small', { task: 'nli', schedule: { name: 'gradual' } }))).toBe('gradual');
  });
});

describe('the sweeps of the notebooks', () => {
  test('are few short runs in smoke and mini, and whole in small; every one is known by name', () => {
    for (const sweep of notebookSweeps) {
      expect(sweeps).toContain(sweep);
      expect(expandSweep(sweep, 'paper').length).toBeGreaterThan(0);
      expect(expandSweep(sweep, 'smoke').length, sweep.name).toBeLessThanOrEqual(12);
      const live = expandSweep(sweep, 'mini');
      const steps = live.reduce((sum, run) => sum + run.steps, 0);
      expect(steps, sweep.name).toBeLessThanOrEqual(800);
    }
  });

  test('use what first light left', () => {
    const first = new Set(expandSweep(firstLight, 'mini').map(runId));
    const shared = (name: string) => expandSweep(sweepNamed(name), 'mini').filter((run) => first.has(runId(run)));
    expect(shared('table-1')).toHaveLength(3);
    expect(shared('figure-3')).toHaveLength(2);
    expect(shared('figure-5')).toHaveLength(1);
    expect(shared('table-12')).toHaveLength(2);
  });

  test('in small they are runs of the recorded sweeps, so that nothing is computed for a notebook alone', () => {
    const whole = new Set(
      sweeps
        .filter((sweep) => !notebookSweeps.includes(sweep))
        .flatMap((sweep) => expandSweep(sweep, 'small').map(runId)),
    );
    for (const run of notebookSweeps.flatMap((sweep) => expandSweep(sweep, 'small'))) {
      expect(whole, runId(run)).toContain(runId(run));
    }
  });
});

describe('settingsTable', () => {
  const paperTitle = "profile paper (the paper's hyperparameters)";
  const cell = (name: string, setting: string) =>
    settingsTable(sweepNamed(name), 'mini').find((line) => line.setting === setting)!;

  test('has live runs, those of the recorded results and the paper’s side by side', () => {
    expect(cell('table-2', 'base model')).toEqual({
      setting: 'base model',
      'live (mini)': 'multilingual-e5-small',
      'planned (small)': 'multilingual-e5-small',
      [paperTitle]: 'xlm-roberta-base',
    });
    expect(cell('table-2', 'trained part')).toMatchObject({
      'live (mini)': 'lora8',
      [paperTitle]: 'lora8',
    });
    expect(cell('table-12', 'language adapters')).toMatchObject({
      'live (mini)': 'none',
      [paperTitle]: 'hub',
    });
  });

  test('leaves out profiles in which the sweep has no run', () => {
    expect(Object.keys(cell('table-16', 'runs'))).toEqual(['setting', paperTitle]);
  });

  test('says how many of the planned runs are recorded', () => {
    const sweep = sweepNamed('table-12');
    const [first, second, ...others] = expandSweep(sweep, 'small').map((run) => madeUpResult(run));
    const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
    const store = openStore(folder);
    for (const result of [first!, second!]) store.write(result);
    try {
      expect(settingsTable(sweep, 'mini', { from: [store] }).at(-1)).toMatchObject({
        setting: 'runs',
        'live (mini)': '3',
        'planned (small)': `2 recorded of ${2 + others.length}`,
        [paperTitle]: expect.stringMatching(/^\d+$/) as string,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('has a line for what else differs between the profiles, where there is any', () => {
    expect(cell('table-1', 'the head looks at')).toMatchObject({
      'planned (small)': 'mean of the tokens, each token (answers)',
      [paperTitle]: 'first token, each token (answers)',
    });
    expect(cell('table-1', 'dropout')).toMatchObject({
      'planned (small)': '0.1 from the lowest layer in training upwards',
      [paperTitle]: '0.1 everywhere',
    });
    expect(cell('table-1', 'precision')).toMatchObject({
      'live (mini)': 'float32',
      'planned (small)': 'bf16',
      [paperTitle]: 'float32',
    });
    expect(cell('table-1', 'tr(F) that FUN ranks by')).toMatchObject({
      'live (mini)': 'exact from 16 examples',
      'planned (small)': 'exact from 64 examples, sketch (4 draws) from 64 examples',
    });
    expect(cell('table-12', 'tr(F) that FUN ranks by')).toBeUndefined();
  });

  test('the profile paper runs what the paper ran: four seeds, and 10,000 examples too', () => {
    for (const name of ['table-1', 'table-2', 'table-11', 'table-12']) {
      expect(cell(name, 'seeds'), name).toMatchObject({ [paperTitle]: '1, 2, 3, 4' });
    }
    expect(cell('table-11', 'English examples')).toMatchObject({
      'planned (small)': '1000, 5000',
      [paperTitle]: '1000, 5000, 10000',
    });
  });
});
