/**
 * The unigram language model of SentencePiece (Kudo 2018): of all ways to split a text into pieces, the one whose
 * pieces' log-probabilities have the greatest sum, found by Viterbi from left to right.
 */
import { emptyEncoding, type Encoding } from './encoding';
import { NO_NODE, NO_PIECE, buildPieceTrie } from './pieceTrie';
import { pieceCount, pieceText, trieSource, type Pieces } from './pieces';
import type { NormalisedText } from './sentencePieceText';
import type { SpecialIds, SubwordModel } from './tokenizer';

export interface UnigramOptions {
  readonly pieces: Pieces;
  /** Log-probability of each piece. */
  readonly scores: Float32Array;
  /** The least of a normal piece. */
  readonly leastScore: number;
  readonly special: SpecialIds;
  readonly normalise: (text: string) => NormalisedText;
  /** Pieces that no text is split into: control pieces, the unknown piece, bytes. */
  readonly excluded: ReadonlySet<number>;
  /** Ids of the 256 byte pieces, where characters without a piece are written as bytes. */
  readonly bytes?: Int32Array;
}

/** An unknown character costs this much more than the rarest piece (SentencePiece's kUnkPenalty). */
const UNKNOWN_PENALTY = 10;
const UNKNOWN = -1;
/** What an unknown token is decoded to, as in SentencePiece. */
const UNKNOWN_TEXT = ' ⁇ ';

/** The subword model of a unigram vocabulary. Sums are float32 as in SentencePiece, so that ties fall the same way. */
export function unigramModel(options: UnigramOptions): SubwordModel {
  const { pieces, scores, special, normalise, excluded, bytes } = options;
  const count = pieceCount(pieces);
  const trie = buildPieceTrie(
    trieSource(pieces, (id) => !excluded.has(id)),
    count,
  );
  const root = trie.root(0);
  const unknownScore = Math.fround(Math.fround(options.leastScore) - UNKNOWN_PENALTY);

  // Best way to reach each place of the text: its score, the place and piece of the last step. Reused.
  let best = new Float32Array(0);
  let from = new Int32Array(0);
  let piece = new Int32Array(0);

  /** Fills best, from and piece for a text. */
  const viterbi = ({ units, length }: NormalisedText): void => {
    if (length >= best.length) {
      best = new Float32Array(2 * length + 1);
      from = new Int32Array(2 * length + 1);
      piece = new Int32Array(2 * length + 1);
    }
    from.fill(UNKNOWN, 0, length + 1);
    best[0] = 0;
    const reach = (place: number, score: number, start: number, id: number) => {
      if (from[place] !== UNKNOWN && score <= best[place]!) return;
      best[place] = score;
      from[place] = start;
      piece[place] = id;
    };
    for (let start = 0; start < length;) {
      const size = (units[start]! & 0xfc00) === 0xd800 ? 2 : 1;
      const here = best[start]!;
      let known = false;
      let node = root;
      for (let end = start; end < length;) {
        node = trie.step(node, units[end++]!);
        if (node === NO_NODE) break;
        const id = trie.piece(node);
        if (id === NO_PIECE) continue;
        reach(end, Math.fround(here + scores[id]!), start, id);
        if (end - start === size) known = true;
      }
      if (!known) reach(start + size, Math.fround(here + unknownScore), start, UNKNOWN);
      start += size;
    }
  };

  /** The best path as tokens: neighbouring unknown characters are one unknown token, or each its bytes. */
  const tokens = (text: NormalisedText): Encoding => {
    const places: number[] = [];
    for (let place = text.length; place > 0; place = from[place]!) places.push(place);
    places.reverse();

    const joins = (i: number) => i > 0 && piece[places[i]!] === UNKNOWN && piece[places[i - 1]!] === UNKNOWN;
    const count = (place: number, i: number) => {
      if (piece[place] !== UNKNOWN) return 1;
      return bytes === undefined ? Number(!joins(i)) : utf8Length(text.units[from[place]!]!);
    };
    const encoding = emptyEncoding(places.reduce((sum, place, i) => sum + count(place, i), 0));
    let at = 0;
    const put = (id: number, place: number) => {
      encoding.ids[at] = id;
      encoding.starts[at] = text.starts[from[place]!]!;
      encoding.ends[at++] = text.ends[place - 1]!;
    };
    places.forEach((place, i) => {
      if (piece[place] !== UNKNOWN) put(piece[place]!, place);
      else if (bytes !== undefined) {
        const character = String.fromCharCode(...text.units.subarray(from[place], place));
        for (const byte of new TextEncoder().encode(character)) put(bytes[byte]!, place);
      } else if (joins(i)) encoding.ends[at - 1] = text.ends[place - 1]!;
      else put(special.unk, place);
    });
    return encoding;
  };

  return {
    kind: 'unigram',
    vocabularySize: count,
    special,
    encode(text) {
      const normalised = normalise(text);
      viterbi(normalised);
      return tokens(normalised);
    },
    token: (id) => (id >= 0 && id < count ? pieceText(pieces, id) : ''),
    decode: (ids) => decodePieces(ids, options),
  };
}

/** Bytes of a character in UTF-8, from its first UTF-16 code unit. */
function utf8Length(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return (unit & 0xfc00) === 0xd800 ? 4 : 3;
}

/** Pieces put together again: ▁ is a space, bytes are UTF-8, the space put in front is taken off. */
function decodePieces(ids: ArrayLike<number>, { pieces, special, bytes }: UnigramOptions): string {
  const byteOf = new Map(Array.from(bytes ?? [], (id, byte) => [id, byte]));
  const left = new Set([special.cls, special.sep, special.pad, special.mask]);
  const out: number[] = [];
  const encoder = new TextEncoder();
  for (const id of Array.from(ids)) {
    const byte = byteOf.get(id);
    if (byte !== undefined) out.push(byte);
    else if (id === special.unk) out.push(...encoder.encode(UNKNOWN_TEXT));
    else if (!left.has(id) && id >= 0 && id < pieceCount(pieces)) {
      out.push(...pieces.bytes.subarray(pieces.offsets[id], pieces.offsets[id + 1]));
    }
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(out));
  return text.replaceAll('▁', ' ').replace(/^ /, '');
}
