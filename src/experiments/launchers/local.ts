/** Runs a plan on this machine: several worker processes at a time, each doing one run. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { messageOf, wholeNumber } from '../../engine/errors';
import { writeRunList, type PlannedRun } from '../plan';
import { runsFolder } from '../runFolders';
import { sharesTraining } from '../sharedTraining';
import { secondsLeft } from '../timeLeft';
import { workerExit, type WorkerProgress } from '../worker';

export interface LocalLaunch {
  readonly plan: readonly PlannedRun[];
  /** Worker processes at a time. */
  readonly jobs: number;
  /** The program and its first arguments; `--list FILE --index N` is added. */
  readonly workerCommand: readonly string[];
  /** Where the list and the logs of the workers go, under the folder of runs. */
  readonly name: string;
  readonly runs?: string;
  /** Called when something changed, at most a few times a second for each worker. */
  readonly onChange?: (state: LaunchState) => void;
  /** Stops: no run is started any more, those under way save and end. Aborting kills nothing. */
  readonly signal?: AbortSignal;
}

export type RunState = 'waiting' | 'running' | 'done' | 'failed' | 'interrupted' | 'busy';

export interface RunStatus {
  readonly run: PlannedRun;
  readonly state: RunState;
  readonly attempts: number;
  /** The first of the last attempt: after a checkpoint, most of the work may be behind it. */
  readonly began?: WorkerProgress;
  readonly progress?: WorkerProgress;
  /** Milliseconds since the epoch, of the last attempt. */
  readonly startedAt?: number;
  readonly seconds?: number;
  /** Of a failed run: the end of what the worker said. */
  readonly message?: string;
  /** What the worker said, whole. */
  readonly log?: string;
}

export interface LaunchState {
  readonly statuses: readonly RunStatus[];
  /** Seconds until all is done, from the estimates and how they have held so far. */
  readonly secondsLeft: number;
}

const attemptsAllowed = 2;

/**
 * Does every run of the plan that is not done, each in a process of its own; a run that fails is tried once more, from
 * its last checkpoint; the others go on. Returns what became of each.
 */
export async function launchLocally(launch: LocalLaunch): Promise<LaunchState> {
  const { plan, name, runs = runsFolder(), onChange = () => undefined, signal } = launch;
  const jobs = wholeNumber('jobs', launch.jobs);
  const folder = join(runs, 'local', name);
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  // Its own: the same sweep may be launched twice at a time, with different runs.
  const listFile = join(folder, `runs-${randomUUID()}.json`);
  writeRunList(
    listFile,
    plan.map(({ configuration }) => configuration),
  );

  const statuses: RunStatus[] = plan.map((run) => ({
    run,
    state: run.state === 'done' ? 'done' : 'waiting',
    attempts: 0,
  }));
  const children = new Set<ChildProcess>();
  const state = (): LaunchState => ({ statuses: [...statuses], secondsLeft: secondsLeft(statuses, jobs) });
  const update = (index: number, change: Partial<RunStatus>) => {
    statuses[index] = { ...statuses[index]!, ...change };
    onChange(state());
  };
  const stop = () => children.forEach((child) => child.kill('SIGTERM'));
  signal?.addEventListener('abort', stop);

  const doNext = async (): Promise<void> => {
    for (;;) {
      const index = statuses.findIndex((status) => status.state === 'waiting' && !isBeingTrained(status, statuses));
      if (index < 0 || signal?.aborted) return;
      const { run, attempts } = statuses[index]!;
      const log = join(logs, `${run.id}.log`);
      const startedAt = Date.now();
      update(index, {
        state: 'running',
        attempts: attempts + 1,
        startedAt,
        log,
        progress: undefined,
        began: undefined,
      });
      const command = [...launch.workerCommand, '--list', listFile, '--index', `${index}`];
      const onProgress = (progress: WorkerProgress) => {
        const { began = progress.phase === 'opening' ? undefined : progress } = statuses[index]!;
        update(index, { progress, began });
      };
      const end = await runChild(command, log, jobs, children, onProgress).catch((error: unknown): ChildEnd => ({
        code: null,
        signal: null,
        said: () => '',
        error,
      }));
      const seconds = (Date.now() - startedAt) / 1000;
      const state = endOf(end, attempts + 1);
      update(index, { state, seconds, ...(state === 'failed' ? { message: lastWords(end) } : {}) });
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, doNext));
  } finally {
    signal?.removeEventListener('abort', stop);
    rmSync(listFile, { force: true });
  }
  return state();
}

/** Whether a run under way does this one's training, and will leave it. Whoever does that run goes on with this one. */
function isBeingTrained({ run }: RunStatus, statuses: readonly RunStatus[]): boolean {
  return statuses.some(
    (other) => other.state === 'running' && sharesTraining(other.run.configuration, run.configuration),
  );
}

/** How a child process ended: its exit code, or the signal that ended it; neither when it could not be started. */
interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to the log. */
  readonly said: () => string;
  /** Why it could not be started. */
  readonly error?: unknown;
}

function endOf({ code }: ChildEnd, attempts: number): RunState {
  if (code === workerExit.done) return 'done';
  if (code === workerExit.interrupted) return 'interrupted';
  if (code === workerExit.busy) return 'busy';
  return attempts < attemptsAllowed ? 'waiting' : 'failed';
}

/** Rejects when there is no such program, or no place for the log. */
async function runChild(
  [program, ...args]: readonly string[],
  log: string,
  jobs: number,
  children: Set<ChildProcess>,
  onProgress: (progress: WorkerProgress) => void,
): Promise<ChildEnd> {
  const output = openSync(log, 'a');
  const { size: begin } = fstatSync(output);
  const threads = `${Math.max(1, Math.floor(availableParallelism() / jobs))}`;
  const child = spawn(program!, args, {
    stdio: ['ignore', output, output, 'ipc'],
    // Workers share the cores rather than each asking for all of them.
    env: { TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: '1', ...process.env },
  });
  closeSync(output);
  children.add(child);
  child.on('message', (message) => onProgress(message as WorkerProgress));
  try {
    return await new Promise<ChildEnd>((resolve, reject) => {
      child.on('error', (error) => {
        if (child.pid === undefined) reject(error); // else it runs, and could not be signalled
      });
      const said = () => readFileSync(log).subarray(begin).toString();
      child.on('exit', (code, signal) => resolve({ code, signal, said }));
    });
  } finally {
    children.delete(child);
  }
}

/** Why the run failed: what kept it from starting, the signal that killed it, else its last lines in the log. */
function lastWords({ code, signal, error, said }: ChildEnd): string {
  if (error !== undefined) return `could not be started: ${messageOf(error)}`;
  if (signal === 'SIGKILL') {
    return 'killed, most likely because the machine ran out of memory: lower --jobs, or the batch size of the runs';
  }
  if (signal !== null) return `ended by ${signal}`;
  const lines = said().trim().split('\n');
  return lines.slice(-3).join('\n') || `the worker said nothing, and ended with exit code ${code}`;
}
