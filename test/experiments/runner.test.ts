import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunConfiguration } from '../../src/experiments/configuration';
import { runId } from '../../src/experiments/configuration';
import { configure } from '../../src/experiments/profiles';
import { toColumns, toRows, unpackBits, type RunResult } from '../../src/experiments/result';
import { resultRows } from '../../src/experiments/rows';
import { executeRun, type RunEvent } from '../../src/experiments/runner';
import { openStore, printResult } from '../../src/experiments/store';
import { fillDisk } from '../fullDisk';
import { openFakeLab, type FakeBehaviour } from './fakeLab';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-runner-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configuration = configure('smoke', {
  task: 'nli',
  schedule: { name: 'fun', every: 4 },
  steps: 30,
  trackFisher: { estimator: 'exact', examples: 8, every: 5, layers: 'all' },
  evaluation: { languages: ['en', 'de', 'sw'] },
});

const run = (
  {
    behaviour = {},
    at = folder,
    onEvent,
    save,
  }: { behaviour?: FakeBehaviour; at?: string; onEvent?: (e: RunEvent) => void; save?: string } = {},
  signal?: AbortSignal,
  of: RunConfiguration = configuration,
) =>
  executeRun(of, {
    openLab: (c) => openFakeLab(c, behaviour),
    store: openStore(join(at, 'results')),
    runs: join(at, 'runs'),
    onEvent,
    signal,
    save,
  });

const firstSteps = ({ logs }: RunResult, count: number) => toColumns(stepColumns, toRows(logs.steps).slice(0, count));
const stepColumns = ['step', 'loss', 'learningRate', 'gradNorm'] as const;

/** What must not depend on interruptions. */
const numbers = ({ logs, evaluation }: RunResult) => ({ logs, evaluation });

async function uninterrupted(): Promise<RunResult> {
  const outcome = await run({ at: join(folder, 'reference') });
  if (outcome.state !== 'done') throw new Error(outcome.state);
  return outcome.result;
}

