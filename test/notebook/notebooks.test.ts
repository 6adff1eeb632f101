/**
 * The notebooks: each is short, stores no stale outputs, and runs from top to bottom in the profile `smoke`, with
 * figures and without errors. The recorded results that they show are made up here, so that every cell has its say
 * whatever has been recorded: all of most comparisons, none of LoRA, and Table 12 without its reverse runs.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunConfiguration } from '../../src/experiments/configuration';
import { notebookSweeps } from '../../src/experiments/definitions/mini';
import { findSweep } from '../../src/experiments/definitions/index';
import { openStore } from '../../src/experiments/store';
import { expandSweep } from '../../src/experiments/sweep';
import { executeNotebook } from '../../src/notebook/execute';
import { hasJupyter } from '../../src/notebook/jupyter';
import { checkOutputs, readNotebook, textOf } from '../../src/notebook/notebookFile';
import { recordedResults, staleOutputs } from '../../src/notebook/recorded';
import { madeUpResult } from './madeUpResults';

const project = path.resolve(__dirname, '../..');
const folder = path.join(project, 'notebooks');
const names = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));

describe.each(names)('%s', (name) => {
  const notebook = readNotebook(path.join(folder, name));
  const code = notebook.cells.filter(({ cell_type }) => cell_type === 'code').map(({ source }) => textOf(source));

  test('has a title, at most 12 code cells, and none over 15 lines', () => {
    expect(textOf(notebook.cells[0]!.source)).toMatch(/^# \S/);
    expect(code.length).toBeLessThanOrEqual(12);
    for (const cell of code) expect(cell.split('\n').length, cell).toBeLessThanOrEqual(15);
  });

  test('stores no outputs but those of the recorded results', () => {
    const recorded = [openStore(path.join(project, 'data', 'results'))];
    const today = (sweep: string, profile: RunConfiguration['profile']) =>
      recordedResults(findSweep(sweep), { profile, from: recorded });
    expect(staleOutputs(notebook, today)).toEqual([]);
  });

  test('is opened with this project’s kernel', () => {
    expect(notebook.metadata.kernelspec).toMatchObject({ name: 'tslab', language: 'typescript' });
  });
});

describe.skipIf(!hasJupyter())('executed (skipped where "npm start" has not made Jupyter)', () => {
  let temporary: string;
  beforeAll(() => {
    temporary = mkdtempSync(path.join(tmpdir(), 'notebooks-test-'));
    const store = openStore(path.join(temporary, 'recorded'));
    const isLeftOut = ({ method, schedule }: RunConfiguration) =>
      method.type === 'lora' || schedule.name === 'gradual-reverse';
    for (const configuration of notebookSweeps.flatMap((sweep) => expandSweep(sweep, 'small'))) {
      if (!isLeftOut(configuration) && !store.has(configuration)) store.write(madeUpResult(configuration));
    }
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  /** Every notebook has a results folder of its own: nothing is taken over from another, and none waits for another. */
  const execute = async (name: string) => {
    const own = path.join(temporary, path.basename(name, '.ipynb'));
    mkdirSync(own, { recursive: true });
    symlinkSync(path.join(temporary, 'recorded', 'small'), path.join(own, 'small'));
    const run = await executeNotebook(path.join(folder, name), {
      profile: 'smoke',
      output: path.join(own, name),
      timeout: 300,
      env: { FUN_RESULTS: own, FUN_RUNS: path.join(own, 'runs') },
    });
    return { errors: run.errors, problems: checkOutputs(readNotebook(run.output)) };
  };

  // Two at a time: a kernel takes 0.6 GB and about one core.
  const atATime = twoAtATime();
  test.concurrent.each(names)(
    '%s: runs through, with figures and without errors',
    async (name) => {
      expect(await atATime(() => execute(name))).toEqual({ errors: [], problems: [] });
    },
    900_000,
  );
});

/** Runs what it is given, but never more than two of them at once; the others wait their turn. */
function twoAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  let turn = 0;
  return (work) => {
    const lane = turn++ % lanes.length;
    const done = lanes[lane]!.then(work, work);
    lanes[lane] = done;
    return done;
  };
}
