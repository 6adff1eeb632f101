/**
 * Bytes by offset: what every weight format is read from. Nothing is mapped or read ahead, so a file may be larger
 * than 2 GiB and larger than memory; offsets are numbers (exact up to 2⁵³).
 */
import * as fs from 'node:fs';
import { messageOf, UserError } from '../../engine/errors';

export interface BinaryFile {
  /** What error messages call it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Fills `target` with the bytes from `offset` on. Throws a UserError when the file ends before. */
  readInto(target: Uint8Array, offset: number): void;
  close(): void;
}

/** One read call of the operating system takes at most this many bytes. */
const LARGEST_READ = 1 << 30;

/** Opens a file for reading by offset. The caller closes it. */
export function openBinaryFile(path: string): BinaryFile {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, 'r');
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}.`);
  }
  const stat = fs.fstatSync(descriptor);
  if (!stat.isFile()) {
    fs.closeSync(descriptor);
    throw new UserError(`${path} is not a file.`);
  }
  let open = true;
  return {
    name: path,
    size: stat.size,
    readInto(target, offset) {
      if (!open) throw new Error(`${path} was closed before it was read.`);
      checkRange(path, stat.size, offset, target.length);
      for (let done = 0; done < target.length;) {
        const want = Math.min(LARGEST_READ, target.length - done);
        const got = fs.readSync(descriptor, target, done, want, offset + done);
        if (got === 0) throw new UserError(`${path} became shorter while it was read.`);
        done += got;
      }
    },
    close() {
      if (open) fs.closeSync(descriptor);
      open = false;
    },
  };
}

/** The same over bytes in memory. */
export function binaryFileOf(bytes: Uint8Array, name: string): BinaryFile {
  return {
    name,
    size: bytes.length,
    readInto(target, offset) {
      checkRange(name, bytes.length, offset, target.length);
      target.set(bytes.subarray(offset, offset + target.length));
    },
    close() {},
  };
}

/** The bytes from `offset` on; the range is checked against the file before anything is allocated. */
export function readBytes(file: BinaryFile, offset: number, length: number): Uint8Array {
  checkRange(file.name, file.size, offset, length);
  const bytes = new Uint8Array(length);
  file.readInto(bytes, offset);
  return bytes;
}

function checkRange(name: string, size: number, offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new UserError(`${name} is damaged: it names the byte range ${offset} + ${length}.`);
  }
  if (offset + length > size) {
    throw new UserError(
      `${name} is damaged or cut off: bytes ${offset} to ${offset + length} are needed, it has ${size}.`,
    );
  }
}
