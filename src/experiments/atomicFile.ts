/** Files that appear whole or not at all, and files that are never overwritten. */
import { appendFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../engine/errors';

let written = 0;

/** Writes `content` beside `path` and renames it there; whoever reads sees the old file or the new one. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = writeBeside(path, content);
  renameSync(temporary, path);
}

/** As `writeWhole`, but refuses when `path` exists, even if another process creates it at the same moment. */
export function writeOnce(path: string, text: string): void {
  const temporary = writeBeside(path, text);
  try {
    linkOrRename(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Adds `text` to the end of the file. */
export function append(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw explained(error, path);
  }
}

function writeBeside(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${(written += 1)}.tmp`;
  try {
    writeFileSync(temporary, content, { flush: true });
  } catch (error) {
    rmSync(temporary, { force: true });
    throw explained(error, path);
  }
  return temporary;
}

function linkOrRename(temporary: string, path: string): void {
  const exists = () => new UserError(`${path} exists already. Results are never overwritten; move it away first.`);
  try {
    linkSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists();
    // File systems without hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    if (existsSync(path)) throw exists();
    renameSync(temporary, path);
  }
}

function explained(error: unknown, path: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return error;
  return new UserError(`The disk is full: ${path} could not be written. Free some space and repeat the command.`);
}
