/**
 * Files of one's own that change under the same path, with as many examples as before: what was done with the old ones
 * is not taken for done with the new ones, and no run goes on from one to the other.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dispatch } from '../../src/commands/dispatch';
import { projectRoot } from '../../src/engine/places';
import { runId, trainingId, type RunConfiguration } from '../../src/experiments/configuration';
import { expandSweep } from '../../src/experiments/sweep';
import { findSweep } from '../../src/experiments/definitions/index';
import { planRuns } from '../../src/experiments/plan';
import { configure, type RunChoices } from '../../src/experiments/profiles';
import type { RunResult } from '../../src/experiments/result';
import { executeRun, type RunOptions, type RunOutcome } from '../../src/experiments/runner';
import { openSession } from '../../src/experiments/session';
import { openStore, printResult } from '../../src/experiments/store';
import { saveAdapter } from '../../src/models/adapterFiles';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import { seqBnInv } from '../../src/training/languageAdapter';
import { writeTinyModel } from '../models/tinyModelFolder';
import { madeUpResult } from '../notebook/madeUpResults';
import { temporaryFolder } from '../temporaryFolder';

let folder: string;
let mirror: string;
beforeEach(() => {
  folder = temporaryFolder();
  mirror = join(folder, 'mirror');
  process.env.FUN_DATA = mirror;
  process.env.FUN_HOME = join(folder, 'home');
  const own = join(projectRoot(), 'data', 'mini', 'xnli');
  put('mnli/train.tsv', readFileSync(join(own, 'train-en.tsv'), 'utf8'));
  for (const file of ['dev-en.tsv', 'test-de.tsv', 'test-sw.tsv']) {
    put(`xnli/${file}`, readFileSync(join(own, file), 'utf8'));
  }
});
afterEach(() => {
  for (const name of ['FUN_DATA', 'FUN_HOME', 'FUN_RESULTS', 'FUN_RUNS']) delete process.env[name];
  vi.restoreAllMocks();
});

function put(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(mirror, file)), { recursive: true });
  writeFileSync(join(mirror, file), content);
}

/** Exchanges two labels of a file: another content of the same size, with as many examples. Twice: the old one. */
function change(file: string): void {
  const names: Readonly<Record<string, string>> = { entailment: 'contradiction', contradiction: 'entailment' };
  const text = readFileSync(join(mirror, file), 'utf8');
  put(
    file,
    text.replace(/(entailment|contradiction)$/gm, (label) => names[label]!),
  );
}

const of = (choices: Partial<RunChoices> = {}): RunConfiguration =>
  configure('smoke', {
    task: 'nli',
    data: { suite: 'published', trainExamples: 200 },
    evaluation: { languages: ['de'] },
    ...choices,
  });

const runs = () => join(folder, 'runs');
const store = () => openStore(join(folder, 'results'));

const execute = (configuration: RunConfiguration, options: Partial<RunOptions> = {}): Promise<RunOutcome> =>
  executeRun(configuration, { openLab: (c) => openSession(c), store: store(), runs: runs(), ...options });

async function done(configuration: RunConfiguration, options: Partial<RunOptions> = {}): Promise<RunResult> {
  const outcome = await execute(configuration, options);
  if (outcome.state !== 'done') throw new Error(outcome.state);
  return outcome.result;
}

/** Stops the run after its fifth step. */
async function stopped(configuration: RunConfiguration): Promise<void> {
  const abort = new AbortController();
  const outcome = await execute(configuration, {
    onEvent: (event) => (event.type === 'step' && event.step === 4 ? abort.abort() : undefined),
    signal: abort.signal,
  });
  expect(outcome.state).toBe('interrupted');
}

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const hashIn = (file: string) => sha256(readFileSync(join(mirror, file)));

