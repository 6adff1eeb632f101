/**
 * The embeddings of BERT and XLM-R: word + position + type, layer norm, dropout. The word table stays on the host; only
 * the rows of a batch are looked up and sent to the device, unless full fine-tuning trains it.
 */
import { tf } from '../engine/tf';
import { block, type Block } from '../nn/block';
import { dropout } from '../nn/dropout';
import { layerNorm, layerNormPullback, type LayerNorm, type LayerNormSaved } from '../nn/layerNorm';
import { Parameter } from '../nn/parameter';
import type { EncoderConfig } from './config';
import type { EmbeddingTable } from './embeddingTable';
import type { EmbeddingContext } from './encoder';
import type { WeightSource } from './weights';

/** The word table: on the host when frozen, a parameter on the device when it is trained. */
export type WordTable = EmbeddingTable | Parameter;

/** A table whose rows are added to those of the words. */
export interface AddedTable {
  readonly table: Parameter;
  /** The row of padding, which is never trained (PyTorch's padding_idx); absent: none. */
  readonly padding?: number;
}

export interface Embeddings {
  readonly word: WordTable;
  /** The word of padding, whose row is never trained. */
  readonly padding: number;
  /** [positions, H] and [types, H]; absent in DeBERTa. */
  readonly added: readonly AddedTable[];
  readonly norm: LayerNorm;
  readonly hiddenDropout: number;
}

/** Where the word table lies: on the host (frozen), or on the device as a parameter (full fine-tuning). */
export type WordTablePlacement = 'host' | 'device';

export function wordTable(
  name: string,
  { vocabularySize, hiddenSize }: EncoderConfig,
  weights: WeightSource,
  placement: WordTablePlacement,
): WordTable {
  const shape = [vocabularySize, hiddenSize] as const;
  if (placement === 'device') {
    return new Parameter(name, { role: 'base' }, tf.tensor2d(weights.read(name, shape, 'normal'), [...shape]), 'rows');
  }
  return weights.table(name, shape);
}

export const wordTableParameters = (word: WordTable): Parameter[] => (isHostTable(word) ? [] : [word]);

const isHostTable = (word: WordTable): word is EmbeddingTable => 'lookup' in word;

/** @param ids word ids [N] @param addedIds one id array [N] for each added table @param mask zeroes rows where 0 */
export function embeddings(
  ids: Int32Array,
  addedIds: readonly Int32Array[],
  p: Embeddings,
  { needs, wanted, dropout: source }: EmbeddingContext,
  mask?: Int32Array,
): Block {
  const site = source.next(p.hiddenDropout);
  const rows = (table: Parameter, rowIds: Int32Array) =>
    tf.gather(table.value as tf.Tensor2D, tf.tensor1d(rowIds, 'int32')); // [N, H]
  const masked = (x: tf.Tensor2D): tf.Tensor2D =>
    mask === undefined ? x : tf.mul(x, tf.tensor2d(Float32Array.from(mask), [mask.length, 1]));
  return block<LayerNormSaved, tf.Tensor2D>(
    () => {
      const words = isHostTable(p.word)
        ? tf.tensor2d(p.word.lookup(ids), [ids.length, p.word.width])
        : rows(p.word, ids);
      const sum = p.added.reduce((x, { table }, i) => x.add(rows(table, addedIds[i]!)), words); // [N, H]
      const { y, normalized, inverseStd } = layerNorm(sum, undefined, p.norm);
      return { y: dropout(masked(y), site), saved: needs.ownGradients ? { normalized, inverseStd } : undefined };
    },
    (saved, dy, sink) => {
      const d = layerNormPullback(p.norm, saved, masked(dropout(dy, site)), wanted, sink); // [N, H]
      if (!isHostTable(p.word) && wanted.has(p.word)) sink.embedding(p.word, ids, exceptPadding(d, ids, p.padding));
      p.added.forEach(({ table, padding }, i) => {
        if (wanted.has(table)) sink.embedding(table, addedIds[i]!, exceptPadding(d, addedIds[i]!, padding));
      });
      return undefined;
    },
  );
}

/** d [N, H] with zeros where the id is that of padding. */
function exceptPadding(d: tf.Tensor2D, ids: Int32Array, padding: number | undefined): tf.Tensor2D {
  if (padding === undefined || !ids.includes(padding)) return d;
  const kept = Float32Array.from(ids, (id) => (id === padding ? 0 : 1));
  return d.mul(tf.tensor2d(kept, [ids.length, 1]));
}
