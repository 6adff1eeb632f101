import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/engine/places';
import { runId, trainingId, type RunConfiguration } from '../../src/experiments/configuration';
import { estimateSeconds } from '../../src/experiments/cost';
import { planRuns } from '../../src/experiments/plan';
import { configure } from '../../src/experiments/profiles';
import { ownSeconds, totalSeconds, type RunResult } from '../../src/experiments/result';
import { executeRun, type OpenLab } from '../../src/experiments/runner';
import { openSession } from '../../src/experiments/session';
import { openStore } from '../../src/experiments/store';
import { openFakeLab } from './fakeLab';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-shared-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const choices = { schedule: { name: 'fun', every: 3 }, trackFisher: 'tracked', seed: 4 } as const;
const xquad = configure('smoke', { task: 'qa-xquad', ...choices });
const mlqa = configure('smoke', { task: 'qa-mlqa', ...choices });
const both = [xquad, mlqa];

interface Place {
  /** A folder of its own for results and runs. */
  readonly at?: string;
  readonly others?: readonly RunConfiguration[];
  readonly signal?: AbortSignal;
  readonly openLab?: OpenLab;
}

const workLog = () => join(folder, 'work');
const fake: OpenLab = (configuration) => openFakeLab(configuration, { workLog: workLog() });

async function execute(configuration: RunConfiguration, { at = 'here', openLab = fake, ...options }: Place = {}) {
  const runs = join(folder, at, 'runs');
  return executeRun(configuration, { openLab, store: openStore(join(folder, at, 'results')), runs, ...options });
}

async function resultOf(configuration: RunConfiguration, place: Place = {}): Promise<RunResult> {
  const outcome = await execute(configuration, place);
  if (outcome.state !== 'done') throw new Error(outcome.state);
  return outcome.result;
}

const stepsOf = (configuration: RunConfiguration) =>
  readFileSync(workLog(), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(runId(configuration))).length;

/** The embedded questions under the names of the published sets. */
function mirrorOfMiniSuite(mirror: string): string {
  const own = join(projectRoot(), 'data', 'mini', 'xquad');
  const files = {
    'train.en.json': ['squad/train-v1.1.json'],
    'dev.en.json': ['squad/dev-v1.1.json'],
    'xquad.en.json': ['xquad/xquad.en.json'],
    'xquad.de.json': ['xquad/xquad.de.json', 'mlqa/test/test-context-de-question-de.json'],
  };
  for (const [file, names] of Object.entries(files)) {
    for (const name of names) cpSync(join(own, file), join(mirror, name));
  }
  return mirror;
}

const leftIn = (at = 'here') =>
  readdirSync(join(folder, at, 'runs', 'smoke')).filter((name) => name !== 'locks' && name !== '');

describe('trainingId', () => {
  test('is the same for other tests, and for nothing else', () => {
    expect(trainingId(mlqa)).toBe(trainingId(xquad));
    expect(trainingId({ ...xquad, evaluation: { ...xquad.evaluation, languages: ['en'] } })).toBe(trainingId(xquad));
    for (const other of [
      { ...xquad, seed: 5 },
      { ...xquad, steps: 13 },
      { ...xquad, validation: { ...xquad.validation, every: 5 } },
      { ...xquad, precision: 'bf16' as const },
      configure('smoke', { task: 'nli', ...choices }),
    ]) {
      expect(trainingId(other)).not.toBe(trainingId(xquad));
    }
  });
});

