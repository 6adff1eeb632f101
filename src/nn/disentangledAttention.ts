/**
 * Disentangled attention (DeBERTa, He et al. 2021): content–content + content–position + position–content, each scaled
 * by 1/√(3D). Relative positions are log-bucketed, their embeddings layer-normed and sent through the layer's own query
 * and key projections, so that a LoRA on the query acts on them too.
 */
import { tf } from '../engine/tf';
import { attentionProbabilities, attentionProbabilitiesGrad, mergeHeads, splitHeads } from '../engine/ops';
import type { AttentionScores } from './attention';
import type { Wanted } from './gradientSink';
import { layerNorm, layerNormPullback, type LayerNorm } from './layerNorm';
import type { Projection } from './linear';
import type { Parameter } from './parameter';

/** Bucket index of every (query, key) pair, shifted to 0 … 2·buckets − 1: [T·T], row by row. */
export function relativeBuckets(tokens: number, buckets: number, maxPositions: number): Int32Array {
  const middle = Math.floor(buckets / 2);
  const bucket = (distance: number) => {
    const size = Math.abs(distance);
    if (size <= middle) return distance;
    const log = Math.ceil((Math.log(size / middle) / Math.log((maxPositions - 1) / middle)) * (middle - 1)) + middle;
    return Math.sign(distance) * log;
  };
  const clamp = (x: number) => Math.min(Math.max(x, 0), 2 * buckets - 1);
  return Int32Array.from({ length: tokens * tokens }, (_, i) =>
    clamp(bucket(Math.floor(i / tokens) - (i % tokens)) + buckets),
  );
}

export interface DisentangledScores {
  /** [B, T]: 0 for a token, large and negative for padding. */
  readonly maskBias: tf.Tensor2D;
  readonly heads: number;
  /** As `relativeBuckets` gives them. */
  readonly buckets: Int32Array;
  /** Relative-position embeddings [2·buckets, H], and their layer norm. */
  readonly table: Parameter;
  readonly tableNorm: LayerNorm;
  readonly query: Projection;
  readonly key: Projection;
  readonly wanted: Wanted;
}

/** A fully masked row (a padding query) attends uniformly, as in the Python library. */
export function disentangledScores(p: DisentangledScores): AttentionScores {
  const [B, T] = p.maskBias.shape;
  const positions = p.table.shape[0]!;
  const A = p.heads;
  const scale = 1 / Math.sqrt((3 * p.table.shape[1]!) / A);
  const relative = () => layerNorm(p.table.value as tf.Tensor2D, undefined, p.tableNorm); // y [P, H]
  const split = (m: Projection, x: tf.Tensor2D) =>
    splitHeads(m.product(x), m.bias?.value as tf.Tensor1D | undefined, 1, positions, A).squeeze<tf.Tensor3D>([0]); // [A, P, D]
  /** x [B, A, T, D] · r [A, P, D] → [B, A, T, P]. */
  const against = (x: tf.Tensor4D, r: tf.Tensor3D) =>
    tf.matMul<tf.Tensor4D>(x, r.expandDims<tf.Tensor4D>(0), false, true);
  /** Where, in [rows, P] scores, the first Q queries find theirs: rows are those queries, or all keys. */
  const rowIndex = (rows: 'query rows' | 'key rows', Q: number) => {
    const columns = rows === 'query rows' ? T : Q;
    return tf.tensor1d(
      Int32Array.from({ length: Q * T }, (_, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns];
        return row * positions + p.buckets[rows === 'query rows' ? row * T + column : column * T + row]!;
      }),
      'int32',
    );
  };
  /** scores [B, A, R, P] → out[…, i, j] = scores[…, i, bucket of the pair] [B, A, R, C]. */
  const pick = (scores: tf.Tensor4D, index: tf.Tensor1D) => {
    const rows = scores.shape[2];
    return tf
      .gather(scores.reshape([B * A, rows * positions]), index, 1)
      .reshape<tf.Tensor4D>([B, A, rows, index.size / rows]);
  };
  /** The transpose of `pick`: d [B, A, R, C] → [B, A, R, P]. */
  const unpick = (d: tf.Tensor4D, index: tf.Tensor1D) => {
    const rows = d.shape[2];
    const columns = d.reshape<tf.Tensor2D>([B * A, index.size]).transpose<tf.Tensor2D>(); // [R·C, B·A]
    const summed = tf.unsortedSegmentSum(columns, index, rows * positions); // [R·P, B·A]
    return summed.transpose().reshape<tf.Tensor4D>([B, A, rows, positions]);
  };
  /** [B, 1, Q, 1]: 0 where the query is padding. */
  const rowMask = (Q: number) =>
    tf.cast(tf.equal(p.maskBias.slice([0, 0], [B, Q]), 0), 'float32').reshape<tf.Tensor4D>([B, 1, Q, 1]);
  return {
    probabilities: (q, k) => {
      const r = relative().y;
      const Q = q.shape[2];
      const contentToPosition = pick(against(q, split(p.key, r)), rowIndex('query rows', Q));
      // p2c[i, j] = k_j · rq[bucket(i − j)]: picked by key rows, then turned around
      const positionToContent = pick(against(k, split(p.query, r)), rowIndex('key rows', Q)).transpose([0, 1, 3, 2]);
      const scores = tf.addN([tf.matMul(q, k, false, true), contentToPosition, positionToContent as tf.Tensor4D]);
      const real = rowMask(Q);
      const masked = tf.add(tf.mul(tf.mul(scores, scale), real), tf.mul(p.maskBias.reshape([B, 1, 1, T]), real));
      return attentionProbabilities(masked as tf.Tensor4D, tf.zerosLike(p.maskBias), 1);
    },
    pullback: (dP, P, q, k, sink) => {
      const { y: r, ...saved } = relative();
      const Q = q.shape[2];
      const dS = tf.mul(attentionProbabilitiesGrad(dP, P, scale), rowMask(Q)) as unknown as tf.Tensor4D;
      const rk = split(p.key, r); // [A, P, D]
      const rq = split(p.query, r);
      const dC2p = unpick(dS, rowIndex('query rows', Q)); // [B, A, Q, P]
      const dP2c = unpick(dS.transpose<tf.Tensor4D>([0, 1, 3, 2]), rowIndex('key rows', Q)); // [B, A, T, P]
      const dq = tf.add<tf.Tensor4D>(tf.matMul(dS, k), tf.matMul(dC2p, rk.expandDims<tf.Tensor4D>(0)));
      const dk = tf.add<tf.Tensor4D>(tf.matMul(dS, q, true, false), tf.matMul(dP2c, rq.expandDims<tf.Tensor4D>(0)));
      sharedGradients();
      return { dq, dk };

      /** The relative embeddings are one input for all examples; each example has an output gradient of its own. */
      function sharedGradients(): void {
        const tableWanted = [p.table, p.tableNorm.gamma, p.tableNorm.beta].some((x) => p.wanted.has(x));
        const sides = [
          [p.key, tf.matMul(dC2p, q, true, false)], // [B, A, P, D]
          [p.query, tf.matMul(dP2c, k, true, false)],
        ] as const;
        for (const [m, d] of sides) {
          if (!tableWanted && !m.parameters.some((x) => p.wanted.has(x))) continue;
          const dRows = mergeHeads(d as tf.Tensor4D); // [B·P, H]
          m.ownGradient(tf.tile(r, [B, 1]), dRows, p.wanted, sink);
          if (tableWanted) {
            const perSequence = {
              normalized: tf.tile(saved.normalized, [B, 1]),
              inverseStd: tf.tile(saved.inverseStd, [B]),
            };
            const dTable = layerNormPullback(p.tableNorm, perSequence, m.inputGradient(dRows), p.wanted, sink); // [B·P, H]
            if (p.wanted.has(p.table)) {
              const rows = Int32Array.from({ length: B * positions }, (_, i) => i % positions);
              sink.embedding(p.table, rows, dTable);
            }
          }
        }
      }
    },
  };
}