describe('a result names its files', () => {
  test('data, each by the SHA-256 of its content', async () => {
    const text = readFileSync(join(mirror, 'xnli/test-sw.tsv'));
    rmSync(join(mirror, 'xnli/test-sw.tsv'));
    put('xnli/test-sw.tsv.gz', gzipSync(text));
    const { data } = await done(of({ evaluation: { languages: ['de', 'sw'] } }));
    expect(data.map(({ files }) => files)).toEqual([
      { 'mirror:mnli/train.tsv': hashIn('mnli/train.tsv') },
      { 'mirror:xnli/dev-en.tsv': hashIn('xnli/dev-en.tsv') },
      { 'mirror:xnli/test-de.tsv': hashIn('xnli/test-de.tsv') },
      { 'mirror:xnli/test-sw.tsv.gz': sha256(text) },
    ]);
  });

  test('a model in a folder: weights, configuration and vocabulary', async () => {
    const model = writeTinyModel(join(folder, 'model'));
    const source = async () => {
      const session = await openSession(of({ model }));
      await session.close();
      return session.modelSource;
    };
    const first = await source();
    expect(first).toMatch(/^a local folder, sha256 [0-9a-f]{16}$/);
    writeFileSync(join(model, 'README.md'), 'a model');
    expect(await source()).toBe(first);
    const sources = [first];
    for (const [file, old, other] of [
      ['config.json', '}', ', "layer_norm_eps": 1e-6}'],
      ['vocab.txt', 'The', 'Thy'],
    ] as const) {
      writeFileSync(join(model, file), readFileSync(join(model, file), 'utf8').replace(old, other));
      sources.push(await source());
    }
    writeTinyModel(model, 1);
    sources.push(await source());
    expect(new Set(sources).size).toBe(4);
  });
});

