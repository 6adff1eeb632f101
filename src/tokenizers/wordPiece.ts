/**
 * WordPiece (Schuster and Nakajima 2012; BERT): each word is split from the left into the longest pieces of the
 * vocabulary, those inside a word being written with ## in front; a word that cannot be split so is unknown as a whole.
 */
import { bertWords, type BertWords } from './bertText';
import { emptyEncoding } from './encoding';
import { NO_NODE, NO_PIECE, buildPieceTrie } from './pieceTrie';
import type { SpecialIds, SubwordModel } from './tokenizer';

export interface WordPieceOptions {
  /** Pieces in the order of their ids. */
  readonly pieces: readonly string[];
  readonly special: SpecialIds;
  /** Pieces that no word is split into, beside the special ones. */
  readonly excluded?: ReadonlySet<number>;
  /** What pieces inside a word begin with; ## in BERT. */
  readonly continuation?: string;
  /** Longer words, in code points, are unknown; 100 in BERT. */
  readonly longestWord?: number;
}

/** Roots of the trie: pieces that begin a word, and pieces inside one. */
const BEGINNING = 0;
const INSIDE = 1;

/** The subword model of a cased WordPiece vocabulary. */
export function wordPieceModel(options: WordPieceOptions): SubwordModel {
  const { pieces, special, excluded = new Set<number>(), continuation = '##', longestWord = 100 } = options;
  const unmatched = new Set<number>(Object.values(special));
  const trie = buildPieceTrie((add) => {
    pieces.forEach((piece, id) => {
      if (unmatched.has(id) || excluded.has(id)) return;
      const inside = piece.length > continuation.length && piece.startsWith(continuation);
      const text = inside ? piece.slice(continuation.length) : piece;
      const units = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
      add(inside ? INSIDE : BEGINNING, units, units.length, id);
    });
  }, pieces.length);

  /** Appends the pieces of the word `from … to`: their ids, and where each ends. False when it cannot be split. */
  const split = ({ units }: BertWords, from: number, to: number, ids: number[], ends: number[]): boolean => {
    for (let start = from; start < to;) {
      let node = trie.root(start === from ? BEGINNING : INSIDE);
      let found = NO_PIECE;
      let foundEnd = start;
      for (let end = start; end < to;) {
        node = trie.step(node, units[end++]!);
        if (node === NO_NODE) break;
        if (trie.piece(node) === NO_PIECE) continue;
        found = trie.piece(node);
        foundEnd = end;
      }
      if (found === NO_PIECE) return false;
      ids.push(found);
      ends.push(foundEnd);
      start = foundEnd;
    }
    return true;
  };

  return {
    kind: 'wordPiece',
    vocabularySize: pieces.length,
    special,
    encode(text) {
      const words = bertWords(text);
      const ids: number[] = [];
      const ends: number[] = [];
      for (let word = 0; word + 1 < words.bounds.length; word++) {
        const from = words.bounds[word]!;
        const to = words.bounds[word + 1]!;
        const before = ids.length;
        if (characters(words.units, from, to) <= longestWord && split(words, from, to, ids, ends)) continue;
        ids.length = ends.length = before;
        ids.push(special.unk);
        ends.push(to);
      }
      const encoding = emptyEncoding(ids.length);
      encoding.ids.set(ids);
      ends.forEach((end, i) => {
        encoding.starts[i] = words.starts[i === 0 ? 0 : ends[i - 1]!]!;
        encoding.ends[i] = words.ends[end - 1]!;
      });
      return encoding;
    },
    token: (id) => pieces[id] ?? '',
    decode: (ids) => decode(ids, pieces, special, continuation),
  };
}

/** Code points of the units `from … to`. */
function characters(units: readonly number[], from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if ((units[i]! & 0xfc00) !== 0xdc00) count++;
  return count;
}

/** Words with a space between, pieces inside words joined; unknown words stay as the unknown piece. */
function decode(ids: ArrayLike<number>, pieces: readonly string[], special: SpecialIds, continuation: string): string {
  const left = new Set([special.cls, special.sep, special.pad, special.mask]);
  let text = '';
  for (const id of Array.from(ids)) {
    const piece = pieces[id];
    if (piece === undefined || left.has(id)) continue;
    if (piece.startsWith(continuation) && piece.length > continuation.length) text += piece.slice(continuation.length);
    else text += text === '' ? piece : ` ${piece}`;
  }
  return text;
}
