/**
 * Layer normalisation over the last axis (Ba et al. 2016), with the residual added in the same pass, and its gradient.
 */
import { hasFusedOps, runOp, runOpOutputs, tf } from '../tf';

// N rows, H width

export interface LayerNormOutput {
  /** x̂·γ + β [N, H] */
  y: tf.Tensor2D;
  /** x̂ = (x + residual − mean)/σ [N, H] */
  normalized: tf.Tensor2D;
  /** 1/σ [N] */
  inverseStd: tf.Tensor1D;
}

/** Normalises x + residual (both [N, H]); gamma, beta [H]. σ² is the biased variance plus epsilon. */
export function layerNorm(
  x: tf.Tensor2D,
  residual: tf.Tensor2D | undefined,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): LayerNormOutput {
  if (!hasFusedOps()) return layerNormComposed(x, residual, gamma, beta, epsilon);
  const [name, inputs] = residual
    ? ['FunResidualLayerNorm', [x, gamma, beta, residual]]
    : ['FunLayerNorm', [x, gamma, beta]];
  const [y, normalized, inverseStd] = runOpOutputs(name, { epsilon: { float: epsilon } }, inputs, 3);
  return { y: y as tf.Tensor2D, normalized: normalized as tf.Tensor2D, inverseStd: inverseStd as tf.Tensor1D };
}

/** dy [N, H] → the gradient of x, which is also the residual's: (g − mean(g) − x̂·mean(g∘x̂))/σ with g = dy∘γ. */
export function layerNormGrad(
  dy: tf.Tensor2D,
  normalized: tf.Tensor2D,
  inverseStd: tf.Tensor1D,
  gamma: tf.Tensor1D,
): tf.Tensor2D {
  if (!hasFusedOps()) return layerNormGradComposed(dy, normalized, inverseStd, gamma);
  return runOp('FunLayerNormGrad', {}, [dy, normalized, inverseStd, gamma]);
}

export function layerNormComposed(
  x: tf.Tensor2D,
  residual: tf.Tensor2D | undefined,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
): LayerNormOutput {
  return tf.tidy(() => {
    const sum = residual ? tf.add(x, residual) : x;
    const centred = tf.sub(sum, tf.mean(sum, 1, true));
    const inverseStd = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon)); // [N, 1]
    const normalized = tf.mul<tf.Tensor2D>(centred, inverseStd);
    const y = tf.add<tf.Tensor2D>(tf.mul(normalized, gamma), beta);
    return { y, normalized, inverseStd: tf.reshape<tf.Rank.R1>(inverseStd, [x.shape[0]]) };
  });
}

export function layerNormGradComposed(
  dy: tf.Tensor2D,
  normalized: tf.Tensor2D,
  inverseStd: tf.Tensor1D,
  gamma: tf.Tensor1D,
): tf.Tensor2D {
  return tf.tidy(() => {
    const g = tf.mul(dy, gamma);
    const along = tf.mul(normalized, tf.mean(tf.mul(g, normalized), 1, true));
    const projected = tf.sub(tf.sub(g, tf.mean(g, 1, true)), along);
    return tf.mul(projected, tf.reshape(inverseStd, [-1, 1]));
  });
}
