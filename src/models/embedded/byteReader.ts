/** Little-endian reading with every length checked against the file before anything is allocated. */
import { UserError } from '../../engine/errors';

export class ByteReader {
  /** Bytes read so far. */
  at = 0;
  private readonly view: DataView;

  /** `what` names the file in messages. */
  constructor(
    readonly bytes: Uint8Array,
    private readonly what: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next `count` bytes as a view. */
  take(count: number, part: string): Uint8Array {
    if (!Number.isSafeInteger(count) || count < 0 || count > this.bytes.length - this.at) {
      throw this.broken(`its ${part} needs ${count} bytes, but ${this.bytes.length - this.at} are left`);
    }
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  u8(part: string): number {
    return this.take(1, part)[0]!;
  }

  u16(part: string): number {
    this.take(2, part);
    return this.view.getUint16(this.at - 2, true);
  }

  u32(part: string): number {
    this.take(4, part);
    return this.view.getUint32(this.at - 4, true);
  }

  i32(part: string): number {
    this.take(4, part);
    return this.view.getInt32(this.at - 4, true);
  }

  f32(part: string): number {
    this.take(4, part);
    return this.view.getFloat32(this.at - 4, true);
  }

  /** A 64-bit length or offset; anything over 2^53 is refused with the rest of what does not fit the file. */
  u64(part: string): number {
    this.take(8, part);
    return Number(this.view.getBigUint64(this.at - 8, true));
  }

  u32s(count: number, part: string): Uint32Array {
    return new Uint32Array(copyOf(this.take(count * 4, part)));
  }

  f32s(count: number, part: string): Float32Array {
    return new Float32Array(copyOf(this.take(count * 4, part)));
  }

  /** The error for a file that is not what it should be. */
  broken(why: string): UserError {
    return new UserError(
      `${this.what} is damaged or not a model file of this kind: ${why}. Delete it and run npm start, which fetches it again.`,
    );
  }
}

/** A copy with an alignment of its own, so that it can be seen as 32-bit numbers (of a little-endian machine). */
export function copyOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}
