import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { slurmActions } from '../../src/commands/slurmActions';
import { runId, type RunConfiguration } from '../../src/experiments/configuration';
import { cancelLaunch, collect, launches, queueStates, submitToSlurm } from '../../src/experiments/launchers/slurm';
import { planRuns, readRunList } from '../../src/experiments/plan';
import { configure } from '../../src/experiments/profiles';
import { openStore } from '../../src/experiments/store';
import type { FakeBehaviour } from './fakeLab';
import { releaseRequeued, startSlurm, whyNoSlurm, type OneNodeSlurm } from './oneNodeSlurm';

const reason = whyNoSlurm();
/** Runs of the largest tests: `FUN_SLURM_RUNS=400` for the whole proof, which takes most of an hour. */
const manyRuns = Number(process.env.FUN_SLURM_RUNS ?? 12);

const tsx = require.resolve('tsx');
const workerCommand = [process.execPath, '--import', tsx, resolve('test/experiments/fakeWorker.ts')];
const realWorkerCommand = [process.execPath, '--import', tsx, resolve('src/cli.ts'), 'run'];
const collectCommand = [process.execPath, '--import', tsx, resolve('src/cli.ts'), 'sweep', 'collect'];

describe.skipIf(reason !== undefined)(`Slurm${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let slurm: OneNodeSlurm;
  let folder: string;
  beforeAll(async () => {
    slurm = await startSlurm();
    process.env.SLURM_CONF = slurm.configuration;
  });
  afterAll(async () => {
    await slurm.stop();
    delete process.env.SLURM_CONF;
  });
  beforeEach(() => {
    // With a space: sbatch splits its directives there.
    folder = mkdtempSync(join(tmpdir(), 'fun slurm runs-'));
    process.env.FUN_RESULTS = join(folder, 'results');
    process.env.FUN_RUNS = join(folder, 'runs');
  });
  afterEach(() => {
    for (const name of ['FUN_RESULTS', 'FUN_RUNS', 'FUN_FAKE']) delete process.env[name];
    rmSync(folder, { recursive: true, force: true });
  });

  const runsOf = (count: number, steps: number): RunConfiguration[] =>
    Array.from({ length: count }, (_, i) => configure('smoke', { task: 'nli', seed: i + 1, steps }));

  function submit(configurations: readonly RunConfiguration[], behaviour: FakeBehaviour | 'real', name = 'test') {
    if (behaviour !== 'real') process.env.FUN_FAKE = JSON.stringify(behaviour);
    const plan = planRuns(configurations, openStore());
    return submitToSlurm({
      ...{ name, profile: 'smoke', plan, collectCommand, options: { cpus: 1 } },
      workerCommand: behaviour === 'real' ? realWorkerCommand : workerCommand,
    });
  }

  async function until(condition: () => boolean, seconds: number): Promise<void> {
    const deadline = Date.now() + 1000 * seconds;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`not within ${seconds} s; queue: ${squeue()}; jobs: ${jobs()}`);
      await new Promise((done) => setTimeout(done, 300));
      releaseRequeued();
    }
  }

  const jobs = () => execFileSync('scontrol', ['show', 'job'], { encoding: 'utf8' });
  const squeue = () => execFileSync('squeue', ['--array'], { encoding: 'utf8' });
  const work = () => readFileSync(join(folder, 'work'), 'utf8').trim().split('\n');
  const stepsOf = (configuration: RunConfiguration) =>
    work().flatMap((line) => {
      const [id, pid, step] = line.split(' ');
      return id === runId(configuration) ? [{ pid, step: Number(step) }] : [];
    });

  test(
    `${manyRuns} runs by two arrays at once: none lost, none twice`,
    async () => {
      const configurations = runsOf(manyRuns, 4);
      const behaviour = { workLog: join(folder, 'work') };
      const both = [submit(configurations, behaviour), submit(configurations, behaviour)];
      await until(() => both.every((record) => queueStates(record).size === 0), 60 + 8 * manyRuns);
      expect(openStore().ids('smoke')).toEqual(configurations.map(runId).sort());
      for (const configuration of configurations) {
        expect(stepsOf(configuration).map(({ step }) => step)).toEqual([0, 1, 2, 3]);
      }
      expect(launches('test')).toHaveLength(2);
      for (const { folder: at } of both) {
        expect(JSON.parse(readFileSync(join(at, 'collected.json'), 'utf8'))).toMatchObject({ missing: [] });
        expect(readFileSync(join(at, 'logs', 'collect.log'), 'utf8')).toMatch(`${manyRuns} runs done, 0 missing`);
      }
    },
    (120 + 16 * manyRuns) * 1000,
  );

  const isAsked = process.env.FUN_SLURM_RUNS !== undefined;
  test.skipIf(!isAsked)(
    `${manyRuns} trainings of the tiny model: none lost, none twice`,
    async () => {
      // Mostly the start of a process: a few steps, one language.
      const configurations = Array.from({ length: manyRuns }, (_, i) =>
        configure('smoke', { task: 'nli', seed: i + 1, steps: 4, evaluation: { languages: ['en'] } }),
      );
      const record = submit(configurations, 'real');
      await until(() => queueStates(record).size === 0, 60 + 12 * manyRuns);
      const store = openStore();
      expect(store.ids('smoke')).toEqual(configurations.map(runId).sort());
      for (const { logs, cost } of store.all('smoke')) {
        expect(logs.steps.step).toEqual([0, 1, 2, 3]);
        expect(cost.sessions).toHaveLength(1);
      }
      expect(JSON.parse(readFileSync(join(record.folder, 'collected.json'), 'utf8'))).toMatchObject({ missing: [] });
    },
    (120 + 12 * manyRuns) * 1000,
  );

  test('a task killed in the middle and requeued goes on from its checkpoint', async () => {
    const configurations = runsOf(2, 60);
    const record = submit(configurations, { workLog: join(folder, 'work'), stepMs: 150, checkpointEvery: 5 });
    const hasBegun = (): boolean => {
      try {
        return stepsOf(configurations[0]!).length >= 12;
      } catch {
        return false;
      }
    };
    await until(hasBegun, 60);
    // As when a machine dies: no chance to save.
    process.kill(Number(stepsOf(configurations[0]!)[0]!.pid), 'SIGKILL');
    execFileSync('scontrol', ['requeue', `${record.arrays[0]}_0`]);
    // A task that is being requeued is out of the queue for a moment.
    await until(() => queueStates(record).size === 0 && collect(record.folder).missing.length === 0, 120);
    expect(collect(record.folder)).toEqual({ done: configurations.map(runId), missing: [] });
    const steps = stepsOf(configurations[0]!);
    expect(new Set(steps.map(({ pid }) => pid)).size).toBe(2);
    expect(new Set(steps.map(({ step }) => step)).size).toBe(60);
    // Nothing before the last checkpoint was done again.
    expect(steps.length).toBeLessThan(60 + 10);
    expect(openStore().read('smoke', runId(configurations[0]!)).cost.sessions).toHaveLength(2);
    expect(stepsOf(configurations[1]!)).toHaveLength(60);
  }, 300_000);

  test('a failing run is tried twice and listed as missing; cancelling empties the queue', async () => {
    const failing = submit(runsOf(2, 6), { failSeeds: [2] });
    await until(() => queueStates(failing).size === 0, 120);
    const { done, missing } = collect(failing.folder);
    expect([done.length, missing.length]).toEqual([1, 1]);
    const log = readFileSync(join(failing.folder, 'logs', '0-1.log'), 'utf8');
    expect(log.match(/the fake run with seed 2 fails/g)).toHaveLength(2);

    const long = submit(runsOf(4, 1000), { stepMs: 50 }, 'long');
    await until(() => (queueStates(long).get('RUNNING') ?? 0) > 0, 60);
    cancelLaunch(long);
    await until(() => queueStates(long).size === 0, 60);
    expect(collect(long.folder).missing).toHaveLength(4);
  }, 300_000);
});

test('runs that go on from the training of others are in an array that waits for those', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fun-sbatch-'));
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  const sbatch = `#!/bin/sh
echo "$*" >> ${folder}/calls
wc -l < ${folder}/calls | tr -d ' '
`;
  writeFileSync(join(folder, 'sbatch'), sbatch, { mode: 0o755 });
  try {
    const runs = [1, 2].flatMap((seed) =>
      (['qa-xquad', 'qa-mlqa'] as const).map((task) => configure('smoke', { task, seed })),
    );
    const plan = planRuns(runs, openStore(join(folder, 'results')), folder);
    const launch = { name: 'pairs', profile: 'smoke', plan, workerCommand, collectCommand, options: {} } as const;
    const { arrays, folder: launched } = submitToSlurm({ ...launch, runs: folder });
    expect(arrays).toEqual(['1', '2']);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls[0]).not.toContain('dependency');
    expect(calls[1]).toMatch(/--dependency=afterany:1 .*array-1\.sh$/);
    expect(calls[2]).toMatch(/--dependency=afterany:1:2 .*collect\.sh$/);
    expect(readRunList(join(launched, 'runs.json')).map(({ task, seed }) => `${task} ${seed}`)).toEqual([
      'qa-xquad 1',
      'qa-xquad 2',
      'qa-mlqa 1',
      'qa-mlqa 2',
    ]);
    expect(readFileSync(join(launched, 'array-0.sh'), 'utf8')).toMatch(/--array=0-1[\s\S]*index=\$\(\(0 \+/);
    expect(readFileSync(join(launched, 'array-1.sh'), 'utf8')).toMatch(/--array=0-1[\s\S]*index=\$\(\(2 \+/);
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true, force: true });
  }
});

test('to look at a launch changes nothing in its folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fun-sbatch-'));
  const path = process.env.PATH;
  Object.assign(process.env, { PATH: `${folder}:${path}`, FUN_RUNS: folder, FUN_RESULTS: join(folder, 'results') });
  const say = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  for (const program of ['sbatch', 'squeue']) {
    writeFileSync(join(folder, program), '#!/bin/sh\necho 41\n', { mode: 0o755 });
  }
  try {
    const plan = planRuns([configure('smoke', { task: 'nli', steps: 6 })], openStore());
    const launch = { name: 'seen', profile: 'smoke', plan, workerCommand, collectCommand, options: {} } as const;
    const { folder: launched } = submitToSlurm(launch);
    const before = readdirSync(launched);
    slurmActions.status('seen');
    expect(say.mock.calls.join()).toMatch(/seen \(smoke\), .*: 0 of 1 done/);
    expect(readdirSync(launched)).toEqual(before);
  } finally {
    say.mockRestore();
    process.env.PATH = path;
    for (const name of ['FUN_RESULTS', 'FUN_RUNS']) delete process.env[name];
    rmSync(folder, { recursive: true, force: true });
  }
});

test('when the collecting job is refused, what is in the queue is known all the same', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fun-sbatch-'));
  const path = process.env.PATH;
  process.env.PATH = `${folder}:${path}`;
  const sbatch = `#!/bin/sh
case "$*" in *collect.sh) echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1 ;; esac
echo 41
`;
  writeFileSync(join(folder, 'sbatch'), sbatch, { mode: 0o755 });
  try {
    const plan = planRuns([configure('smoke', { task: 'nli', steps: 6 })], openStore(join(folder, 'results')));
    const launch = { name: 'refused', profile: 'smoke', plan, workerCommand, collectCommand, options: {} } as const;
    expect(() => submitToSlurm({ ...launch, runs: folder })).toThrow(/QOSMaxSubmitJobPerUserLimit/);
    expect(launches('refused', folder)).toEqual([expect.objectContaining({ arrays: ['41'] })]);
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true, force: true });
  }
});