describe('executeRun', () => {
  test('writes the result with every log, and does not run again', async () => {
    const events: string[] = [];
    const first = await run({ onEvent: ({ type }) => events.push(type) });
    if (first.state !== 'done') throw new Error(first.state);
    const { logs, evaluation, cost, layers } = first.result;
    expect(toRows(logs.steps).map(({ step }) => step)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(toRows(logs.unfreezing).map(({ step }) => step)).toEqual([0, 4, 8, 12]);
    expect(toRows(logs.scores)).toHaveLength(4 + 3 + 2 + 1);
    expect(toRows(logs.fisher)).toHaveLength(6 * layers);
    expect(evaluation.map(({ language }) => language)).toEqual(['en', 'de', 'sw']);
    for (const { correct, examples, metrics } of evaluation) {
      const right = unpackBits(correct, examples).filter(Boolean).length;
      expect((100 * right) / examples).toBe(metrics.accuracy);
    }
    expect(cost.sessions).toHaveLength(1);
    expect(cost.peakRssBytes).toBeGreaterThan(1e7);
    expect(events.filter((type) => type === 'step')).toHaveLength(30);
    expect(existsSync(join(folder, 'runs', 'smoke', runId(configuration)))).toBe(false);
    expect(readdirSync(join(folder, 'runs', 'smoke', 'locks'))).toEqual([]);

    const again = await run({ onEvent: () => expect.fail('nothing may happen') });
    expect(again).toEqual({ state: 'present', result: JSON.parse(readFileSync(first.path, 'utf8')) as RunResult });
  });

  test.each([
    [
      'stopped',
      (whole: RunResult) => ({ logs: { ...whole.logs, steps: firstSteps(whole, 12) } }),
      'it took 12 of 30 steps',
    ],
    [
      'not evaluated',
      (whole: RunResult) => ({ evaluation: whole.evaluation.slice(0, 2) }),
      'it was not evaluated in sw',
    ],
  ])('a result that was stored of a run that was %s is not taken for done', async (_, part, lack) => {
    const first = await run();
    if (first.state !== 'done') throw new Error(first.state);
    writeFileSync(first.path, printResult({ ...first.result, ...part(first.result) }));
    await expect(run()).rejects.toThrow(
      `${first.result.id} is not done, although there is a result: ${lack}. Move ${first.path} away and repeat the command.`,
    );
    rmSync(first.path);
    expect((await run()).state).toBe('done');
  });

  test('saved before the result is written: where that fails, the run is not done, and the same call goes on', async () => {
    const save = join(folder, 'saved');
    mkdirSync(join(save, 'saved.json'), { recursive: true }); // in the way
    await expect(run({ save })).rejects.toThrow();
    const results = openStore(join(folder, 'results'));
    expect(results.has(configuration)).toBe(false);
    rmSync(save, { recursive: true });
    const steps: string[] = [];
    expect((await run({ save, onEvent: ({ type }) => steps.push(type) })).state).toBe('done');
    expect(steps).not.toContain('step');
    expect(readFileSync(join(save, 'saved.json'), 'utf8')).toBe(runId(configuration));
  });

  test('a folder that cannot be written is noticed before anything is opened; a run that is done is not saved after it', async () => {
    const save = join(folder, 'saved');
    writeFileSync(save, 'a file is in the way');
    await expect(run({ save, onEvent: () => expect.fail('nothing may happen') })).rejects.toThrow(/saved/);
    rmSync(save);
    const { path } = (await run()) as { path: string };
    await expect(run({ save })).rejects.toThrow(`is done, and was not saved in ${save}. To save it, move ${path} away`);
  });

  test('stopped at every step in turn and resumed: the same result as uninterrupted', async () => {
    const reference = await uninterrupted();
    let outcome;
    for (let stops = 0; ; stops += 1) {
      const abort = new AbortController();
      let steps = 0;
      const onEvent = ({ type }: RunEvent) => (type === 'step' && (steps += 1) === 2 ? abort.abort() : undefined);
      outcome = await run({ onEvent }, abort.signal);
      if (outcome.state !== 'interrupted') {
        expect(stops).toBe(15);
        break;
      }
    }
    if (outcome.state !== 'done') throw new Error(outcome.state);
    expect(numbers(outcome.result)).toEqual(numbers(reference));
    expect(outcome.result.cost.sessions.map(({ firstStep }) => firstStep)).toEqual([
      0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30,
    ]);
  });

  test('dead between two checkpoints, with the last journal line cut off: the same result', async () => {
    const reference = await uninterrupted();
    for (const deadline of [3, 7, 13, 29]) {
      const dying = run({
        onEvent: (event) => {
          if (event.type === 'step' && event.step === deadline) throw new Error('died');
        },
      });
      await expect(dying).rejects.toThrow('died');
      const journal = join(folder, 'runs', 'smoke', runId(configuration), 'journal.jsonl');
      truncateSync(journal, readFileSync(journal).length - 9);
    }
    const outcome = await run();
    if (outcome.state !== 'done') throw new Error(outcome.state);
    expect(numbers(outcome.result)).toEqual(numbers(reference));
  });

  test.each([
    ['in training', (event: RunEvent) => event.type === 'step' && event.step === 17],
    ['in evaluation', (event: RunEvent) => event.type === 'evaluated' && event.left === 1],
    ['at the result', (event: RunEvent) => event.type === 'evaluated' && event.left === 0],
  ])('a disk that is full %s: said so, and with room the same result', async (_, isTheMoment) => {
    let makeRoom = () => {};
    const full = run({
      onEvent: (event) => {
        if (isTheMoment(event)) makeRoom = fillDisk();
      },
    }).finally(() => makeRoom());
    await expect(full).rejects.toThrow(/^The disk is full: .*Free some space and repeat the command\.$/);
    expect(existsSync(join(folder, 'results')) ? readdirSync(join(folder, 'results', 'smoke')) : []).toEqual([]);
    const outcome = await run();
    if (outcome.state !== 'done') throw new Error(outcome.state);
    expect(numbers(outcome.result)).toEqual(numbers(await uninterrupted()));
  });

  test('a journal that lacks steps of its checkpoint is named, as the result would lack them', async () => {
    const stopped = run({
      onEvent: (event) => {
        if (event.type === 'step' && event.step === 17) throw new Error('died');
      },
    });
    await expect(stopped).rejects.toThrow('died');
    const begun = join(folder, 'runs', 'smoke', runId(configuration));
    const journal = join(begun, 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(
      journal,
      lines
        .slice(
          0,
          lines.findIndex((line) => line.includes('"step":12')),
        )
        .join('\n') + '\n',
    );
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(run()).rejects.toThrow(
        `${journal} has 12 of the 15 steps that the checkpoint beside it is of. Remove ${begun} to begin anew.`,
      );
    }
    rmSync(begun, { recursive: true });
    const outcome = await run();
    if (outcome.state !== 'done') throw new Error(outcome.state);
    expect(numbers(outcome.result)).toEqual(numbers(await uninterrupted()));
  });

  test('stopped while evaluating: the languages that are done are not done again', async () => {
    const reference = await uninterrupted();
    const abort = new AbortController();
    const first = await run(
      { onEvent: ({ type }) => (type === 'evaluated' ? abort.abort() : undefined) },
      abort.signal,
    );
    expect(first.state).toBe('interrupted');
    const evaluated: string[] = [];
    let languagesLeft: number | undefined;
    const second = await run({
      onEvent: (event) => {
        if (event.type === 'opening') languagesLeft = event.languagesLeft;
        if (event.type === 'evaluated') evaluated.push(event.evaluation.language);
      },
    });
    expect(languagesLeft).toBe(2);
    expect(evaluated).toEqual(['de', 'sw']);
    if (second.state !== 'done') throw new Error(second.state);
    expect(numbers(second.result)).toEqual(numbers(reference));
  });

  test.each([
    ['FUN_RUNS', 'runs'],
    ['FUN_RESULTS', 'results'],
  ])('folders that cannot be written are noticed before anything is opened: %s', async (variable, name) => {
    writeFileSync(join(folder, name), 'a file is in the way');
    const events: string[] = [];
    await expect(run({ onEvent: ({ type }) => events.push(type) })).rejects.toThrow(
      new RegExp(`/${name}/smoke cannot be written \\(.+\\)\\. Set ${variable} to a folder that you can write to`),
    );
    expect(events).toEqual([]);
  });

  test('refuses a schedule that the model at hand is too deep for, and leaves no lock', async () => {
    const late = configure('smoke', { task: 'nli', schedule: { name: 'gradual', every: 5 }, steps: 15 });
    await expect(run({}, undefined, late)).rejects.toThrow(/opens its last layer at step 15 \(4 layers\)/);
    expect(readdirSync(join(folder, 'runs', 'smoke', 'locks'))).toEqual([]);
  });
});

describe('store', () => {
  test('never overwrites, and names a file that is not whole', async () => {
    const outcome = await run();
    if (outcome.state !== 'done') throw new Error(outcome.state);
    const store = openStore(join(folder, 'results'));
    expect(() => store.write(outcome.result)).toThrow(/exists already. Results are never overwritten/);
    expect(store.ids('smoke')).toEqual([outcome.result.id]);
    expect(store.all('smoke')).toEqual([outcome.result]);

    const whole = readFileSync(outcome.path, 'utf8');
    for (const [text, why] of [
      [whole.slice(0, whole.length / 2), /not a whole result file.*Move it away/s],
      ['null', /it holds no object/],
      ['{"format":1}', /configuration, code, .* missing/],
      [whole.replace('"format": 1', '"format": 99'), /its format is 99, this program reads 1/],
      [whole.replace('"seed": 1', '"seed": 2'), /its configuration is that of "nli-.*-s2-/],
    ] as const) {
      writeFileSync(outcome.path, text);
      expect(() => store.read('smoke', outcome.result.id)).toThrow(why);
      expect(() => store.all('smoke')).toThrow(outcome.path);
    }
  });

  test('results as rows', async () => {
    const outcome = await run();
    if (outcome.state !== 'done') throw new Error(outcome.state);
    const rows = resultRows([outcome.result]);
    const labels = { runId: outcome.result.id, schedule: 'fun', seed: 1 };
    const settings = expect.stringContaining('"schedule.name":"fun"') as string;
    expect(rows.runs).toEqual([
      { ...labels, model: 'tiny-random', task: 'nli', dataset: 'mini-nli', profile: 'smoke', steps: 30, settings },
    ]);
    expect(rows.unfreezing.map(({ order }) => order)).toEqual([0, 1, 2, 3]);
    expect(rows.scores).toHaveLength(3);
    expect(rows.steps[7]).toEqual({ ...labels, step: 7, ...toRows(outcome.result.logs.steps)[7] });
    expect(rows.fisher[5]).toMatchObject({ ...labels, step: 5, layer: 1, trainable: expect.any(Boolean) as boolean });
  });
});
