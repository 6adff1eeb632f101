/**
 * Runs a plan as a job array of Slurm: one run a task. A task that is preempted, or out of the time that was asked for, is
 * requeued and goes on from its checkpoint; one that fails is tried once more; a job that depends on the array collects
 * what came out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../engine/atomicFile';
import { projectRoot } from '../../engine/places';
import { messageOf, UserError, wholeNumber } from '../../engine/errors';
import { runId, type ProfileName } from '../configuration';
import { readRunList, writeRunList, type PlannedRun } from '../plan';
import { runsFolder } from '../runner';
import { followers } from '../sharedTraining';
import { openStore, resultsFolder } from '../store';
import { workerExit } from '../worker';

export interface SlurmOptions {
  /** Tasks at a time; default: as many as the cluster lets run. */
  readonly jobsAtATime?: number;
  readonly partition?: string;
  /** Limit of one task, as Slurm writes it. A task that reaches it is requeued; at a partition's own limit it is not. */
  readonly time?: string;
  /** Cores a task. Default: 2. */
  readonly cpus?: number;
  /** Memory a task, as in `8G`. */
  readonly memory?: string;
  /** GPUs a task. Default: 0. */
  readonly gpus?: number;
}

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

/** Seconds before the time limit at which a task saves and asks to be requeued. */
const secondsToSave = 120;

/**
 * Writes and submits the arrays and the collecting job. What is in the queue is recorded at once, so that it can be looked
 * at and cancelled when a later submission fails.
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

/** The batch script of one array: starts the worker, passes signals on to it, and requeues what is to go on. */
function arrayScript(
  { name, workerCommand, options }: SlurmLaunch,
  folder: string,
  first: number,
  count: number,
): string {
  const { jobsAtATime, partition, time, cpus = 2, memory, gpus = 0 } = options;
  const atATime = jobsAtATime === undefined ? '' : `%${wholeNumber('jobs', jobsAtATime)}`;
  const directives = [
    `--job-name=fun-${name}`,
    `--array=0-${count - 1}${atATime}`,
    `--output=${directiveQuoted(join(folder, 'logs', `${first}-%a.log`))}`,
    '--open-mode=append',
    '--requeue',
    `--cpus-per-task=${wholeNumber('cpus', cpus)}`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`, `--signal=B:USR1@${secondsToSave}`]),
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    ...(gpus === 0 ? [] : [`--gres=gpu:${wholeNumber('gpus', gpus)}`]),
  ];
  const command = [...workerCommand, '--list', join(folder, 'runs.json'), '--index'].map(shellQuoted).join(' ');
  return `#!/bin/bash
${directives.map((directive) => `#SBATCH ${directive}`).join('\n')}
${environmentLines()}
export TF_NUM_INTRAOP_THREADS=$SLURM_CPUS_PER_TASK TF_NUM_INTEROP_THREADS=1
index=$((${first} + SLURM_ARRAY_TASK_ID))
goes_on=
is_cancelled=
# The time is nearly up: save, and go on in a new turn.
trap 'goes_on=yes; kill -TERM "$worker" 2> /dev/null' USR1
trap 'is_cancelled=yes; kill -TERM "$worker" 2> /dev/null' TERM INT
# A run that fails is tried once more, from its last checkpoint.
for try in 1 2; do
  ${command} "$index" &
  worker=$!
  # A signal that came before there was a worker to pass it on to.
  [ -z "$is_cancelled$goes_on" ] || kill -TERM "$worker" 2> /dev/null
  # A trapped signal ends "wait" early.
  while :; do
    wait "$worker"
    code=$?
    kill -0 "$worker" 2> /dev/null || break
  done
  case "$code" in
    ${workerExit.done} | ${workerExit.busy}) exit 0 ;; # done, or another process is at it
  esac
  if [ -n "$goes_on" ]; then
    scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}"
    # Slurm ends this turn; leaving by oneself might be taken for the end of the task.
    sleep 60
  fi
  if [ -n "$is_cancelled" ]; then break; fi
done
exit "$code"
`;
}

function collectorScript({ name, collectCommand, options }: SlurmLaunch, folder: string): string {
  const partition = options.partition === undefined ? '' : `\n#SBATCH --partition=${options.partition}`;
  return `#!/bin/bash
#SBATCH --job-name=fun-${name}-collect
#SBATCH --output=${directiveQuoted(join(folder, 'logs', 'collect.log'))}${partition}
${environmentLines()}
${[...collectCommand, folder].map(shellQuoted).join(' ')}
`;
}

/** Where the project and its results are, on any machine of the cluster. */
function environmentLines(): string {
  return [
    `cd ${shellQuoted(projectRoot())}`,
    `export FUN_RESULTS=${shellQuoted(resultsFolder())} FUN_RUNS=${shellQuoted(runsFolder())}`,
  ].join('\n');
}

export interface Collected {
  readonly done: readonly string[];
  readonly missing: readonly string[];
}

/** Which runs of a launch have their results; also written to `collected.json` in its folder. */
export function collect(folder: string): Collected {
  const store = openStore();
  const runs = readRunList(join(folder, 'runs.json'));
  const ids = (isDone: boolean) => runs.filter((run) => store.has(run) === isDone).map(runId);
  const collected = { done: ids(true), missing: ids(false) };
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

/** sbatch splits its directives at white space, outside double quotes. */
const directiveQuoted = (text: string): string => (/\s/.test(text) ? `"${text}"` : text);

const shellQuoted = (text: string): string => (/^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
