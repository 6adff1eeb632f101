/**
 * One process a run. Whoever wants a run puts down a file of its own beside those of others and looks again: if it is
 * alone among the living, the run is its own. A file is never replaced, so removing a dead owner's file cannot hit a
 * living one.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../engine/atomicFile';

export interface LockOwner {
  readonly host: string;
  readonly pid: number;
  /** When that process started, in clock ticks since boot; '' where the system does not tell. */
  readonly processStart: string;
  readonly since: string;
  /** Task of a job array; '' outside one. A task that runs on another host was requeued: its process here is dead. */
  readonly task: string;
}

export interface Lock {
  release(): void;
}

/** An owner on another host is taken for dead when it gave no sign of life for this long. */
const silenceMs = 10 * 60_000;
const signOfLifeMs = 30_000;

/**
 * The lock `name` in `folder`, or its living owner.
 *
 * Two that come at the same moment may both step back; each then tries again after a random while, up to `tries` times.
 *
 * @throws UserError when the disk is full.
 */
export async function acquireLock(folder: string, name: string, tries = 8): Promise<Lock | LockOwner> {
  mkdirSync(folder, { recursive: true });
  let owner = livingOwners(folder, name)[0]?.owner;
  for (let attempt = 0; attempt < tries && owner === undefined; attempt += 1) {
    const mine = join(folder, `${name}.${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}.lock`);
    writeWhole(mine, JSON.stringify(thisProcess()));
    owner = livingOwners(folder, name).find(({ path }) => path !== mine)?.owner;
    if (owner === undefined) return heldLock(mine);
    rmSync(mine, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 100 * (attempt + 1)));
    if (attempt < tries - 1) owner = livingOwners(folder, name)[0]?.owner;
  }
  return owner!;
}

export function isLock(held: Lock | LockOwner): held is Lock {
  return 'release' in held;
}

function heldLock(path: string): Lock {
  const timer = setInterval(() => touch(path), signOfLifeMs);
  timer.unref();
  const release = () => {
    clearInterval(timer);
    process.off('exit', release);
    rmSync(path, { force: true });
  };
  process.on('exit', release);
  return { release };
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The folder may be gone at the end of a test or a run; the lock is then of no use to anyone.
  }
}

function livingOwners(folder: string, name: string): { path: string; owner: LockOwner }[] {
  const files = readdirSync(folder).filter((file) => file.startsWith(`${name}.`) && file.endsWith('.lock'));
  return files.flatMap((file) => {
    const path = join(folder, file);
    const owner = readOwner(path);
    if (owner === undefined) return [];
    if (owner !== 'unreadable' && isAlive(owner, path)) return [{ path, owner }];
    // Half-written, as earlier versions may leave it: its writer is about to finish or dead; a minute decides.
    if (owner === 'unreadable' && ageMs(path) < 60_000) {
      return [{ path, owner: { host: 'unknown', pid: 0, processStart: '', since: '', task: '' } }];
    }
    rmSync(path, { force: true });
    return [];
  });
}

/** `undefined`: the file has gone meanwhile. */
function readOwner(path: string): LockOwner | 'unreadable' | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as LockOwner;
  } catch {
    return 'unreadable';
  }
}

function isAlive(owner: LockOwner, path: string): boolean {
  if (owner.host === hostname()) return processExists(owner.pid) && startOf(owner.pid) === owner.processStart;
  if (owner.task !== '' && owner.task === arrayTask(process.env)) return false;
  return ageMs(path) < silenceMs;
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return Infinity;
  }
}

/** Whether a process of this machine has this number. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function thisProcess(): LockOwner {
  return {
    host: hostname(),
    pid: process.pid,
    processStart: startOf(process.pid),
    since: new Date().toISOString(),
    task: arrayTask(process.env),
  };
}

function arrayTask({ SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID }: NodeJS.ProcessEnv): string {
  return SLURM_ARRAY_JOB_ID === undefined ? '' : `${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}`;
}

/** Field 22 of /proc/PID/stat, which tells a process from a later one with the same number. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
