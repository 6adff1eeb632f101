/**
 * Files that appear whole or not at all, written under a passing name and then renamed; and files that are never
 * overwritten.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from './errors';

/**
 * Calls `write` with the descriptor of a temporary file in the same folder, flushes it, renames it to `target`: whoever
 * reads sees the old file or the new one. Errors of the disk are the caller's to explain.
 */
export function writeAtomically(target: string, write: (descriptor: number) => void): void {
  writeBeside(target, write, (temporary) => fs.renameSync(temporary, target));
}

/** The same for content that is at hand. @throws UserError where the disk is full or the place is none for it. */
export function writeWhole(target: string, content: string | Uint8Array): void {
  explainDisk(target, () => writeAtomically(target, (descriptor) => fs.writeFileSync(descriptor, content)));
}

/** As `writeWhole`, but refuses when `target` exists, even if another process creates it at the same moment. */
export function writeOnce(target: string, text: string): void {
  const write = (descriptor: number) => fs.writeFileSync(descriptor, text);
  explainDisk(target, () => writeBeside(target, write, (temporary) => linkOrRename(temporary, target)));
}

/**
 * Adds `text` to the end of the file, past the cache of the system.
 *
 * @throws UserError where the disk is full or the place is none for it.
 */
export function append(target: string, text: string): void {
  explainDisk(target, () => fs.appendFileSync(target, text, { flush: true }));
}

/**
 * Files of one folder that belong together. `write` gets an empty folder to write them to; when all are there they take
 * the place of the old ones, and a name that was not written is gone. On a full disk the old ones stay as they are.
 *
 * @param names all that may be written, the last to be put in place at the end.
 * @throws UserError where the disk is full or the place is none for it.
 */
export function replaceTogether(folder: string, names: readonly string[], write: (aside: string) => void): void {
  explainDisk(folder, () => {
    fs.mkdirSync(folder, { recursive: true });
    const aside = fs.mkdtempSync(path.join(folder, '.unfinished-'));
    try {
      write(aside);
      for (const name of names) {
        const [written, target] = [path.join(aside, name), path.join(folder, name)];
        if (fs.existsSync(written)) fs.renameSync(written, target);
        else fs.rmSync(target, { force: true });
      }
    } finally {
      fs.rmSync(aside, { recursive: true, force: true });
    }
  });
}

/**
 * Finds out whether `folder` can be made and written, before hours of work for what goes there. Leaves nothing behind.
 *
 * @throws UserError where the disk is full or the place is none for it.
 */
export function requireFolder(folder: string): void {
  explainDisk(folder, () => {
    const made = fs.mkdirSync(folder, { recursive: true });
    try {
      fs.rmdirSync(fs.mkdtempSync(path.join(folder, '.unfinished-')));
    } finally {
      if (made !== undefined) fs.rmSync(made, { recursive: true });
    }
  });
}

function writeBeside(
  target: string,
  write: (descriptor: number) => void,
  putInPlace: (temporary: string) => void,
): void {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const temporary = `${target}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const descriptor = fs.openSync(temporary, 'wx');
    try {
      write(descriptor);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    putInPlace(temporary);
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}

function linkOrRename(temporary: string, target: string): void {
  const exists = () => new UserError(`${target} exists already. Results are never overwritten; move it away first.`);
  try {
    fs.linkSync(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists();
    // File systems without hard links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    if (fs.existsSync(target)) throw exists();
    fs.renameSync(temporary, target);
  }
}

const notAPlace =
  'there is a file where a folder should be, or a folder where the file should be. Choose another place.';
const reasons: Readonly<Record<string, string>> = {
  EISDIR: notAPlace,
  ENOTDIR: notAPlace,
  EEXIST: notAPlace,
  EACCES: 'this user may not write there. Choose another place, or change its permissions.',
  EROFS: 'the disk is read-only. Choose another place.',
};

/** Errors of the disk that the user can mend, as messages. */
export function explainDisk(target: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw new UserError(`The disk is full: ${target} could not be written. Free some space and repeat the command.`);
    if (code in reasons) throw new UserError(`${target} cannot be written: ${reasons[code]}`);
    throw error;
  }
}
