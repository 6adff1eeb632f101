import { describe, expect, test } from 'vitest';
import { wrap } from '../../src/figures/frame';
import { provenance, runsOf } from '../../src/figures/provenance';
import type { RunRow } from '../../src/figures/rows';

const run = (more: Partial<RunRow>): RunRow => ({
  runId: 'a',
  schedule: 'fun',
  seed: 1,
  model: 'xlmr',
  task: 'nli',
  dataset: 'mnli',
  profile: 'small',
  steps: 1200,
  settings: '{}',
  ...more,
});

describe('what a figure was made from', () => {
  test('one run', () => {
    expect(provenance([run({})])).toBe('xlmr; mnli; 1,200 steps; seed 1; 1 run of profile small');
  });

  test('several models, lengths and seeds', () => {
    const seeds = [4, 1, 2, 3, 7, 9, 10].map((seed) => run({ seed, steps: seed === 1 ? 600 : 1200 }));
    expect(provenance([...seeds, run({ model: 'mbert', seed: 2 })])).toBe(
      'xlmr, mbert; mnli; 600 or 1,200 steps; seeds 1–4, 7, 9, 10 (mbert: 2); 8 runs of profile small',
    );
  });

  test('what was trained where it was not the task adapter, and on how many examples where not on all', () => {
    const chosen = (method: string, trainExamples: number | string) =>
      run({ settings: JSON.stringify({ 'method.type': method, 'data.trainExamples': trainExamples }) });
    const of = (...runs: RunRow[]) => provenance(runs).split('; ').slice(0, 2);
    expect(of(chosen('bottleneck', 'all'))).toEqual(['xlmr', 'mnli']);
    expect(of(chosen('lora', 'all'))).toEqual(['xlmr, LoRA', 'mnli']);
    expect(of(chosen('bottleneck', 5000))).toEqual(['xlmr', 'mnli, 5,000 examples']);
    expect(of(chosen('bottleneck', 5000), chosen('full', 'all'), chosen('bottleneck', 1000))).toEqual([
      'xlmr, adapters or full fine-tuning',
      'mnli, 1,000 or 5,000 or all examples',
    ]);
  });

  test('schedules that were not run with all of the seeds', () => {
    const runs = [1, 2, 3].flatMap((seed) => ['fun', 'gradual'].map((schedule) => run({ seed, schedule })));
    expect(provenance(runs)).toContain('; seeds 1–3; 6 runs');
    const more = ['random', 'lpft'].map((schedule) => run({ schedule }));
    expect(provenance([...runs, ...more])).toContain('; seeds 1–3 (random, LPFT: 1); 8 runs');
    expect(provenance([...runs, ...more, run({ schedule: 'lpft', seed: 2 })])).toContain(
      '; seeds 1–3 (random: 1 / LPFT: 1, 2); 9 runs',
    );
  });

  test('training sets and models that were not run with all of the seeds, by name', () => {
    const of = (dataset: string, seeds: readonly number[], schedule = 'fun', model = 'xlmr') =>
      seeds.map((seed) => run({ dataset, seed, schedule, model }));
    const mnli = of('mnli', [1, 2, 3, 4]);
    const squad = of('squad', [1, 2]);
    expect(provenance([...mnli, ...squad])).toContain('; seeds 1–4 (squad: 1, 2); 6 runs');
    expect(provenance([...mnli, ...of('squad', [1, 2, 3, 4]), ...of('squad', [1], 'lpft')])).toContain(
      '; seeds 1–4 (LPFT: 1); 9 runs',
    );
    const random = (dataset: string) => of(dataset, [1, 2], 'random');
    expect(provenance([...mnli, ...random('mnli'), ...of('squad', [1, 2, 3, 4], 'random')])).toContain(
      '; seeds 1–4 (random on mnli: 1, 2); 10 runs',
    );
    expect(provenance([...mnli, ...random('mnli'), ...squad, ...random('squad')])).toContain(
      '; seeds 1–4 (squad, random: 1, 2); 10 runs',
    );
    const both = [...mnli, ...of('squad', [1, 2, 3, 4]), ...of('mnli', [1, 2, 3, 4], 'fun', 'mbert')];
    expect(provenance([...both, ...of('squad', [3], 'fun', 'mbert')])).toContain(
      '; seeds 1–4 (mbert squad: 3); 13 runs',
    );
  });

  test('only the runs that rows are of', () => {
    const runs = [run({}), run({ runId: 'b' })];
    expect(runsOf([{ runId: 'b' }, { runId: 'b' }], runs)).toEqual([runs[1]]);
    expect(() => runsOf([{ runId: 'c' }], runs)).toThrow(/run "c", but no run row of that name; 2 run rows/);
  });
});

test('small print is broken between its parts', () => {
  expect(wrap(['aaaa', 'bbbb', '', 'cccc'], '; ', 10)).toEqual(['aaaa; bbbb', 'cccc']);
  expect(wrap(['longer than that', 'b'], '; ', 5)).toEqual(['longer than that', 'b']);
});