describe('a result of other files is not taken for done', () => {
  test('data: the file is named, and what to do; with the old file it is done again', async () => {
    const configuration = of();
    const result = await done(configuration);
    expect((await execute(configuration)).state).toBe('present');
    change('mnli/train.tsv');
    await expect(execute(configuration)).rejects.toThrow(
      `${result.id} is done, but with other files than are there now: mirror:mnli/train.tsv. To do it again, move ` +
        `${join(folder, 'results', 'smoke', `${result.id}.json`)} away and repeat the command; to keep it, put the old ` +
        `files back.`,
    );
    change('mnli/train.tsv');
    expect((await execute(configuration)).state).toBe('present');
    change('xnli/test-de.tsv');
    await expect(execute(configuration)).rejects.toThrow(/than are there now: mirror:xnli\/test-de\.tsv\. /);
  });

  test('the data of another place or none, and results of before, which name no files, are taken as they are', async () => {
    const configuration = of();
    const result = await done(configuration);
    renameSync(mirror, `${mirror}-elsewhere`);
    expect((await execute(configuration)).state).toBe('present');
    delete process.env.FUN_DATA;
    expect((await execute(configuration)).state).toBe('present');
    renameSync(`${mirror}-elsewhere`, mirror);
    process.env.FUN_DATA = mirror;
    change('mnli/train.tsv');
    const older = { ...result, data: result.data.map(({ files: _, ...part }) => part) };
    writeFileSync(join(folder, 'results', 'smoke', `${result.id}.json`), printResult(older));
    expect((await execute(configuration)).state).toBe('present');
  });

  test('a model in a folder', async () => {
    const model = writeTinyModel(join(folder, 'model'));
    const configuration = of({ model });
    const result = await done(configuration);
    expect((await execute(configuration)).state).toBe('present');
    writeTinyModel(model, 1);
    await expect(execute(configuration)).rejects.toThrow(
      /than are there now: the model \(a local folder, sha256 \w{16}, now a local folder, sha256 \w{16}\)\. /,
    );
    const older = { ...result, modelSource: 'a local folder' };
    writeFileSync(join(folder, 'results', 'smoke', `${result.id}.json`), printResult(older));
    expect((await execute(configuration)).state).toBe('present');
    writeFileSync(join(folder, 'results', 'smoke', `${result.id}.json`), printResult(result));
    rmSync(model, { recursive: true });
    expect((await execute(configuration)).state).toBe('present');
  });

  test('language adapters', async () => {
    const path = join(folder, 'adapters');
    const write = (language: string, seed: number) => {
      const model = new AdapterModel('tiny-random', tinyEncoder());
      model.addLanguageAdapter(language, seqBnInv, seed);
      saveAdapter(model, language, join(path, language));
      model.dispose();
    };
    for (const language of ['en', 'de']) write(language, 1);
    const configuration = of({ languageAdapters: { source: 'folder', path } });
    await done(configuration);
    expect((await execute(configuration)).state).toBe('present');
    write('de', 2);
    await expect(execute(configuration)).rejects.toThrow(
      /than are there now: the language adapter "de" \(sha256 \w{16}, now sha256 \w{16}\)\. /,
    );
  });

  test('what training starts from', async () => {
    const startFrom = join(folder, 'start');
    const write = (seed: number) => {
      const model = new AdapterModel('tiny-random', tinyEncoder());
      model.addTaskAdapter('t', { type: 'bottleneck', reductionFactor: 16, activation: 'relu', leaveOut: [] }, seed);
      saveAdapter(model, 't', startFrom);
      model.dispose();
    };
    write(1);
    const configuration = of({ startFrom });
    const result = await done(configuration);
    expect(result.startedFrom?.parts).toBe('adapter');
    expect((await execute(configuration)).state).toBe('present');
    write(2);
    await expect(execute(configuration)).rejects.toThrow(
      /than are there now: what training starts from \(sha256 \w{16}, now sha256 \w{16}\)\. /,
    );
    rmSync(startFrom, { recursive: true });
    expect((await execute(configuration)).state).toBe('present');
  });

  test('a sweep says so before it begins; its plan shows it; without the data the plan is as before', async () => {
    process.env.FUN_RESULTS = join(folder, 'results');
    process.env.FUN_RUNS = runs();
    const [first, ...others] = expandSweep(findSweep('nli-schedules'), 'small');
    const hashes = { 'mirror:mnli/train.tsv': hashIn('mnli/train.tsv') };
    for (const run of [first!, ...others]) {
      const result = madeUpResult(run);
      store().write({
        ...result,
        data: result.data.map((part) => (run === first ? { ...part, files: hashes } : part)),
      });
    }
    change('mnli/train.tsv');
    const said: string[] = [];
    for (const stream of ['log', 'error'] as const) {
      vi.spyOn(console, stream).mockImplementation((text: unknown) => void said.push(String(text)));
    }
    const command = async (...options: string[]) => {
      said.length = 0;
      const code = await dispatch(['sweep', 'nli-schedules', ...options]);
      return { code, text: said.join('\n') };
    };
    const fault = `${runId(first!)} is done, but with other files than are there now: mirror:mnli/train.tsv.`;
    expect(await command()).toEqual({ code: 1, text: expect.stringContaining(fault) as string });
    const dry = await command('--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.text).toContain(`  faulty                ${runId(first!)}\n`);
    expect(dry.text).toContain(fault);
    expect(dry.text).toContain(`${others.length + 1} runs, ${others.length} done, 1 faulty;`);
    expect((await command('--dry-run', '--only', runId(others[0]!))).text).not.toContain('faulty');
    delete process.env.FUN_DATA;
    expect((await command('--dry-run')).text).toContain(`${others.length + 1} runs, ${others.length + 1} done; about`);
  });
});

describe('a run goes on with the files that it began with', () => {
  test.each([
    ['training data', 'mnli/train.tsv'],
    ['validation data', 'xnli/dev-en.tsv'],
    ['test data', 'xnli/test-de.tsv'],
  ])('%s: the file is named, and what to do', async (_, file) => {
    const configuration = of();
    await stopped(configuration);
    change(file);
    await expect(execute(configuration)).rejects.toThrow(
      `${runId(configuration)} was begun with other files than are there now: mirror:${file}. To go on would mix them. ` +
        `Put the old files back, or remove ${join(runs(), 'smoke', runId(configuration))} to begin anew.`,
    );
    change(file);
    const resumed = await done(configuration);
    const { logs, evaluation } = await done(configuration, {
      store: openStore(join(folder, 'reference')),
      runs: join(folder, 'reference-runs'),
    });
    expect(resumed).toMatchObject({ logs, evaluation });
    expect(resumed.cost.sessions.map(({ firstStep }) => firstStep)).toEqual([0, 0, 5]);
  });

  test('the subset that it began with, when the whole set has come', async () => {
    renameSync(join(mirror, 'mnli/train.tsv'), join(mirror, 'mnli/train.subset.tsv'));
    await stopped(of());
    copyFileSync(join(mirror, 'mnli/train.subset.tsv'), join(mirror, 'mnli/train.tsv'));
    change('mnli/train.tsv');
    await expect(execute(of())).rejects.toThrow(
      /than are there now: mirror:mnli\/train\.subset\.tsv \(now mirror:mnli\/train\.tsv\)\. /,
    );
  });

  test('the same content in another form is the same', async () => {
    await stopped(of());
    put('mnli/train.tsv.gz', gzipSync(readFileSync(join(mirror, 'mnli/train.tsv'))));
    rmSync(join(mirror, 'mnli/train.tsv'));
    expect((await done(of())).cost.sessions.map(({ firstStep }) => firstStep)).toEqual([0, 5]);
  });

  test('a model in a folder', async () => {
    const model = writeTinyModel(join(folder, 'model'));
    await stopped(of({ model }));
    writeTinyModel(model, 1);
    await expect(execute(of({ model }))).rejects.toThrow(/was begun with other files.*the model \(a local folder, /);
    writeTinyModel(model);
    expect((await execute(of({ model }))).state).toBe('done');
  });

  test('begun by a program that did not note the files: goes on', async () => {
    const configuration = of();
    await stopped(configuration);
    const journal = join(runs(), 'smoke', runId(configuration), 'journal.jsonl');
    const lines = readFileSync(journal, 'utf8').split('\n');
    const older = lines.map((line) => (line.includes('"opened"') ? '{"type":"opened","at":1}' : line));
    writeFileSync(journal, older.join('\n'));
    change('mnli/train.tsv');
    expect((await execute(configuration)).state).toBe('done');
  });

  test('a training that another run left: not with other training data, but with other tests', async () => {
    const [german, swahili] = [of(), of({ evaluation: { languages: ['sw'] } })];
    const others = [german, swahili];
    await done(german, { others });
    expect(existsSync(join(runs(), 'smoke', `trained-${trainingId(german)}`))).toBe(true);
    change('xnli/dev-en.tsv');
    await expect(execute(swahili, { others })).rejects.toThrow(/was begun with other files.*mirror:xnli\/dev-en\.tsv/);
    change('xnli/dev-en.tsv');
    change('xnli/test-sw.tsv');
    change('xnli/test-de.tsv');
    expect((await done(swahili, { others })).trainedBy).toBe(runId(german));
  });
});

describe('what is kept of a computation is not that of the old files', () => {
  test('encoded sets and hidden states', async () => {
    const model = writeTinyModel(join(folder, 'model'));
    // On so few examples the prefix cache pays.
    const configuration = of({
      model,
      data: { suite: 'published', trainExamples: 8 },
      schedule: { name: 'lpft' },
      prefixDropout: false,
    });
    const fresh = async (at: string, home: string) => {
      process.env.FUN_HOME = join(folder, home);
      const { logs, evaluation } = await done(configuration, {
        store: openStore(join(folder, at)),
        runs: join(folder, `${at}-runs`),
      });
      return { logs, evaluation };
    };
    const before = await fresh('a', 'home');
    change('mnli/train.tsv');
    const data = await fresh('b', 'home');
    expect(data).toEqual(await fresh('c', 'another-home'));
    writeTinyModel(model, 1);
    const weights = await fresh('d', 'home');
    expect(weights).toEqual(await fresh('e', 'a-third-home'));
    expect(new Set([before, data, weights].map(({ logs }) => JSON.stringify(logs.steps.loss))).size).toBe(3);
  });
});

test('plans need no data', async () => {
  await done(of());
  delete process.env.FUN_DATA;
  expect(planRuns([of()], store(), runs())).toMatchObject([{ state: 'done' }]);
});
