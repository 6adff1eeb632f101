/**
 * Recorded results in notebooks: what is there, what is missing, and outputs that are no longer those of the results.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { transpile } from 'typescript';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/engine/places';
import { comparisons } from '../../src/experiments/comparisons';
import { runId } from '../../src/experiments/configuration';
import { findSweep } from '../../src/experiments/definitions/index';
import { resultRows } from '../../src/experiments/rows';
import { openStore, type ResultsStore } from '../../src/experiments/store';
import { defineSweep, expandSweep } from '../../src/experiments/sweep';
import * as figures from '../../src/figures/index';
import { readNotebook, textOf, type Notebook } from '../../src/notebook/notebookFile';
import { describeRecorded, recordedResults, results, staleOutputs } from '../../src/notebook/recorded';
import { madeUpResult } from './madeUpResults';

const sweep = defineSweep({
  name: 'two-schedules',
  title: 'a sweep of this test',
  profile: 'small',
  runs: () =>
    [1, 2, 3].flatMap((seed) =>
      (['standard', 'gradual'] as const).map((name) => ({ task: 'nli' as const, schedule: { name }, seed })),
    ),
});
const configurations = expandSweep(sweep, 'small');

let folders: string[];
let stores: ResultsStore[];
beforeEach(() => {
  folders = [0, 1].map(() => mkdtempSync(path.join(tmpdir(), 'recorded-test-')));
  stores = folders.map((folder) => openStore(folder));
});
afterEach(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const recorded = () => recordedResults(sweep, { from: stores });

describe('recordedResults', () => {
  test('finds results in either place, in the order of the sweep, and knows what is missing', () => {
    const [first, second, third] = configurations;
    stores[1]!.write(madeUpResult(first!));
    stores[0]!.write(madeUpResult(third!));
    const { results, missing } = recorded();
    expect(results.map(({ id }) => id)).toEqual([runId(first!), runId(third!)]);
    expect(missing.map(runId)).toEqual([second!, ...configurations.slice(3)].map(runId));
  });

  test('its hash is that of the files: the same for the same, another for one changed number', () => {
    const result = madeUpResult(configurations[0]!);
    stores[0]!.write(result);
    stores[1]!.write({ ...result, cost: { ...result.cost, peakRssBytes: 1 } });
    const hash = (place: number) => recordedResults(sweep, { from: [stores[place]!] }).hash;
    expect(hash(0)).toMatch(/^[0-9a-f]{12}$/);
    expect(hash(0)).toBe(hash(0));
    expect(hash(0)).not.toBe(hash(1));
  });
});

test('results: those of either place; of a run in both, the first place counts', () => {
  const [one, two, three] = configurations.map((configuration) => madeUpResult(configuration));
  const cost = { ...one!.cost, peakRssBytes: 1 };
  for (const result of [{ ...one!, cost }, two!]) stores[0]!.write(result);
  for (const result of [one!, three!]) stores[1]!.write(result);
  const all = results('small', { from: stores });
  expect(all.map(({ id }) => id).sort()).toEqual([one!, two!, three!].map(({ id }) => id).sort());
  expect(all.find(({ id }) => id === one!.id)!.cost.peakRssBytes).toBe(1);
  expect(results('mini', { from: stores })).toEqual([]);
});

describe('describeRecorded', () => {
  test('nothing: says so, what is missing, and the command that makes it', () => {
    const text = describeRecorded(recorded());
    expect(text).toContain('**Recorded runs of profile small: 0 of 6.**');
    expect(text).toContain('standard (seeds 1, 2, 3), gradual (seeds 1, 2, 3)');
    expect(text).toMatch(/`npm run sweep -- two-schedules --profile small` makes them \(about \d+ (h \d+ )?min/);
    expect(text).not.toContain('Made from');
  });

  test('some: what they were made from, that the data is a subset, and what is missing', () => {
    for (const configuration of configurations.slice(0, 5)) stores[0]!.write(madeUpResult(configuration));
    const text = describeRecorded(recorded());
    expect(text).toContain('5 of 6');
    expect(text).toMatch(/Missing: .*: gradual \(seed 3\)\. /);
    const steps = configurations[0]!.steps.toLocaleString('en');
    expect(text).toContain(
      `Made from: multilingual-e5-small; mnli; ${steps} steps; seeds 1–3 (gradual (GU): 1, 2); 5 runs of profile small.`,
    );
    expect(text).toContain('Not the whole sets: mnli train 20,000 of 392,702.');
    expect(text).toContain('Code 01234567; made up.');
  });

  test('all: nothing is called missing', () => {
    for (const configuration of configurations) stores[0]!.write(madeUpResult(configuration));
    expect(describeRecorded(recorded())).not.toContain('Missing');
  });
});

describe('staleOutputs', () => {
  const notebook = (text?: string): Notebook => ({
    metadata: {},
    cells: [
      {
        cell_type: 'code',
        source: 'x',
        outputs:
          text === undefined ? [] : [{ output_type: 'display_data', data: { 'text/plain': text.split(/(?<=\n)/) } }],
      },
    ],
  });

  test('no outputs and outputs of the same results are well', () => {
    stores[0]!.write(madeUpResult(configurations[0]!));
    expect(staleOutputs(notebook(), recorded)).toEqual([]);
    expect(staleOutputs(notebook(describeRecorded(recorded())), recorded)).toEqual([]);
  });

  test('one more result, one changed result, and outputs that do not say are stale', () => {
    const result = madeUpResult(configurations[0]!);
    stores[0]!.write(result);
    const stored = notebook(describeRecorded(recorded()));
    stores[1]!.write(madeUpResult(configurations[1]!));
    expect(staleOutputs(stored, recorded)).toEqual([
      expect.stringMatching(/two-schedules\/small\/1\/.*two-schedules\/small\/2\//),
    ]);
    rmSync(path.join(folders[0]!, 'small'), { recursive: true });
    rmSync(path.join(folders[1]!, 'small'), { recursive: true });
    stores[0]!.write({ ...result, layers: 13 });
    expect(staleOutputs(stored, recorded)).toHaveLength(1);
    expect(staleOutputs(notebook('a figure'), recorded)).toEqual([
      'there are outputs, but none says which results it was drawn from',
    ]);
  });
});

/** In `small`, a notebook's live runs are the whole comparison: several tasks, which no figure may mix. */
describe('the figures of tr(F) and of the loss, of all runs of profile small', () => {
  const draw = (name: string, sweep: string): figures.Figure[] => {
    const { cells } = readNotebook(path.join(projectRoot(), 'notebooks', `${name}.ipynb`));
    const code = cells
      .filter(({ cell_type }) => cell_type === 'code')
      .map(({ source }) => textOf(source))
      .filter(
        (source) => /figures\.(fisherHeatmap|fisherCurves|lossCurves)/.test(source) && !/await|past/.test(source),
      );
    const live = expandSweep(findSweep(sweep), 'small').map((configuration) => madeUpResult(configuration));
    const shown: figures.Figure[] = [];
    const fun = { figures, comparisons, show: (figure: figures.Figure) => shown.push(figure) };
    runInNewContext(transpile(code.join('\n')), { fun, live, rows: resultRows(live), say: () => undefined });
    return shown;
  };
  const titleOf = ({ layout }: figures.Figure) => (layout.title as { text: string }).text;
  const trainedOn = ({ layout }: figures.Figure) =>
    ['mnli', 'copa', 'squad'].filter((set) => layout.annotations!.some(({ text }) => text!.includes(set)));

  test.each([
    ['04-figure-3-fisher-curves', 'figure-3', ['mnli', 'copa', 'squad']],
    ['06-figure-5-fun-order', 'figure-5', ['mnli', 'copa', 'squad']],
    // XQuAD and MLQA are two comparisons of one training set.
    ['09-reverse-table-12', 'table-12', ['mnli', 'squad', 'squad']],
  ])('%s: one for each task', (name, sweep, sets) => {
    const each = sets.map((set) => [set]);
    const shown = draw(name, sweep);
    const heatmaps = shown.filter((figure) => titleOf(figure) === 'Fisher information by layer');
    expect(heatmaps.map(trainedOn)).toEqual(each);
    const losses = shown.filter((figure) => titleOf(figure) === 'Training loss');
    expect(losses.map(trainedOn)).toEqual(name.startsWith('04') ? each : []);
  });
});
