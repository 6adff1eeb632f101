/**
 * A base model's weights from a file of named tensors. Accepts what occurs in published files: names with or without
 * the model's prefix, and layer norms called gamma and beta.
 */
import { UserError } from '../engine/errors';
import { embeddingTable } from './embeddingTable';
import { checkFloats, type TensorFile } from './formats/tensorFile';
import type { WeightSource } from './weights';

/** Rows of an embedding table are read from the file in blocks of this many, and each block kept once read. */
const ROWS_PER_BLOCK = 512;

export function fileWeights(file: TensorFile, source: string): WeightSource {
  const names = new Set(file.names());
  const stored = (name: string): string | undefined => {
    const bare = name.slice(name.indexOf('.') + 1);
    const old = (n: string) =>
      n.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
    return [name, bare, old(name), old(bare)].find((candidate) => names.has(candidate));
  };
  const checked = (name: string, shape: readonly number[]): string => {
    const found = stored(name);
    if (found === undefined) {
      throw new UserError(`${source} has no tensor "${name}". Is it the base model that its config.json says?`);
    }
    const given = file.info(found).shape;
    if (given.length !== shape.length || given.some((n, i) => n !== shape[i])) {
      throw new UserError(
        `${source}: "${found}" is [${given.join(', ')}]; its config.json asks for [${shape.join(', ')}].`,
      );
    }
    checkFloats(file, found, source);
    return found;
  };
  return {
    source,
    has: (name) => stored(name) !== undefined,
    read: (name, shape) => file.read(checked(name, shape)).data as Float32Array,
    table: (name, shape) => {
      const found = checked(name, shape);
      const [rows, width] = shape;
      const blocks = new Map<number, Float32Array>();
      const block = (index: number): Float32Array => {
        let data = blocks.get(index);
        if (data === undefined) {
          const from = index * ROWS_PER_BLOCK;
          data = file.readRows(found, from, Math.min(from + ROWS_PER_BLOCK, rows)).data as Float32Array;
          blocks.set(index, data);
        }
        return data;
      };
      return embeddingTable(rows, width, (id, into, at) => {
        const start = (id % ROWS_PER_BLOCK) * width;
        into.set(block(Math.floor(id / ROWS_PER_BLOCK)).subarray(start, start + width), at);
      });
    },
  };
}
