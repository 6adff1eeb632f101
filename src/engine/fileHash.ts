/** SHA-256 of files. A file is read again only when it has changed: many runs ask for the same ones. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** SHA-256 in hexadecimal digits, by the file's name. */
export type FileHashes = Readonly<Record<string, string>>;

/** By path: the file's state when it was read, and what it hashed to. */
const known = new Map<string, { readonly state: string; readonly hash: string }>();

/**
 * SHA-256 of a file's content, in hexadecimal digits.
 *
 * @param content what counts of the file, where that is not its bytes as they lie there (gzipped text).
 */
export function fileHash(path: string, content: () => Iterable<Uint8Array> = () => bytesOf(path)): string {
  const key = resolve(path);
  const state = stateOf(path);
  const before = known.get(key);
  if (before?.state === state) return before.hash;
  const sum = createHash('sha256');
  for (const bytes of content()) sum.update(bytes);
  const hash = sum.digest('hex');
  known.set(key, { state, hash });
  return hash;
}

/** What changes with the content. A copy may bring its time of modification along, but not that of its status. */
function stateOf(path: string): string {
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(' ');
}

/** In pieces: weights may be larger than memory. */
function* bytesOf(path: string): Generator<Uint8Array> {
  const descriptor = openSync(path, 'r');
  try {
    const piece = new Uint8Array(1 << 22);
    for (;;) {
      const length = readSync(descriptor, piece);
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
