/** A file's hash is that of its content now, and a file that has not changed is not read again. */
import { createHash } from 'node:crypto';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileHash } from '../../src/engine/fileHash';
import { temporaryFolder } from '../temporaryFolder';

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

test('of content in several pieces; read once, and again when it has changed, whatever its size and date', async () => {
  const path = join(temporaryFolder(), 'file');
  const content = Buffer.alloc(9 << 20, 'ab');
  const write = (bytes: Uint8Array) => {
    writeFileSync(path, bytes);
    utimesSync(path, 1e9, 1e9);
  };
  write(content);
  expect(fileHash(path)).toBe(sha256(content));
  expect(fileHash(path, () => expect.fail('it is read again'))).toBe(sha256(content));

  const other = Buffer.alloc(9 << 20, 'ba');
  await new Promise((resolve) => setTimeout(resolve, 20)); // the clock of file systems is coarse
  write(other);
  expect(fileHash(path)).toBe(sha256(other));
});
