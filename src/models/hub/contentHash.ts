/** Whether a file's content is what the hub says it is. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { ContentHash } from './repository';

/** The hash of a file, of the same kind as the hub's: SHA-256, or git's SHA-1 of "blob SIZE\0" and the content. */
export async function hashOfFile(file: string, kind: ContentHash['kind']): Promise<string> {
  const hash = createHash(kind === 'sha256' ? 'sha256' : 'sha1');
  if (kind === 'gitBlobSha1') hash.update(`blob ${fs.statSync(file).size}\0`);
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The kind of hash that a blob of the cache is named by. */
export const kindOfBlob = (name: string): ContentHash['kind'] => (name.length === 64 ? 'sha256' : 'gitBlobSha1');
