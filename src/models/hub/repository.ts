/** What the hub says of a repository: which commit a revision is, and size and hash of its files. */
import { datasetInfo, modelInfo, pathsInfo } from '@huggingface/hub';
import { UserError } from '../../engine/errors';
import type { HubSettings } from './environment';
import { hubFetch } from './request';

export interface Repository {
  readonly type: 'model' | 'dataset';
  /** `owner/name`, or a bare old name. */
  readonly name: string;
}

/** A file of one commit. */
export interface RemoteFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly hash: ContentHash;
}

/** Large files (LFS) are known by the SHA-256 of their content, others by git's SHA-1 of the blob. */
export interface ContentHash {
  readonly kind: 'sha256' | 'gitBlobSha1';
  /** Lower-case hexadecimal; also the name of the blob in the cache. */
  readonly hex: string;
}

export const isCommit = (revision: string) => /^[0-9a-f]{40}$/.test(revision);

/** The commit of a branch, tag or ref. */
export async function resolveCommit(
  settings: HubSettings,
  { type, name }: Repository,
  revision: string,
): Promise<string> {
  if (isCommit(revision)) return revision;
  const options = { name, revision, hubUrl: settings.endpoint, fetch: hubFetch(settings) };
  const info =
    type === 'model'
      ? await modelInfo({ ...options, additionalFields: ['sha'] })
      : await datasetInfo({ ...options, additionalFields: ['sha'] });
  if (!isCommit(info.sha)) throw new UserError(`${settings.endpoint} gives no commit for ${name} at ${revision}.`);
  return info.sha;
}

/** Those of `paths` that the commit has; the others are passed over. */
export async function describeFiles(
  settings: HubSettings,
  repository: Repository,
  commit: string,
  paths: readonly string[],
): Promise<RemoteFile[]> {
  const { endpoint: hubUrl } = settings;
  const found = await pathsInfo({
    repo: repository,
    revision: commit,
    paths: [...paths],
    hubUrl,
    fetch: hubFetch(settings),
  });
  return found
    .filter(({ type, path }) => type === 'file' && paths.includes(path))
    .map(({ path, size, oid, lfs }) => {
      const hash: ContentHash = lfs ? { kind: 'sha256', hex: lfs.oid } : { kind: 'gitBlobSha1', hex: oid ?? '' };
      // The hash names a file in the cache: it must be nothing but a hash.
      if (!/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(hash.hex) || !Number.isSafeInteger(lfs?.size ?? size)) {
        throw new UserError(`${hubUrl} describes ${path} of ${repository.name} without a hash or size.`);
      }
      return { path, size: lfs?.size ?? size, hash };
    });
}

/** The address of a file's content. */
export function contentUrl(
  { endpoint }: HubSettings,
  { type, name }: Repository,
  commit: string,
  path: string,
): string {
  const prefix = type === 'dataset' ? 'datasets/' : '';
  return `${endpoint}/${prefix}${name}/resolve/${encodeURIComponent(commit)}/${path.split('/').map(encodeURIComponent).join('/')}`;
}
