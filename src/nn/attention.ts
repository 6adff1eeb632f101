/** Multi-head self-attention with its residual and layer norm (Vaswani et al. 2017, post-norm as in BERT). */
import { tf } from '../engine/tf';
import { attentionProbabilities, attentionProbabilitiesGrad, mergeHeads, splitHeads } from '../engine/ops';
import { block, isNeeded, type Block, type Needs } from './block';
import { dropout, type DropoutSite } from './dropout';
import { firstTokens, firstTokensGradient } from './firstTokens';
import type { GradientSink, Wanted } from './gradientSink';
import { layerNorm, layerNormPullback, type LayerNorm, type LayerNormSaved } from './layerNorm';
import {
  isWanted,
  linear,
  linearInputGradient,
  linearOwnGradient,
  linearParameters,
  type Linear,
  type Projection,
} from './linear';
import type { Parameter } from './parameter';

export interface Attention {
  readonly heads: number;
  readonly query: Projection;
  readonly key: Projection;
  readonly value: Projection;
  /** [H, H] */
  readonly output: Linear;
  readonly norm: LayerNorm;
}

/**
 * From queries and keys to attention probabilities, with the way back. Content attention is one; DeBERTa's
 * disentangled attention, which adds positions, is another. Queries may be those of the first Q tokens alone.
 */
export interface AttentionScores {
  /** q [B, A, Q, D], k [B, A, T, D] → P [B, A, Q, T]. */
  probabilities(q: tf.Tensor4D, k: tf.Tensor4D): tf.Tensor4D;
  /** dP → dq, dk; parameters of its own go to the sink. */
  pullback(dP: tf.Tensor4D, P: tf.Tensor4D, q: tf.Tensor4D, k: tf.Tensor4D, sink: GradientSink): QueryKeyGradient;
}

export interface QueryKeyGradient {
  readonly dq: tf.Tensor4D;
  readonly dk: tf.Tensor4D;
}

/** softmax(q·kᵀ/√D + mask). `maskBias` [B, T]: 0 for a token, large and negative for padding. */
export function contentScores(maskBias: tf.Tensor2D, headSize: number): AttentionScores {
  const scale = 1 / Math.sqrt(headSize);
  return {
    probabilities: (q, k) => tf.tidy(() => attentionProbabilities(tf.matMul(q, k, false, true), maskBias, scale)),
    pullback: (dP, P, q, k) => {
      const dS = attentionProbabilitiesGrad(dP, P, scale); // [B, A, Q, T]
      const gradient: QueryKeyGradient = { dq: tf.matMul(dS, k), dk: tf.matMul(dS, q, true, false) };
      dS.dispose();
      return gradient;
    },
  };
}

export interface AttentionContext {
  readonly batch: number;
  readonly tokens: number;
  /** Q: the output is computed for the first Q tokens of every sequence; they attend to all T. */
  readonly queries: number;
  readonly scores: AttentionScores;
  readonly needs: Needs;
  readonly wanted: Wanted;
  readonly probabilitySite: DropoutSite;
  readonly outputSite: DropoutSite;
}

export const attentionParameters = (p: Attention): Parameter[] => [
  ...p.query.parameters,
  ...p.key.parameters,
  ...p.value.parameters,
  ...linearParameters(p.output),
  p.norm.gamma,
  p.norm.beta,
];

type AttentionSaved = LayerNormSaved & {
  q: tf.Tensor4D;
  k: tf.Tensor4D;
  v: tf.Tensor4D;
  P: tf.Tensor4D;
  /** The block's input; kept only when projections are wanted. */
  x?: tf.Tensor2D;
};

/** x [N, H] → LN(x + dropout(W·attend(x))) at the first Q tokens of every sequence [M, H], M = B·Q. */
export function attention(x: tf.Tensor2D, p: Attention, c: AttentionContext): Block {
  const asking = { batch: c.batch, tokens: c.tokens, first: c.queries };
  const split = (y: tf.Tensor2D, tokens: number, bias?: Parameter) =>
    splitHeads(y, bias?.value as tf.Tensor1D | undefined, c.batch, tokens, p.heads); // [B, A, tokens, D]
  const projected = (m: Projection, read: tf.Tensor2D, tokens: number) =>
    tf.tidy(() => split(m.product(read), tokens, m.bias)); // [B, A, tokens, D]
  // Probabilities are the largest of all tensors: what is made of them goes as soon as it was used.
  const attend = (P: tf.Tensor4D, v: tf.Tensor4D) =>
    tf.tidy(() => mergeHeads(tf.matMul(dropout(P, c.probabilitySite), v))); // [M, H]
  return block(
    () => {
      const read = firstTokens(x, asking); // [M, H]
      const q = projected(p.query, read, c.queries);
      const [k, v] = [projected(p.key, x, c.tokens), projected(p.value, x, c.tokens)];
      const P = c.scores.probabilities(q, k);
      const o = dropout(linear(attend(P, v), p.output), c.outputSite); // [M, H]
      const { y, normalized, inverseStd } = layerNorm(o, read, p.norm);
      const saved = { q, k, v, P, normalized, inverseStd, ...(c.needs.ownGradients ? { x: x.clone() } : {}) };
      return { y, saved: isNeeded(c.needs) ? saved : undefined };
    },
    (s: AttentionSaved, dy, sink) => {
      const ds = layerNormPullback(p.norm, s, dy, c.wanted, sink); // [M, H]
      const dOutput = dropout(ds, c.outputSite);
      if (isWanted(p.output, c.wanted)) linearOwnGradient(p.output, attend(s.P, s.v), dOutput, c.wanted, sink);
      const dContext = split(linearInputGradient(dOutput, p.output), c.queries); // [B, A, Q, D]
      const dv = tf.tidy(() => mergeHeads(tf.matMul(dropout(s.P, c.probabilitySite), dContext, true, false))); // [N, H]
      const dP = tf.tidy(() => dropout<tf.Tensor4D>(tf.matMul(dContext, s.v, false, true), c.probabilitySite)); // [B, A, Q, T]
      const { dq, dk } = c.scores.pullback(dP, s.P, s.q, s.k, sink);
      dP.dispose();
      const [dQuery, dKey] = [mergeHeads(dq), mergeHeads(dk)]; // [M, H], [N, H]
      if (s.x !== undefined) {
        p.query.ownGradient(firstTokens(s.x, asking), dQuery, c.wanted, sink);
        p.key.ownGradient(s.x, dKey, c.wanted, sink);
        p.value.ownGradient(s.x, dv, c.wanted, sink);
      }
      if (!c.needs.inputGradient) return undefined;
      const dRead = ds.add<tf.Tensor2D>(p.query.inputGradient(dQuery)); // [M, H]
      return tf.addN([firstTokensGradient(dRead, asking), p.key.inputGradient(dKey), p.value.inputGradient(dv)]);
    },
  );
}
