/**
 * The files of one repository at one revision, in the cache: taken from there when they are whole, else downloaded. A
 * wanted file may have alternatives (weights in two formats): the first that exists counts.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../../engine/errors';
import {
  blobPath,
  cachedCommit,
  checkPath,
  placeBlob,
  repositoryFolder,
  snapshotFolder,
  snapshotPath,
  storeFile,
  writeRef,
} from './cacheLayout';
import { hashOfFile, kindOfBlob } from './contentHash';
import { downloadTo } from './download';
import type { HubSettings } from './environment';
import { withLock } from './lock';
import type { OnProgress } from './progress';
import { contentUrl, describeFiles, isCommit, resolveCommit, type RemoteFile, type Repository } from './repository';
import { HubUnreachable } from './request';

/** One needed file: its name, or several of which the first that the repository has is taken. */
export type Wanted = readonly string[];

export interface SnapshotRequest {
  /** The repository, then older names under which its files may lie in the cache. */
  readonly repositories: readonly [Repository, ...Repository[]];
  /** Branch, tag, ref or commit. */
  readonly revision: string;
  /** The commit to take whatever the revision is by now. */
  readonly commit?: string;
  readonly required: readonly Wanted[];
  /** Taken when the repository has them. */
  readonly optional?: readonly string[];
}

export interface Snapshot {
  readonly folder: string;
  readonly commit: string;
  /** Paths within the folder. */
  readonly files: readonly string[];
  /** Every file's content was compared with the hash that the hub gives it, in this call. */
  readonly verified: boolean;
}

export interface SnapshotOptions {
  readonly onProgress: OnProgress;
  /** Compare the content of cached files with their hashes as well; gigabytes take seconds. Default: trust them. */
  readonly check?: 'content' | 'presence';
}

export async function fetchSnapshot(
  settings: HubSettings,
  wanted: SnapshotRequest,
  options: SnapshotOptions,
): Promise<Snapshot> {
  [...wanted.required.flat(), ...(wanted.optional ?? [])].forEach(checkPath);
  const pinned = cachedSnapshot(settings, wanted, [wanted.commit ?? wanted.revision].filter(isCommit));
  if (pinned !== undefined) return checked(pinned, options);
  const cached = cachedSnapshot(settings, wanted, [wanted.revision]);
  if (settings.offline) return checked(cached ?? notThere(settings, wanted, 'HF_HUB_OFFLINE is set.'), options);
  try {
    // With something to fall back on, a hub out of reach is not asked again and again.
    return await download(cached === undefined ? settings : { ...settings, attempts: 1 }, wanted, options);
  } catch (error) {
    if (!(error instanceof HubUnreachable)) throw error;
    return checked(cached ?? notThere(settings, wanted, error.message), options);
  }
}

/** The first snapshot of these revisions, under any of the names, that has every required file. */
function cachedSnapshot(settings: HubSettings, wanted: SnapshotRequest, revisions: string[]): Snapshot | undefined {
  const { repositories, required, optional = [] } = wanted;
  for (const repository of repositories) {
    for (const revision of revisions) {
      const commit = cachedCommit(settings, repository, revision);
      if (commit === undefined) continue;
      const here = (file: string) => fs.existsSync(snapshotPath(settings, repository, commit, file));
      const found = required.map((names) => names.find(here));
      if (found.includes(undefined)) continue;
      const files = [...(found as string[]), ...optional.filter(here)];
      return { folder: snapshotFolder(settings, repository, commit), commit, files, verified: false };
    }
  }
  return undefined;
}