describe('runs of one training', () => {
  test('the second begins where the first one’s training ends, and gives what it gives alone', async () => {
    const first = await resultOf(xquad, { others: both });
    expect(first.trainedBy).toBeUndefined();
    expect(leftIn()).toEqual([`trained-${trainingId(xquad)}`]);
    const second = await resultOf(mlqa, { others: both });
    expect(stepsOf(mlqa)).toBe(0);
    expect(second.trainedBy).toBe(first.id);
    expect(leftIn()).toEqual([]);
    const alone = await resultOf(mlqa, { at: 'alone' });
    expect(stepsOf(mlqa)).toBe(mlqa.steps);
    expect(second.logs).toEqual(alone.logs);
    expect(second.evaluation).toEqual(alone.evaluation);
    // Cost as if it had been done again; a sum over both counts the training once.
    expect(second.cost.seconds.training).toBeGreaterThanOrEqual(first.cost.seconds.training);
    expect(ownSeconds(second)).toBeLessThan(totalSeconds(second.cost));
    expect(ownSeconds(first)).toBe(totalSeconds(first.cost));
  });

  test('nothing is left when no other run of the list waits for it', async () => {
    await resultOf(mlqa);
    await resultOf(xquad, { others: both });
    expect(leftIn()).toEqual([]);
    await resultOf({ ...xquad, seed: 9 }, { others: both });
    expect(leftIn()).toEqual([]);
  });

  test('evaluations of the first are none of the second, which may be stopped between its own', async () => {
    await resultOf(xquad, { others: both });
    const abort = new AbortController();
    const stopping: OpenLab = async (configuration) => {
      const lab = await fake(configuration);
      return {
        ...lab,
        async *evaluate(languages) {
          for await (const evaluation of lab.evaluate(languages)) {
            yield evaluation;
            abort.abort();
          }
        },
      };
    };
    const stopped = await execute(mlqa, { others: both, openLab: stopping, signal: abort.signal });
    expect(stopped.state).toBe('interrupted');
    const resumed = await resultOf(mlqa, { others: both });
    expect(resumed.evaluation).toEqual((await resultOf(mlqa, { at: 'alone' })).evaluation);
    expect(resumed.trainedBy).toBe(runId(xquad));
  });

  test('a run that has begun goes on with its own training', async () => {
    const abort = new AbortController();
    abort.abort();
    expect((await execute(mlqa, { signal: abort.signal })).state).toBe('interrupted');
    await resultOf(xquad, { others: both });
    const own = await resultOf(mlqa, { others: both });
    expect(own.trainedBy).toBeUndefined();
    expect(stepsOf(mlqa)).toBe(mlqa.steps);
  });

  test('a third is told who trained', async () => {
    const third = { ...xquad, evaluation: { ...xquad.evaluation, languages: ['sw'] } };
    const all = [...both, third];
    for (const configuration of all) await resultOf(configuration, { others: all });
    const [last] = openStore(join(folder, 'here', 'results'))
      .all('smoke')
      .filter(({ id }) => id === runId(third));
    expect(last!.trainedBy).toBe(runId(xquad));
    expect(last!.evaluation.map(({ language }) => language)).toEqual(['sw']);
    expect(leftIn()).toEqual([]);
  });

  test('a plan counts the training once', async () => {
    const at = join(folder, 'here');
    const plan = () => planRuns(both, openStore(join(at, 'results')), join(at, 'runs')).map(({ seconds }) => seconds);
    const evaluation = estimateSeconds(mlqa, [], { isTrained: true });
    expect(evaluation).toBeLessThan(estimateSeconds(mlqa));
    expect(plan()).toEqual([estimateSeconds(xquad), evaluation]);
    expect(existsSync(at)).toBe(false);
  });

  test('SQuAD → XQuAD and MLQA with a real model, bit for bit', async () => {
    process.env.FUN_DATA = mirrorOfMiniSuite(join(folder, 'mirror'));
    try {
      const real: OpenLab = (configuration) => openSession(configuration);
      const of = (task: 'qa-xquad' | 'qa-mlqa') => {
        const data = { suite: 'published', trainExamples: 60 } as const;
        return configure('smoke', { task, ...choices, data, evaluation: { languages: ['de'] } });
      };
      const list = [of('qa-xquad'), of('qa-mlqa')];
      await resultOf(list[0]!, { others: list, openLab: real });
      const shared = await resultOf(list[1]!, { others: list, openLab: real });
      const alone = await resultOf(list[1]!, { at: 'alone', openLab: real });
      expect([shared.trainedBy, alone.trainedBy]).toEqual([runId(list[0]!), undefined]);
      expect(shared.logs).toEqual(alone.logs);
      expect(shared.evaluation).toEqual(alone.evaluation);
      expect(shared.evaluation[0]).toMatchObject({
        dataset: 'mlqa',
        metrics: { mlqaF1: expect.any(Number) as number },
      });
      expect(new Set(shared.logs.validation.metric)).toEqual(new Set(['f1', 'em']));
    } finally {
      delete process.env.FUN_DATA;
    }
  });

  test('in other languages with a real model, bit for bit', async () => {
    const real: OpenLab = (configuration) => openSession(configuration);
    const of = (languages: readonly string[]) =>
      configure('smoke', { task: 'qa-xquad', ...choices, evaluation: { languages } });
    const [english, others] = [of(['en']), of(['de', 'sw'])];
    const list = [english, others];
    await resultOf(english, { others: list, openLab: real });
    const shared = await resultOf(others, { others: list, openLab: real });
    expect(shared.trainedBy).toBe(runId(english));
    const alone = await resultOf(others, { at: 'alone', openLab: real });
    expect(alone.trainedBy).toBeUndefined();
    expect(shared.logs).toEqual(alone.logs);
    expect(shared.evaluation).toEqual(alone.evaluation);
  });
});
