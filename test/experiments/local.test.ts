import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runId, type RunConfiguration } from '../../src/experiments/configuration';
import { launchLocally, type LaunchState } from '../../src/experiments/launchers/local';
import { acquireLock, isLock } from '../../src/experiments/lock';
import { planRuns } from '../../src/experiments/plan';
import { configure } from '../../src/experiments/profiles';
import { executeRun } from '../../src/experiments/runner';
import { openStore } from '../../src/experiments/store';
import { cartesian, defineSweep, expandSweep } from '../../src/experiments/sweep';
import { fillDisk } from '../fullDisk';
import { openFakeLab, type FakeBehaviour } from './fakeLab';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-local-'));
  process.env.FUN_RESULTS = join(folder, 'results');
  process.env.FUN_RUNS = join(folder, 'runs');
});
afterEach(() => {
  for (const name of ['FUN_RESULTS', 'FUN_RUNS', 'FUN_FAKE']) delete process.env[name];
  rmSync(folder, { recursive: true, force: true });
});

const workerCommand = [process.execPath, '--import', 'tsx', resolve('test/experiments/fakeWorker.ts')];

const sweep = defineSweep({
  name: 'fake',
  title: 'tiny runs',
  profile: 'smoke',
  runs: () =>
    cartesian({ schedule: ['standard', 'gradual'] as const, seed: [1, 2] }).map(({ schedule, seed }) => ({
      task: 'nli',
      schedule: { name: schedule },
      seed,
    })),
});

function launch(
  configurations: readonly RunConfiguration[],
  behaviour: FakeBehaviour,
  onChange?: (state: LaunchState) => void,
  signal?: AbortSignal,
): Promise<LaunchState> {
  process.env.FUN_FAKE = JSON.stringify(behaviour);
  const plan = planRuns(configurations, openStore());
  return launchLocally({ plan, jobs: 2, workerCommand, name: 'fake', onChange, signal });
}

const states = ({ statuses }: LaunchState) => statuses.map(({ state }) => state);
const workOf = (log: string) => readFileSync(log, 'utf8').trim().split('\n');

test('every run once; failures are tried again and listed, the others go on; then only what is missing', async () => {
  const configurations = expandSweep(sweep);
  expect(configurations).toHaveLength(4);
  const workLog = join(folder, 'work');
  const first = await launch(configurations, { workLog, failSeeds: [2], failOnceSeeds: [1] });
  expect(states(first)).toEqual(['done', 'failed', 'done', 'failed']);
  const failed = first.statuses[1]!;
  expect(failed.attempts).toBe(2);
  expect(failed.message).toMatch(/./);
  expect(readFileSync(failed.log!, 'utf8')).toMatch(/the fake run with seed 2 fails/);
  expect(first.statuses[0]!.attempts).toBe(2);
  expect(openStore().ids('smoke')).toHaveLength(2);

  const second = await launch(configurations, { workLog });
  expect(states(second)).toEqual(Array(4).fill('done'));
  expect(second.statuses.map(({ attempts }) => attempts)).toEqual([0, 1, 0, 1]);
  expect(readdirSync(join(folder, 'runs', 'smoke')).filter((name) => name !== 'locks')).toEqual([]);
});

test('a killed run is told to have been, most likely for want of memory', async () => {
  const { statuses } = await launch(expandSweep(sweep).slice(0, 2), { killSeeds: [2] });
  expect(statuses.map(({ state, attempts }) => [state, attempts])).toEqual([
    ['done', 1],
    ['failed', 2],
  ]);
  expect(statuses[1]!.message).toMatch(/^killed, most likely because the machine ran out of memory: lower --jobs/);
});

test('what a failed run is told by: why it could not be started, else how it ended, and no word of earlier launches', async () => {
  const [configuration] = expandSweep(sweep) as [RunConfiguration];
  const plan = planRuns([configuration], openStore());
  const messageOf = async (...command: string[]) =>
    (await launchLocally({ plan, jobs: 1, workerCommand: command, name: 'odd' })).statuses[0]!.message;
  const node = (code: string) => [process.execPath, '--eval', code, 'worker'];
  expect(await messageOf(...node('console.error("of this launch"); process.exit(3)'))).toBe('of this launch');
  expect(await messageOf(...node('process.exit(3)'))).toBe('the worker said nothing, and ended with exit code 3');
  expect(await messageOf('/no/such/program')).toBe('could not be started: spawn /no/such/program ENOENT');
});

