/**
 * The hub's cache on disk, as Python's `huggingface_hub` lays it out, so that either finds what the other downloaded:
 * `models--OWNER--NAME/{blobs/HASH, refs/REVISION, snapshots/COMMIT/PATH}`, snapshots being relative links to blobs.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeWhole } from '../../engine/atomicFile';
import { UserError } from '../../engine/errors';
import type { HubSettings } from './environment';
import { isCommit, type Repository } from './repository';

/** The repository's folder in the cache. */
export function repositoryFolder({ cache }: HubSettings, { type, name }: Repository): string {
  if (!/^[\w.-]+(?:\/[\w.-]+)?$/.test(name) || name.includes('..')) {
    throw new UserError(`"${name}" is no repository name; OWNER/NAME is expected.`);
  }
  return path.join(cache, [`${type}s`, ...name.split('/')].join('--'));
}

export const snapshotFolder = (settings: HubSettings, repository: Repository, commit: string) =>
  path.join(repositoryFolder(settings, repository), 'snapshots', commit);

export const blobPath = (settings: HubSettings, repository: Repository, hash: string) =>
  path.join(repositoryFolder(settings, repository), 'blobs', hash);

/** Where a file of a commit is found. */
export const snapshotPath = (settings: HubSettings, repository: Repository, commit: string, file: string) =>
  path.join(snapshotFolder(settings, repository, commit), ...file.split('/'));

/** Refuses a path that could lead out of its repository. */
export function checkPath(file: string): void {
  const parts = file.split('/');
  if (/[\\:]/.test(file) || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new UserError(`"${file}" is no path within a repository.`);
  }
}

/** The commit that the cache knows for a revision. */
export function cachedCommit(settings: HubSettings, repository: Repository, revision: string): string | undefined {
  if (isCommit(revision)) return revision;
  const file = refPath(settings, repository, revision);
  if (!fs.existsSync(file)) return undefined;
  const commit = fs.readFileSync(file, 'utf8').trim();
  return isCommit(commit) ? commit : undefined;
}

/** Remembers a revision's commit: 40 digits without a line feed, which Python would take for part of the name. */
export function writeRef(settings: HubSettings, repository: Repository, revision: string, commit: string): void {
  if (isCommit(revision) || cachedCommit(settings, repository, revision) === commit) return;
  writeWhole(refPath(settings, repository, revision), commit);
}

function refPath(settings: HubSettings, repository: Repository, revision: string): string {
  const parts = revision.split('/');
  if (parts.some((part) => !/^[\w.-]+$/.test(part) || /^\.+$/.test(part))) {
    throw new UserError(`"${revision}" is no revision: a branch, a tag, a ref or a commit is expected.`);
  }
  return path.join(repositoryFolder(settings, repository), 'refs', ...parts);
}

/**
 * Puts a whole, checked file into the cache: as a blob with a link in the snapshot, or as the snapshot's file itself.
 */
export function storeFile(settings: HubSettings, finished: string, blob: string, snapshotFile: string): void {
  if (linksIn(settings, path.dirname(snapshotFile))) {
    fs.renameSync(finished, blob);
    linkBlob(blob, snapshotFile);
  } else {
    fs.renameSync(finished, snapshotFile);
  }
}

/**
 * Puts a blob that is there into a snapshot: as a link, or as a copy, since other snapshots may need the blob itself.
 */
export function placeBlob(settings: HubSettings, blob: string, snapshotFile: string): void {
  if (linksIn(settings, path.dirname(snapshotFile))) return linkBlob(blob, snapshotFile);
  const temporary = `${snapshotFile}.${process.pid}.copy`;
  fs.copyFileSync(blob, temporary);
  fs.renameSync(temporary, snapshotFile);
}

/** Makes (or mends) the relative link from a snapshot to a blob. */
function linkBlob(blob: string, snapshotFile: string): void {
  const target = path.relative(path.dirname(snapshotFile), blob);
  const temporary = `${snapshotFile}.${process.pid}.link`;
  fs.rmSync(temporary, { force: true });
  fs.symlinkSync(target, temporary);
  fs.renameSync(temporary, snapshotFile);
}

/** Makes the folder, and says whether its files are to be links. */
function linksIn({ symlinks }: HubSettings, folder: string): boolean {
  fs.mkdirSync(folder, { recursive: true });
  return symlinks && linkSupported(folder);
}

/** Windows allows links only to some users: tried once per folder that is written to. */
function linkSupported(folder: string): boolean {
  const probe = path.join(folder, `.${process.pid}.probe`);
  try {
    fs.symlinkSync('nowhere', probe);
    return true;
  } catch {
    return false;
  } finally {
    fs.rmSync(probe, { force: true });
  }
}
