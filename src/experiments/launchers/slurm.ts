/**
 * Runs a plan as a job array of Slurm: one run a task. A task that is preempted, or out of the time that was asked for,
 * is requeued and goes on from its checkpoint; one that fails is tried once more; a job that depends on the array
 * collects what came out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../engine/atomicFile';
import { messageOf, UserError } from '../../engine/errors';
import { runId, type ProfileName } from '../configuration';
import { readRunList, writeRunList, type PlannedRun } from '../plan';
import { runsFolder } from '../runFolders';
import { followers } from '../sharedTraining';
import { openStore } from '../store';
import { arrayScript, collectorScript, type SlurmOptions } from './slurmScripts';

export interface SlurmLaunch {
  /** The sweep. */
  readonly name: string;
  readonly profile: ProfileName;
  readonly plan: readonly PlannedRun[];
  /** As of `launchLocally`. */
  readonly workerCommand: readonly string[];
  /** What the collecting job runs; the launch's folder is added. */
  readonly collectCommand: readonly string[];
  readonly options: SlurmOptions;
  readonly runs?: string;
}

/** What is known of a launch, kept as `launch.json` in its folder. */
export interface LaunchRecord {
  readonly name: string;
  readonly profile: ProfileName;
  readonly submittedAt: string;
  /** Folder of the list of runs, the script and the logs. */
  readonly folder: string;
  /** Job numbers of the arrays, and of the job that collects; absent when its submission was refused. */
  readonly arrays: readonly string[];
  readonly collector?: string;
}

/** Largest array; clusters allow 1001 by default. */
const arraySize = 1000;

/**
 * Writes and submits the arrays and the collecting job. What is in the queue is recorded at once, so that it can be
 * looked at and cancelled when a later submission fails.
 *
 * @throws UserError when Slurm is not there or refuses.
 */
export function submitToSlurm(launch: SlurmLaunch): LaunchRecord {
  const open = launch.plan.filter(({ state }) => state !== 'done').map(({ configuration }) => configuration);
  if (open.length === 0) throw new UserError(`Every run of ${launch.name} is done; there is nothing to submit.`);
  const submittedAt = new Date().toISOString();
  const stamp = submittedAt.replace(/\D/g, '').slice(0, 17);
  const folder = join(launch.runs ?? runsFolder(), 'slurm', `${launch.name}-${stamp}-${process.pid}`);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  // Those that go on from another one's training come last, when it is through.
  const following = followers(open);
  const groups = [open.filter((run) => !following.has(run)), [...following]];
  writeRunList(join(folder, 'runs.json'), groups.flat());
  const arrays: string[] = [];
  const record = (collector?: string): LaunchRecord => {
    const { name, profile } = launch;
    const known = { name, profile, submittedAt, folder, arrays, ...(collector === undefined ? {} : { collector }) };
    writeWhole(join(folder, 'launch.json'), `${JSON.stringify(known, null, 2)}\n`);
    return known;
  };
  let first = 0;
  for (const group of groups) {
    const end = first + group.length;
    const after = afterAny(arrays);
    for (; first < end; first += arraySize) {
      const script = join(folder, `array-${arrays.length}.sh`);
      writeWhole(script, arrayScript(launch, folder, first, Math.min(arraySize, end - first)));
      arrays.push(slurm('sbatch', ['--parsable', ...after, script]));
      record();
    }
    first = end;
  }
  const collectScript = join(folder, 'collect.sh');
  writeWhole(collectScript, collectorScript(launch, folder));
  return record(slurm('sbatch', ['--parsable', ...afterAny(arrays), collectScript]));
}

const afterAny = (jobs: readonly string[]) => (jobs.length === 0 ? [] : [`--dependency=afterany:${jobs.join(':')}`]);

export interface Collected {
  readonly done: readonly string[];
  readonly missing: readonly string[];
}

/** Which runs of a launch have their results. */
export function resultsOf(folder: string): Collected {
  const store = openStore();
  const runs = readRunList(join(folder, 'runs.json'));
  const ids = (isDone: boolean) => runs.filter((run) => store.has(run) === isDone).map(runId);
  return { done: ids(true), missing: ids(false) };
}

/** The same, also written to `collected.json` in its folder. */
export function collect(folder: string): Collected {
  const collected = resultsOf(folder);
  writeWhole(join(folder, 'collected.json'), `${JSON.stringify(collected, null, 2)}\n`);
  return collected;
}

/** The launches that are recorded, the newest first; of one sweep or of all. */
export function launches(name?: string, runs: string = runsFolder()): LaunchRecord[] {
  const folder = join(runs, 'slurm');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).map((entry) => join(folder, entry, 'launch.json'));
  const records = files
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as LaunchRecord);
  return records
    .filter((record) => name === undefined || record.name === name)
    .sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
}

/** How many tasks of the launch are in each state that Slurm names (PENDING, RUNNING, …). */
export function queueStates(launch: LaunchRecord): ReadonlyMap<string, number> {
  let lines: string;
  try {
    lines = slurm('squeue', ['--noheader', '--array', '--jobs', jobsOf(launch).join(','), '--format=%T']);
  } catch (error) {
    // Slurm forgets jobs some minutes after their end, and then does not know the numbers.
    if (/Invalid job id/i.test(messageOf(error))) return new Map();
    throw error;
  }
  const states = new Map<string, number>();
  for (const state of lines.split('\n').filter(Boolean)) states.set(state, (states.get(state) ?? 0) + 1);
  return states;
}

/** Takes the tasks of the launch out of the queue; running ones save first. */
export function cancelLaunch(launch: LaunchRecord): void {
  slurm('scancel', jobsOf(launch));
}

const jobsOf = ({ arrays, collector }: LaunchRecord): string[] => [
  ...arrays,
  ...(collector === undefined ? [] : [collector]),
];

/** Runs one of Slurm's programs. @throws UserError with what it said. */
function slurm(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UserError(
        `${program} was not found. Run this on a machine of a Slurm cluster, or use --launcher local.`,
      );
    }
    const said = ((error as { stderr?: string }).stderr ?? '').trim();
    throw new UserError(`${program} failed: ${said || messageOf(error)}`);
  }
}
