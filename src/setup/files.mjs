// Files that are whole or absent: everything is written under a temporary name and renamed.
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const temporaryPrefix = '.unfinished-';

/** Hexadecimal SHA-256 of a file, read as a stream. */
export async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Writes a file so that no reader ever sees half of it. */
export async function writeWhole(path, content) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(dirname(path));
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Points `path` at `target`, replacing whatever was there in one step. */
export async function linkWhole(target, path) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(dirname(path));
  try {
    await symlink(target, temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Runs `build(folder)` in a fresh folder beside `path`, then renames what it returns (the folder itself, or a file in
 * it) to `path`. When another process was quicker, its result stays and ours is dropped. Nothing is left on failure.
 */
export async function buildWhole(path, build) {
  const parent = dirname(path);
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const folder = temporaryName(parent);
  await mkdir(folder);
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const made = (await build(folder)) ?? folder;
    await rename(made, path).catch((error) => {
      if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    });
  } finally {
    await remove();
  }
}

const temporaryName = (parent) => join(parent, `${temporaryPrefix}${process.pid}-${randomBytes(4).toString('hex')}`);

/** Removes what processes that are gone (killed, power cut) left in `parent`. */
async function removeAbandoned(parent) {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(temporaryPrefix)) continue;
    const pid = Number(name.slice(temporaryPrefix.length).split('-')[0]);
    if (!isRunning(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether a file or folder is there (a dangling link is not). */
export const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );
