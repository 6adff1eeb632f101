/** A vocabulary as flat arrays: piece i is the UTF-8 text bytes[offsets[i] … offsets[i+1]), and i is its id. */
import type { PieceSource } from './pieceTrie';

export interface Pieces {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

/** The flat form of a list of strings. */
export function piecesOf(texts: readonly string[]): Pieces {
  const encoder = new TextEncoder();
  const offsets = new Uint32Array(texts.length + 1);
  // At most three bytes a UTF-16 code unit.
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + text.length * 3, 0));
  let at = 0;
  texts.forEach((text, i) => {
    at += encoder.encodeInto(text, bytes.subarray(at)).written ?? 0;
    offsets[i + 1] = at;
  });
  return { bytes: bytes.slice(0, at), offsets };
}

export function pieceCount(pieces: Pieces): number {
  return pieces.offsets.length - 1;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of a piece. */
export function pieceText(pieces: Pieces, id: number): string {
  return decoder.decode(pieces.bytes.subarray(pieces.offsets[id], pieces.offsets[id + 1]));
}

/** The id of the first piece with this text, or undefined: a search through all, for the few special tokens. */
export function findPiece(pieces: Pieces, text: string): number | undefined {
  const wanted = new TextEncoder().encode(text);
  for (let id = 0; id < pieceCount(pieces); id++) {
    const start = pieces.offsets[id]!;
    if (pieces.offsets[id + 1]! - start !== wanted.length) continue;
    if (wanted.every((byte, i) => pieces.bytes[start + i] === byte)) return id;
  }
  return undefined;
}

/** Every piece for which `include` holds, under root 0, for a trie. */
export function trieSource(pieces: Pieces, include: (id: number) => boolean): PieceSource {
  return (add) => {
    let units = new Uint16Array(256);
    for (let id = 0; id < pieceCount(pieces); id++) {
      if (!include(id)) continue;
      const start = pieces.offsets[id]!;
      const end = pieces.offsets[id + 1]!;
      if (end - start > units.length) units = new Uint16Array(2 * (end - start));
      add(0, units, utf16(pieces.bytes, start, end, units), id);
    }
  };
}

/** Writes valid UTF-8 as UTF-16 code units and returns how many. Quicker than a string for each piece. */
function utf16(bytes: Uint8Array, start: number, end: number, units: Uint16Array): number {
  let length = 0;
  for (let i = start; i < end;) {
    const byte = bytes[i++]!;
    if (byte < 0x80) {
      units[length++] = byte;
    } else if (byte < 0xe0) {
      units[length++] = ((byte & 0x1f) << 6) | (bytes[i++]! & 0x3f);
    } else if (byte < 0xf0) {
      units[length++] = ((byte & 0x0f) << 12) | ((bytes[i++]! & 0x3f) << 6) | (bytes[i++]! & 0x3f);
    } else {
      const codePoint =
        (((byte & 0x07) << 18) | ((bytes[i++]! & 0x3f) << 12) | ((bytes[i++]! & 0x3f) << 6) | (bytes[i++]! & 0x3f)) -
        0x10000;
      units[length++] = 0xd800 + (codePoint >> 10);
      units[length++] = 0xdc00 + (codePoint & 0x3ff);
    }
  }
  return length;
}
