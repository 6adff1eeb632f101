/**
 * A trie of pieces over UTF-16 code units, in three flat arrays: 250,000 pieces take 20 MB and no object each.
 *
 * It is one hash table with open addressing. An edge (parent node, code unit) is stored in a slot, and the slot's
 * index is the child node; so a step is one look-up, and a node needs no storage of its own.
 */
import { UserError } from '../engine/errors';

/** No node: the text does not go on in the trie. */
export const NO_NODE = -1;
/** No piece ends at a node. */
export const NO_PIECE = -1;

const EMPTY = -1;
/** Fullest the table may get before it is built anew, larger. */
const LOAD = 0.6;

export interface PieceTrie {
  /** Root r (0 … roots−1): separate vocabularies in one table, such as word beginnings and continuations. */
  root(r: number): number;
  /** The node reached from `node` by a code unit, or NO_NODE. */
  step(node: number, unit: number): number;
  /** The piece that ends at a node other than a root, or NO_PIECE. */
  piece(node: number): number;
}

/**
 * Calls `add` for every piece: its root, its code units `units[0 … length)`, its id. The first of equal pieces stays.
 */
export type PieceSource = (add: (root: number, units: ArrayLike<number>, length: number, id: number) => void) => void;

/** Builds the trie; `pieces` is about how many there are. The source is run again when the table was too small. */
export function buildPieceTrie(source: PieceSource, pieces: number): PieceTrie {
  for (let bits = Math.max(8, Math.ceil(Math.log2(pieces * 3 + 1))); bits <= 28; bits++) {
    const trie = tryBuild(source, bits);
    if (trie !== undefined) return trie;
  }
  throw new UserError('The vocabulary is too large: its pieces have more than 160 million characters.');
}

function tryBuild(source: PieceSource, bits: number): PieceTrie | undefined {
  const capacity = 2 ** bits;
  const mask = capacity - 1;
  const shift = 32 - bits;
  const parents = new Int32Array(capacity).fill(EMPTY);
  const unitsOf = new Uint16Array(capacity);
  const pieces = new Int32Array(capacity).fill(NO_PIECE);
  let used = 0;

  /** The slot of an edge, or the empty slot where it would be. */
  const find = (node: number, unit: number): number => {
    let slot = Math.imul(Math.imul(node, 0x9e3779b1) ^ Math.imul(unit + 1, 0x85ebca6b), 0xc2b2ae35) >>> shift;
    while (parents[slot] !== EMPTY && (parents[slot] !== node || unitsOf[slot] !== unit)) slot = (slot + 1) & mask;
    return slot;
  };
  // Roots are numbers above all slots.
  const root = (r: number) => capacity + r;

  source((r, units, length, id) => {
    if (length === 0 || used >= LOAD * capacity) return;
    let node = root(r);
    for (let i = 0; i < length; i++) {
      const slot = find(node, units[i]!);
      if (parents[slot] === EMPTY) {
        parents[slot] = node;
        unitsOf[slot] = units[i]!;
        used++;
        // One piece may not fill the table either: an empty slot is what ends a search.
        if (used >= LOAD * capacity) return;
      }
      node = slot;
    }
    if (pieces[node] === NO_PIECE) pieces[node] = id;
  });
  if (used >= LOAD * capacity) return undefined;

  return {
    root,
    step: (node, unit) => {
      const slot = find(node, unit);
      return parents[slot] === EMPTY ? NO_NODE : slot;
    },
    piece: (node) => pieces[node]!,
  };
}
