/** The batch scripts that Slurm runs: those of a job array of runs, and that of the job that collects what came out. */
import { join } from 'node:path';
import { projectRoot } from '../../engine/places';
import { wholeNumber } from '../../engine/errors';
import { runsFolder } from '../runFolders';
import { resultsFolder } from '../store';
import { workerExit } from '../worker';
import type { SlurmLaunch } from './slurm';

export interface SlurmOptions {
  /** Tasks at a time; default: as many as the cluster lets run. */
  readonly jobsAtATime?: number;
  readonly partition?: string;
  /**
   * Limit of one task, as Slurm writes it. A task that reaches it is requeued; at a partition's own limit it is not.
   */
  readonly time?: string;
  /** Cores a task. Default: 2. */
  readonly cpus?: number;
  /** Memory a task, as in `8G`. */
  readonly memory?: string;
  /** GPUs a task. Default: 0. */
  readonly gpus?: number;
}

/** Seconds before the time limit at which a task saves and asks to be requeued. */
const secondsToSave = 120;

/** The batch script of one array: starts the worker, passes signals on to it, and requeues what is to go on. */
export function arrayScript(
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

export function collectorScript({ name, collectCommand, options }: SlurmLaunch, folder: string): string {
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

/** sbatch splits its directives at white space, outside double quotes. */
const directiveQuoted = (text: string): string => (/\s/.test(text) ? `"${text}"` : text);

const shellQuoted = (text: string): string => (/^[\w./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
