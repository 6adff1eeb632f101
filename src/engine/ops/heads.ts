/** Between activations, one row a token, and attention, one matrix a head. Each is the other's gradient. */
import { hasFusedOps, runOp, tf } from '../tf';

// B batch, T tokens, A heads, D head size

/** x [B·T, A·D] (+ bias [A·D]) → [B, A, T, D]. */
export function splitHeads(
  x: tf.Tensor2D,
  bias: tf.Tensor1D | undefined,
  B: number,
  T: number,
  A: number,
): tf.Tensor4D {
  if (!hasFusedOps()) return splitHeadsComposed(x, bias, B, T, A);
  const sizes = { tokens: { int: T }, heads: { int: A } };
  return bias ? runOp('FunSplitHeadsBias', sizes, [x, bias]) : runOp('FunSplitHeads', sizes, [x]);
}

/** x [B, A, T, D] → [B·T, A·D]. */
export function mergeHeads(x: tf.Tensor4D): tf.Tensor2D {
  return hasFusedOps() ? runOp('FunMergeHeads', {}, [x]) : mergeHeadsComposed(x);
}

export function splitHeadsComposed(
  x: tf.Tensor2D,
  bias: tf.Tensor1D | undefined,
  B: number,
  T: number,
  A: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const shifted = bias ? tf.add<tf.Tensor2D>(x, bias) : x;
    return tf.transpose(tf.reshape(shifted, [B, T, A, x.shape[1] / A]), [0, 2, 1, 3]);
  });
}

export function mergeHeadsComposed(x: tf.Tensor4D): tf.Tensor2D {
  const [B, A, T, D] = x.shape;
  return tf.tidy(() => tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [B * T, A * D]));
}
