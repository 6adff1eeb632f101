/**
 * A lock between processes: a file that exists while it is held, and whose time its holder renews. One whose holder
 * died grows old and is taken over. It spares a second download and no more: what two holders would spoil is found by
 * the hash of the content.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pause } from './request';

/** Milliseconds. */
const RENEW = 2_000;
const STALE = 15_000;
const POLL = 100;

/** Runs `work` while no other process runs it under the same lock file. `waiting` is told once if it has to wait. */
export async function withLock<T>(file: string, work: () => Promise<T>, waiting?: () => void): Promise<T> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const mark = `${process.pid} ${randomBytes(8).toString('hex')}`;
  for (let waits = 0; !acquire(file, mark); waits++) {
    if (waits === 1) waiting?.();
    dropStale(file);
    await pause(POLL);
  }
  const renewal = setInterval(() => touch(file), RENEW);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    if (read(file) === mark) fs.rmSync(file, { force: true });
  }
}

function acquire(file: string, mark: string): boolean {
  try {
    fs.writeFileSync(file, mark, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock that was not renewed for long; it is moved away first, so that of two waiters one removes it. */
function dropStale(file: string): void {
  try {
    if (Date.now() - fs.statSync(file).mtimeMs < STALE) return;
    const grave = `${file}.${randomBytes(4).toString('hex')}`;
    fs.renameSync(file, grave);
    fs.rmSync(grave, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function touch(file: string): void {
  try {
    fs.utimesSync(file, new Date(), new Date());
  } catch {
    // taken over after this process had stood still for long; `work` goes on, and the content's hash decides
  }
}

const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
