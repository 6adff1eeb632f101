/** Results sorted into what may be compared, settings beside the paper's, and the sweeps of the notebooks. */
import { describe, expect, test } from 'vitest';
import { comparisons, describeSchedule, paperSettingOf } from '../../src/experiments/comparisons';
import { runId } from '../../src/experiments/configuration';
import { firstLight, sweeps } from '../../src/experiments/definitions/index';
import { fixedOrders } from '../../src/experiments/definitions/fixedOrders';
import { notebookSweeps } from '../../src/experiments/definitions/mini';
import { configure, type RunChoices } from '../../src/experiments/profiles';
import { resultRows } from '../../src/experiments/rows';
import { settingsTable } from '../../src/experiments/settingsTable';
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
  const cell = (name: string, setting: string) =>
    settingsTable(sweepNamed(name), 'mini').find((line) => line.setting === setting)!;

  test('has live runs, recorded ones and the paper side by side', () => {
    expect(cell('table-2', 'base model')).toEqual({
      setting: 'base model',
      'live (mini)': 'multilingual-e5-small',
      'recorded (small)': 'multilingual-e5-small',
      'the paper (profile paper)': 'xlm-roberta-base',
    });
    expect(cell('table-2', 'trained part')).toMatchObject({
      'live (mini)': 'lora8',
      'the paper (profile paper)': 'lora8',
    });
    expect(cell('table-12', 'language adapters')).toMatchObject({
      'live (mini)': 'none',
      'the paper (profile paper)': 'hub',
    });
  });

  test('leaves out profiles in which the sweep has no run', () => {
    expect(Object.keys(cell('table-16', 'runs'))).toEqual(['setting', 'the paper (profile paper)']);
  });
});