test('a run whose log cannot be written fails by itself; the others go on', async () => {
  const configurations = expandSweep(sweep).slice(0, 2);
  const log = join(folder, 'runs', 'local', 'fake', 'logs', `${runId(configurations[0]!)}.log`);
  mkdirSync(log, { recursive: true });
  const launched = await launch(configurations, {});
  expect(states(launched)).toEqual(['failed', 'done']);
  expect(launched.statuses[0]!.message).toMatch(/^could not be started: EISDIR/);
});

test('stopped in the middle: running ones save, nothing new starts; the next launch gives the same results', async () => {
  const configurations = expandSweep(sweep).map((configuration) => ({ ...configuration, steps: 40 }));
  const abort = new AbortController();
  const stopAt10 = ({ statuses }: LaunchState) => {
    if (statuses.some(({ progress }) => (progress?.step ?? 0) >= 10)) abort.abort();
  };
  const stopped = await launch(configurations, { stepMs: 25 }, stopAt10, abort.signal);
  expect(states(stopped)).toContain('interrupted');
  expect(states(stopped)).toContain('waiting');
  expect(states(stopped)).not.toContain('failed');

  const resumed = await launch(configurations, {});
  expect(states(resumed)).toEqual(Array(4).fill('done'));
  const results = openStore().all('smoke');
  expect(Math.max(...results.map(({ cost }) => cost.sessions.length))).toBe(2);
  for (const result of results) {
    const reference = await executeRun(result.configuration, {
      openLab: (configuration) => openFakeLab(configuration, {}),
      store: openStore(join(folder, 'reference')),
      runs: join(folder, 'reference-runs'),
    });
    if (reference.state !== 'done') throw new Error(reference.state);
    expect(result.logs).toEqual(reference.result.logs);
    expect(result.evaluation).toEqual(reference.result.evaluation);
  }
});

test('a worker whose launcher is killed during a step saves; the next launch goes on from there', async () => {
  const [configuration] = expandSweep(sweep) as [RunConfiguration];
  const workLog = join(folder, 'work');
  const plan = planRuns([configuration], openStore());
  const launcher = `const { launchLocally } = require('./src/experiments/launchers/local.ts');
    void launchLocally(${JSON.stringify({ plan, jobs: 1, workerCommand, name: 'killed' })});`;
  const killed = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=commonjs', '-e', launcher], {
    env: { ...process.env, FUN_FAKE: JSON.stringify({ workLog, killLauncherSeeds: [1] } satisfies FakeBehaviour) },
  });
  expect(killed.signal).toBe('SIGKILL');
  const log = join(folder, 'runs', 'local', 'killed', 'logs', `${runId(configuration)}.log`);
  const said = expect.poll(() => readFileSync(log, 'utf8'), { timeout: 10_000 });
  await said.toBe('interrupted; the next call goes on from here\n');

  expect(states(await launch([configuration], { workLog }))).toEqual(['done']);
  expect(workOf(workLog)).toHaveLength(configuration.steps);
});

test('two launches of the same runs at once: each run is done by one of them', async () => {
  const configurations = expandSweep(sweep);
  const workLog = join(folder, 'work');
  process.env.FUN_FAKE = JSON.stringify({ workLog, stepMs: 20 });
  const plan = planRuns(configurations, openStore());
  const both = await Promise.all(['a', 'b'].map((name) => launchLocally({ plan, jobs: 2, workerCommand, name })));
  for (const state of both.flatMap(states)) expect(['done', 'busy']).toContain(state);
  expect(openStore().ids('smoke')).toHaveLength(4);
  for (const configuration of configurations) {
    const lines = workOf(workLog).filter((line) => line.startsWith(`${runId(configuration)} `));
    expect(lines).toHaveLength(configuration.steps);
  }
});

