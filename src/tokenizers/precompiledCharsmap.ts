/**
 * SentencePiece's compiled normalisation rules, as they are in spm.model files and in tokenizer.json: the length of a
 * double-array trie (darts-clone) over UTF-8 in bytes, the trie, and the replacements, each ended by a NUL.
 */
import { UserError } from '../engine/errors';
import type { CharacterMap, Replacement } from './characterMap';

/**
 * Fields of a trie unit. A leaf's unit is the value; another's is its label, whether a value follows, and an offset.
 */
const labelOf = (unit: number) => unit & 0x800000ff;
const hasValue = (unit: number) => ((unit >>> 8) & 1) === 1;
const offsetOf = (unit: number) => (unit >>> 10) << ((unit & 0x200) >>> 6);
const valueOf = (unit: number) => unit & 0x7fffffff;

/** The character map of a compiled table; throws a UserError when it is not one. */
export function precompiledMap(charsmap: Uint8Array): CharacterMap {
  const view = new DataView(charsmap.buffer, charsmap.byteOffset, charsmap.byteLength);
  const trieBytes = charsmap.length < 4 ? -1 : view.getUint32(0, true);
  if (trieBytes < 4 || trieBytes % 4 !== 0 || trieBytes + 4 > charsmap.length) {
    throw new UserError('The normalisation rules (precompiled_charsmap) are damaged. Fetch the tokenizer again.');
  }
  const trie = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const texts = charsmap.subarray(4 + trieBytes);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const replacements = new Map<number, string>();
  const replacement = (at: number): string => {
    let text = replacements.get(at);
    if (text === undefined) {
      const end = texts.indexOf(0, at);
      text = decoder.decode(texts.subarray(at, end < 0 ? texts.length : end));
      replacements.set(at, text);
    }
    return text;
  };

  const bytes = new Uint8Array(4);
  return (text, at) => {
    let found = -1;
    let length = 0;
    let node = offsetOf(trie[0]!);
    for (let place = at; place < text.length;) {
      const codePoint = text.codePointAt(place)!;
      const count = utf8(codePoint, bytes);
      let value = -1;
      for (let i = 0; i < count; i++) {
        node ^= bytes[i]!;
        // Outside of a damaged table every node is inside; undefined has no label.
        const unit = trie[node] ?? 0;
        if (labelOf(unit) !== bytes[i]) return result(found, length, replacement);
        node ^= offsetOf(unit);
        value = hasValue(unit) ? valueOf(trie[node] ?? 0) : -1;
      }
      place += codePoint > 0xffff ? 2 : 1;
      if (value >= 0) {
        found = value;
        length = place - at;
      }
    }
    return result(found, length, replacement);
  };
}

function result(found: number, length: number, replacement: (at: number) => string): Replacement | undefined {
  return found < 0 ? undefined : { length, text: replacement(found) };
}

/** Writes a code point as UTF-8 and returns how many bytes. */
function utf8(codePoint: number, bytes: Uint8Array): number {
  if (codePoint < 0x80) {
    bytes[0] = codePoint;
    return 1;
  }
  const count = codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  for (let i = count - 1; i > 0; i--, codePoint >>= 6) bytes[i] = 0x80 | (codePoint & 0x3f);
  bytes[0] = (0xf00 >> count) | codePoint;
  return count;
}