/** Says what is missing and where it may be put. */
function notThere(
  settings: HubSettings,
  { repositories, revision, commit, required }: SnapshotRequest,
  why: string,
): never {
  const [repository] = repositories;
  const known = commit ?? cachedCommit(settings, repository, revision);
  const here = (name: string) => known !== undefined && fs.existsSync(snapshotPath(settings, repository, known, name));
  const missing = required.filter((names) => !names.some(here)).map((names) => names.join(' or '));
  throw new UserError(
    `${repository.name} is not complete in the cache, and the hub cannot be asked: ${why} Missing: ${missing.join(', ')}. ` +
      (known === undefined
        ? `Copy ${repositoryFolder(settings, repository)} from a machine that has it, `
        : `Put the missing files into ${snapshotFolder(settings, repository, known)}, `) +
      (repository.type === 'model'
        ? 'or give the path of a folder with them instead of the name.'
        : 'or set FUN_DATA to a local mirror.'),
  );
}

async function download(
  settings: HubSettings,
  wanted: SnapshotRequest,
  { onProgress }: SnapshotOptions,
): Promise<Snapshot> {
  const { revision, required, optional = [] } = wanted;
  const [repository] = wanted.repositories;
  const commit = wanted.commit ?? (await resolveCommit(settings, repository, revision));
  const remote = await describeFiles(settings, repository, commit, [...required.flat(), ...optional]);
  const described = (name: string) => remote.find((file) => file.path === name);
  const chosen = required.map((names) => {
    const name = names.find(described);
    if (name === undefined) {
      throw new UserError(
        `${repository.name} at ${commit} has no ${names.join(' or ')}; it is not what it is taken for.`,
      );
    }
    return name;
  });
  const files = [...chosen, ...optional.filter((name) => described(name) !== undefined)];
  for (const name of files) await fetchFile(settings, repository, commit, described(name)!, onProgress);
  // Python looks a branch up in the cache; a pinned commit stands in where it was never resolved.
  if (wanted.commit === undefined || cachedCommit(settings, repository, revision) === undefined) {
    writeRef(settings, repository, revision, commit);
  }
  return { folder: snapshotFolder(settings, repository, commit), commit, files, verified: true };
}

/** Downloads one file unless its content is there already, whichever commit brought it. */
async function fetchFile(
  settings: HubSettings,
  repository: Repository,
  commit: string,
  file: RemoteFile,
  onProgress: OnProgress,
): Promise<void> {
  const target = snapshotPath(settings, repository, commit, file.path);
  const blob = blobPath(settings, repository, file.hash.hex);
  const matches = async (at: string) =>
    fs.existsSync(at) && fs.statSync(at).size === file.size && (await hashOfFile(at, file.hash.kind)) === file.hash.hex;
  // Before the lock too: a read-only cache that is complete has no place for one.
  if (await matches(target)) return;
  const lock = path.join(
    settings.cache,
    '.locks',
    path.basename(repositoryFolder(settings, repository)),
    `${file.hash.hex}.fun`,
  );
  const waiting = () => process.stderr.write(`Waiting for another process that downloads ${file.path}.\n`);
  await withLock(
    lock,
    async () => {
      if (await matches(target)) return;
      if (await matches(blob)) return placeBlob(settings, blob, target);
      // A name of our own: Python's ".incomplete" may be written by Python at this moment.
      const partial = `${blob}.fun-incomplete`;
      await downloadTo(settings, contentUrl(settings, repository, commit, file.path), partial, file, onProgress);
      storeFile(settings, partial, blob, target);
    },
    waiting,
  );
}

/** With `check: 'content'`, compares each cached file with the hash that its blob is named by. */
async function checked(snapshot: Snapshot, { check }: SnapshotOptions): Promise<Snapshot> {
  if (check !== 'content') return snapshot;
  let verified = true;
  for (const file of snapshot.files) {
    const blob = fs.realpathSync(path.join(snapshot.folder, ...file.split('/')));
    const name = path.basename(blob);
    if (path.basename(path.dirname(blob)) !== 'blobs') {
      verified = false; // a file that was put there states no hash
    } else if ((await hashOfFile(blob, kindOfBlob(name))) !== name) {
      throw new UserError(
        `${blob} is damaged: its content has another hash than its name. Delete it and fetch it again.`,
      );
    }
  }
  return { ...snapshot, verified };
}
