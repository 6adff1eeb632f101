/** As much of the protobuf wire format as a SentencePiece model needs: the fields of a message, one after the other. */
import { UserError } from '../engine/errors';

/**
 * Called for every field with its number and value: a varint as a number; any other as the range of its bytes in the
 * buffer, and `value` is then their number.
 */
export type FieldVisitor = (number: number, value: number, start: number, end: number) => void;

/** Visits the fields of the message `bytes[start … end)`. Throws a UserError when the message is not whole. */
export function visitFields(bytes: Uint8Array, start: number, end: number, visit: FieldVisitor): void {
  let at = start;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70 && at < end; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw damaged();
  };
  while (at < end) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) {
      visit(number, varint(), at, at);
      continue;
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : Infinity;
    if (length > end - at) throw damaged();
    at += length;
    visit(number, length, at - length, at);
  }
}

function damaged(): UserError {
  return new UserError('The SentencePiece model is damaged or cut off. Fetch the tokenizer again.');
}
