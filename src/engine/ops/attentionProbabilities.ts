/** The softmax of scaled, masked attention scores (Vaswani et al. 2017, eq. 1), and its gradient. */
import { hasFusedOps, runOp, tf } from '../tf';

// B batch, A heads, T tokens (keys), Q queries: T, or the first few tokens

/**
 * softmax(scale·scores + maskBias) over keys: scores, P [B, A, Q, T]; maskBias [B, T], 0 or large negative for padding.
 */
export function attentionProbabilities(scores: tf.Tensor4D, maskBias: tf.Tensor2D, scale: number): tf.Tensor4D {
  if (!hasFusedOps()) return attentionProbabilitiesComposed(scores, maskBias, scale);
  return runOp('FunAttentionProbabilities', { scale: { float: scale } }, [scores, maskBias]);
}

/** dP → dScores = scale·P∘(dP − Σ_keys dP∘P), all [B, A, Q, T]. */
export function attentionProbabilitiesGrad(dP: tf.Tensor4D, P: tf.Tensor4D, scale: number): tf.Tensor4D {
  if (!hasFusedOps()) return attentionProbabilitiesGradComposed(dP, P, scale);
  return runOp('FunAttentionProbabilitiesGrad', { scale: { float: scale } }, [dP, P]);
}

export function attentionProbabilitiesComposed(scores: tf.Tensor4D, maskBias: tf.Tensor2D, scale: number): tf.Tensor4D {
  const [B, , , T] = scores.shape;
  return tf.tidy(() => tf.softmax(tf.add<tf.Tensor4D>(tf.mul(scores, scale), tf.reshape(maskBias, [B, 1, 1, T]))));
}

export function attentionProbabilitiesGradComposed(dP: tf.Tensor4D, P: tf.Tensor4D, scale: number): tf.Tensor4D {
  return tf.tidy(() => {
    const weighted = tf.mul(dP, P);
    return tf.mul(tf.sub(weighted, tf.mul(P, tf.sum(weighted, -1, true))), scale);
  });
}
