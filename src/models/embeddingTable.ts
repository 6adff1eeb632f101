/**
 * A token embedding table that gives rows on request. The model never sees how the rows are stored, so that a
 * vocabulary of 250,000 pieces can stay quantised in memory and only the rows of a batch become float32.
 */
import { UserError } from '../engine/errors';

export interface EmbeddingTable {
  /** Vocabulary size. */
  readonly rows: number;
  /** Hidden size H. */
  readonly width: number;
  /**
   * The rows of `ids`, one after the other: [ids.length, width] row-major, in `into` (at least that long) or a new
   * array. Throws a UserError when an id is not in 0 … rows−1.
   */
  lookup(ids: Int32Array | readonly number[], into?: Float32Array): Float32Array;
}

/** Writes row `id` at `at` of `into`. */
export type RowReader = (id: number, into: Float32Array, at: number) => void;

/** An embedding table over any storage that can write one row: checks the ids and the room, once for all storages. */
export function embeddingTable(rows: number, width: number, readRow: RowReader): EmbeddingTable {
  return {
    rows,
    width,
    lookup(ids, into = new Float32Array(ids.length * width)) {
      if (into.length < ids.length * width) {
        throw new UserError(
          `${ids.length} embedding rows of ${width} need ${ids.length * width} floats, not ${into.length}.`,
        );
      }
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        if (!(id >= 0 && id < rows) || !Number.isInteger(id)) {
          throw new UserError(
            `Token id ${id} is not in the vocabulary: 0 to ${rows - 1}. Was the text encoded with another model's tokenizer?`,
          );
        }
        readRow(id, into, i * width);
      }
      return into;
    },
  };
}

/** The table of a model whose weights are plain float32: `weights` is [rows, width] row-major and is not copied. */
export function plainEmbeddingTable(weights: Float32Array, width: number): EmbeddingTable {
  if (!Number.isInteger(weights.length / width)) {
    throw new UserError(`An embedding table of ${weights.length} floats does not divide into rows of ${width}.`);
  }
  return embeddingTable(weights.length / width, width, (id, into, at) =>
    into.set(weights.subarray(id * width, (id + 1) * width), at),
  );
}