test('two launches of one sweep at once, with different runs: each does its own', async () => {
  const [first, second] = [expandSweep(sweep).slice(0, 3), expandSweep(sweep).slice(3)];
  const launched = launch(first, { stepMs: 10 });
  const both = await Promise.all([launched, launch(second, { stepMs: 10 })]);
  expect(both.map(states)).toEqual([Array(3).fill('done'), ['done']]);
  expect(openStore().ids('smoke')).toEqual([...first, ...second].map(runId).sort());
  expect(readdirSync(join(folder, 'runs', 'local', 'fake'))).toEqual(['logs']);
});

test('runs of one training: it is done once, and the others wait for it', async () => {
  const ofTask = (task: 'qa-xquad' | 'qa-mlqa') => [1, 2, 3].map((seed) => configure('smoke', { task, seed }));
  const [first, second] = [ofTask('qa-xquad'), ofTask('qa-mlqa')];
  const workLog = join(folder, 'work');
  // Seed 2: the run that trains is tried again while others run.
  const launched = await launch([...first, ...second], { workLog, stepMs: 5, failOnceSeeds: [2] });
  expect(states(launched)).toEqual(Array(6).fill('done'));
  const trained = workOf(workLog).map((line) => line.split(' ')[0]);
  expect(new Set(trained)).toEqual(new Set(first.map(runId)));
  const results = openStore().all('smoke');
  expect(results.filter(({ trainedBy }) => trainedBy !== undefined).map(({ id }) => id)).toEqual(
    second.map(runId).sort(),
  );
  expect(readdirSync(join(folder, 'runs', 'smoke'))).toEqual(['locks']);
});

test('a lock is held by one, freed by death, and told who holds it', async () => {
  const locks = join(folder, 'locks');
  const contenders = await Promise.all(Array.from({ length: 6 }, () => acquireLock(locks, 'run')));
  const held = contenders.filter(isLock);
  expect(held).toHaveLength(1);
  expect(contenders.filter((one) => !isLock(one))).toContainEqual(
    expect.objectContaining({ pid: process.pid, host: expect.any(String) as string }),
  );
  held[0]!.release();
  expect(readdirSync(locks)).toEqual([]);

  const dying = `const { acquireLock } = require('./src/experiments/lock.ts');
    void acquireLock(${JSON.stringify(locks)}, 'run').then(() => process.kill(process.pid, 'SIGKILL'));`;
  spawnSync(process.execPath, ['--import', 'tsx', '--input-type=commonjs', '-e', dying], { encoding: 'utf8' });
  expect(readdirSync(locks)).toHaveLength(1);
  const inherited = await acquireLock(locks, 'run');
  if (!isLock(inherited)) throw new Error('a dead owner holds the lock');
  inherited.release();
  expect(readdirSync(locks)).toEqual([]);
});

test('on a full disk a lock says so and leaves nothing, so that it can be had when there is room', async () => {
  const locks = join(folder, 'locks');
  const makeRoom = fillDisk();
  try {
    await expect(acquireLock(locks, 'run')).rejects.toThrow(/^The disk is full/);
  } finally {
    makeRoom();
  }
  expect(readdirSync(locks)).toEqual([]);
  expect(isLock(await acquireLock(locks, 'run'))).toBe(true);
});

test('of two processes of one cluster job, the second one finds the lock held', async () => {
  const locks = join(folder, 'locks');
  process.env.SLURM_JOB_ID = '7';
  const holding = `const { acquireLock } = require('./src/experiments/lock.ts');
    void acquireLock(${JSON.stringify(locks)}, 'run').then(() => { console.log('held'); process.stdin.resume(); });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=commonjs', '-e', holding]);
  try {
    await once(child.stdout, 'data');
    const found = await acquireLock(locks, 'run');
    expect(isLock(found) ? 'held twice' : found.pid).toBe(child.pid);
  } finally {
    delete process.env.SLURM_JOB_ID;
    child.kill();
  }
});
