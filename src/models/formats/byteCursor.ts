/** Reading a binary file from front to back, through a window: for parsers that do not know how long their input is. */
import { UserError } from '../../engine/errors';
import { readBytes, type BinaryFile } from './binaryFile';

const WINDOW = 1 << 16;

export class ByteCursor {
  private window: Uint8Array = new Uint8Array(0);
  private windowStart: number;

  /** Reads from `position` on; asking for more than `end − start` bytes is an error. */
  constructor(
    private readonly file: BinaryFile,
    public position: number,
    private readonly end: number,
  ) {
    this.windowStart = position;
  }

  /** The next `length` bytes, valid until the next call. */
  bytes(length: number): Uint8Array {
    if (length > this.end - this.position) {
      throw new UserError(
        `${this.file.name} is damaged or cut off: a value at byte ${this.position} runs over its end.`,
      );
    }
    let from = this.position - this.windowStart;
    if (from + length > this.window.length) {
      this.window = readBytes(this.file, this.position, Math.min(Math.max(length, WINDOW), this.end - this.position));
      this.windowStart = this.position;
      from = 0;
    }
    this.position += length;
    return this.window.subarray(from, from + length);
  }

  byte(): number {
    return this.bytes(1)[0]!;
  }

  view(length: number): DataView {
    const bytes = this.bytes(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  uint32(): number {
    return this.view(4).getUint32(0, true);
  }

  /** An unsigned 64-bit length; a damaged one becomes a number that no file can hold. */
  uint64(): number {
    return Number(this.view(8).getBigUint64(0, true));
  }

  text(length: number): string {
    return new TextDecoder().decode(this.bytes(length));
  }

  /** Text up to a line feed, which is consumed. */
  line(): string {
    let text = '';
    for (let byte = this.byte(); byte !== 10; byte = this.byte()) {
      if (text.length > 1000)
        throw new UserError(`${this.file.name} is damaged: a line at byte ${this.position} never ends.`);
      text += String.fromCharCode(byte);
    }
    return text;
  }
}
