/** Text files, plain or gzipped, and the errors that name a file and a line in them. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { UserError, messageOf } from '../engine/errors';
import { fileHash } from '../engine/fileHash';

/** The file at `path` or, where that is absent, at `path` + ".gz"; undefined when neither exists. */
export function plainOrGzipped(path: string): string | undefined {
  return [path, `${path}.gz`].find((candidate) => existsSync(candidate));
}

/** The bytes of a file, decompressed when its name ends in ".gz". */
export function readBytes(path: string): Buffer {
  const bytes = readFileSync(path);
  if (!path.endsWith('.gz')) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new UserError(`${path}: not a whole gzip file (${messageOf(error)}). Fetch or copy it again.`);
  }
}

/** SHA-256 of what `readBytes` gives. */
export const contentHash = (path: string): string => fileHash(path, () => [readBytes(path)]);

/** UTF-8 text without a byte order mark; bytes that are not UTF-8 are refused. */
export function decodeText(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(`${name}: not UTF-8 text. Convert it to UTF-8, or fetch it again.`);
  }
}

/** Lines without their ends (\n or \r\n). Other separators (U+2028, U+0085 …) are part of the text. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The error for a malformed row: where it is, what was expected, what was found. */
export function malformed(where: string, expected: string, found: string): UserError {
  return new UserError(`${where}: expected ${expected}, found ${found}. Fetch the file again or mend this row.`);
}
