/**
 * The embedded model file: a whole multilingual BERT encoder with its tokenizer in one file, matrices in Q4_0.
 *
 * Layout, little endian: "E5S1", version; the sizes; the tokenizer (pieces, scores, normaliser records); a table of
 * named tensors that points into the rest of the file. Nothing in it is executed, no length in it is believed before
 * it has been held against the file's size, and the tensors must be exactly those of the encoder that the sizes name.
 */
import { readFileSync } from 'node:fs';
import { UserError, messageOf } from '../../engine/errors';
import { embeddingTable, type EmbeddingTable } from '../embeddingTable';
import { ByteReader, copyOf } from './byteReader';
import { BLOCK_BYTES, BLOCK_WEIGHTS, dequantise, firstBadScale } from './q4Blocks';
import { tensorShapes } from './q4Names';
import { readTokenizer, type Q4Tokenizer } from './q4Tokenizer';

export interface Q4Config {
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
  readonly positions: number;
  readonly tokenTypes: number;
  readonly layerNormEpsilon: number;
}

export interface Q4File {
  readonly path: string;
  readonly config: Q4Config;
  readonly tokenizer: Q4Tokenizer;
  /** Names of all tensors, in the file's order. */
  readonly names: readonly string[];
  /** Shape of a tensor: [out, in] for matrices. */
  shape(name: string): number[];
  /** A tensor as float32, row-major; made anew at each call. */
  tensor(name: string): Float32Array;
  /** emb.word, which stays quantised: 216 bytes a row instead of 1,536. */
  embeddingTable(): EmbeddingTable;
}

interface Entry {
  readonly quantised: boolean;
  readonly bytes: Uint8Array;
}

const TYPE_F32 = 0;
const TYPE_Q4_0 = 1;

/** Opens the file at `path`; throws a UserError when it is missing, truncated, or not such a file. */
export function openQ4File(path: string): Q4File {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UserError(`The embedded model cannot be read: ${messageOf(error)}. Run npm start, which fetches it.`);
  }
  const reader = new ByteReader(bytes, path);
  const config = readConfig(reader);
  const tokenizer = readTokenizer(reader, config.vocabularySize);
  const shapes = tensorShapes(config);
  const entries = readEntries(reader, shapes);

  const entryOf = (name: string): Entry => {
    const entry = entries.get(name);
    if (entry === undefined)
      throw new UserError(`The embedded model has no tensor "${name}". It has: ${[...entries.keys()].join(', ')}.`);
    return entry;
  };
  const tensor = (name: string): Float32Array => {
    const { quantised, bytes: stored } = entryOf(name);
    if (!quantised) return new Float32Array(copyOf(stored));
    const blocks = stored.length / BLOCK_BYTES;
    const weights = new Float32Array(blocks * BLOCK_WEIGHTS);
    dequantise(stored, 0, blocks, weights, 0);
    return weights;
  };
  const words = entryOf('emb.word');
  const width = config.hiddenSize;
  return {
    path,
    config,
    tokenizer,
    names: [...entries.keys()],
    shape: (name) => {
      entryOf(name);
      return [...shapes.get(name)!];
    },
    tensor,
    embeddingTable: () => {
      const blocks = width / BLOCK_WEIGHTS;
      return embeddingTable(config.vocabularySize, width, (id, into, at) =>
        dequantise(words.bytes, id * blocks * BLOCK_BYTES, blocks, into, at),
      );
    },
  };
}

function readConfig(reader: ByteReader): Q4Config {
  const magic = String.fromCharCode(...reader.take(4, 'signature'));
  if (magic !== 'E5S1') throw reader.broken('it does not begin with E5S1');
  const version = reader.u32('version');
  if (version !== 1) throw reader.broken(`its version is ${version}, and only 1 is known`);
  const size = (what: string, most: number) => {
    const value = reader.i32(what);
    if (value < 1 || value > most) throw reader.broken(`its ${what} is ${value}`);
    return value;
  };
  const config = {
    hiddenSize: size('hidden size', 65536),
    layers: size('number of layers', 1024),
    heads: size('number of heads', 1024),
    feedForwardSize: size('feed-forward size', 1 << 20),
    vocabularySize: size('vocabulary size', 1 << 24),
    positions: size('number of positions', 1 << 20),
    tokenTypes: size('number of token types', 64),
    layerNormEpsilon: reader.f32('layer-norm epsilon'),
  };
  if (!(config.layerNormEpsilon > 0 && config.layerNormEpsilon < 1e-2)) {
    throw reader.broken(`its layer-norm epsilon is ${config.layerNormEpsilon}`);
  }
  const block = reader.i32('quantisation block');
  if (block !== BLOCK_WEIGHTS)
    throw reader.broken(`its quantisation block is ${block}, and only ${BLOCK_WEIGHTS} is known`);
  if (
    config.hiddenSize % config.heads !== 0 ||
    config.hiddenSize % block !== 0 ||
    config.feedForwardSize % block !== 0
  ) {
    throw reader.broken(
      `its sizes (${config.hiddenSize}, ${config.heads} heads, ${config.feedForwardSize}) do not divide`,
    );
  }
  return config;
}

/** The tensor table: exactly the tensors of `shapes`, each with the length of its shape, each inside the file. */
function readEntries(reader: ByteReader, shapes: ReadonlyMap<string, readonly number[]>): Map<string, Entry> {
  const count = reader.i32('number of tensors');
  if (count !== shapes.size) throw reader.broken(`it has ${count} tensors, and its sizes need ${shapes.size}`);
  const entries = new Map<string, Entry>();
  for (let i = 0; i < count; i++) {
    const name = String.fromCharCode(...reader.take(reader.u16('name length'), 'tensor name'));
    const type = reader.u8('tensor type');
    const elements = reader.u32('number of elements');
    const offset = reader.u64('tensor offset');
    const length = reader.u64('tensor length');
    const shape = shapes.get(name);
    if (shape === undefined || entries.has(name)) throw reader.broken(`its tensor "${name}" is unknown or there twice`);
    const expected = shape.reduce((product, dimension) => product * dimension, 1);
    if (elements !== expected) throw reader.broken(`its tensor ${name} has ${elements} elements, not ${expected}`);
    if (type !== TYPE_F32 && type !== TYPE_Q4_0) throw reader.broken(`its tensor ${name} is of unknown type ${type}`);
    const blocks = elements / BLOCK_WEIGHTS;
    if (length !== (type === TYPE_F32 ? elements * 4 : blocks * BLOCK_BYTES)) {
      throw reader.broken(`its tensor ${name} takes ${length} bytes, which is not what ${elements} elements take`);
    }
    if (offset < reader.at || offset + length > reader.bytes.length) {
      throw reader.broken(`its tensor ${name} ends at byte ${offset + length} of ${reader.bytes.length}`);
    }
    const bytes = reader.bytes.subarray(offset, offset + length);
    if (type === TYPE_Q4_0 && firstBadScale(bytes, 0, blocks) >= 0)
      throw reader.broken(`its tensor ${name} is not finite`);
    entries.set(name, { quantised: type === TYPE_Q4_0, bytes });
  }
  if (!entries.get('emb.word')!.quantised) throw reader.broken('its tensor emb.word is not quantised');
  return entries;
}
