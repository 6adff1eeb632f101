/** The tokenizer part of the embedded model file: unigram pieces, their scores, and the normaliser's records. */
import type { ByteReader } from './byteReader';

export interface Q4Tokenizer {
  /** Piece i is the UTF-8 text `bytes[offsets[i] … offsets[i+1])`; its index is its id. */
  readonly pieces: { readonly bytes: Uint8Array; readonly offsets: Uint32Array };
  /** Log-probability of each piece. */
  readonly scores: Float32Array;
  readonly bos: number;
  readonly eos: number;
  readonly pad: number;
  readonly unk: number;
  /**
   * What single code points become: record i turns `codePoints[i]` (ascending) into the code points
   * `replacements[offsets[i] … offsets[i+1])`, which are none where it is deleted.
   */
  readonly normaliser: {
    readonly codePoints: Uint32Array;
    readonly offsets: Uint32Array;
    readonly replacements: Uint32Array;
  };
}

/** Reads this part of the file at the reader's position. Ids must be below `vocabularySize`. */
export function readTokenizer(reader: ByteReader, vocabularySize: number): Q4Tokenizer {
  const count = reader.i32('number of pieces');
  if (count < 1 || count > vocabularySize)
    throw reader.broken(`it has ${count} pieces for a vocabulary of ${vocabularySize}`);
  const special = (what: string) => {
    const id = reader.i32(what);
    if (id < 0 || id >= count) throw reader.broken(`its ${what} is ${id}, with ${count} pieces`);
    return id;
  };
  const ids = { bos: special('bos id'), eos: special('eos id'), pad: special('pad id'), unk: special('unk id') };
  const length = reader.u64('length of the pieces');
  const offsets = reader.u32s(count + 1, 'piece offsets');
  const scores = reader.f32s(count, 'piece scores');
  const bytes = reader.take(length, 'pieces').slice();
  checkPieces(reader, bytes, offsets);
  if (!scores.every(Number.isFinite)) throw reader.broken('a piece has no finite score');
  return { pieces: { bytes, offsets }, scores, ...ids, normaliser: readNormaliser(reader) };
}

function checkPieces(reader: ByteReader, bytes: Uint8Array, offsets: Uint32Array): void {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw reader.broken('its pieces are not UTF-8');
  }
  if (offsets[0] !== 0 || offsets[offsets.length - 1] !== bytes.length)
    throw reader.broken('its pieces do not fill their room');
  for (let i = 1; i < offsets.length; i++) {
    const start = offsets[i - 1]!;
    // A piece must not be empty, and must begin at a character, not at a continuation byte.
    if (offsets[i]! <= start || (bytes[start]! & 0xc0) === 0x80)
      throw reader.broken(`its piece ${i - 1} has no proper bounds`);
  }
}

function readNormaliser(reader: ByteReader): Q4Tokenizer['normaliser'] {
  const count = reader.i32('number of normaliser records');
  const end = reader.u32('length of the normaliser records') + reader.at;
  // Each record takes five bytes at least; so the arrays below are never larger than the file.
  if (count < 0 || count * 5 > end - reader.at || end > reader.bytes.length) {
    throw reader.broken(`it has ${count} normaliser records in ${end - reader.at} bytes`);
  }
  const codePoints = new Uint32Array(count);
  const offsets = new Uint32Array(count + 1);
  const replacements: number[] = [];
  const checked = (codePoint: number) => {
    if (codePoint > 0x10ffff) throw reader.broken(`its normaliser names the code point ${codePoint}`);
    return codePoint;
  };
  for (let i = 0; i < count; i++) {
    codePoints[i] = checked(reader.u32('normaliser record'));
    if (i > 0 && codePoints[i]! <= codePoints[i - 1]!) throw reader.broken('its normaliser records are not in order');
    const length = reader.u8('normaliser record');
    for (let j = 0; j < length; j++) replacements.push(checked(reader.u32('normaliser record')));
    offsets[i + 1] = replacements.length;
  }
  if (reader.at !== end) throw reader.broken('its normaliser records do not fill their room');
  return { codePoints, offsets, replacements: new Uint32Array(replacements) };
}
