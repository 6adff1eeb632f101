/**
 * What is sent back from the log-its. With J the Jacobian of a factor's log-its and p its probabilities, an example's
 * tr(F) is tr(Jᵀ(diag p − ppᵀ)J). Any vectors v with Σ vvᵀ = diag p − ppᵀ (or E vvᵀ, for random ones) turn it into a sum
 * of squared gradient norms ‖Jᵀv‖²: the estimators differ only in these vectors.
 */
import type { RandomStream } from '../engine/random';
import { tf } from '../engine/tf';

/** One backward pass: the gradient of each factor's log-its [E, K]; undefined for a factor that sends nothing. */
export type Column = readonly (tf.Tensor2D | undefined)[];

/**
 * The K − 1 columns of L with LLᵀ = diag p − ppᵀ (the Cholesky factor, in closed form): with tail sums
 * sⱼ = Σ_{i ≥ j} pᵢ, Lⱼⱼ = √(pⱼ·sⱼ₊₁/sⱼ) and Lᵢⱼ = −pᵢ·√(pⱼ/(sⱼ·sⱼ₊₁)) below. p [E, K] → K − 1 tensors [E, K].
 */
export function choleskyColumns(p: tf.Tensor2D): tf.Tensor2D[] {
  return tf.tidy(() => {
    const K = p.shape[1];
    const tails = tf.cumsum(p, 1, false, true) as tf.Tensor2D; // s₀ … s_{K−1}
    const at = (x: tf.Tensor2D, j: number) => x.slice([0, j], [-1, 1]); // [E, 1]
    return Array.from({ length: K - 1 }, (_, j) => {
      // float32 tail sums can reach 0 for classes of vanishing probability: their columns vanish too
      const [pj, s, next] = [at(p, j), at(tails, j).maximum(TINY), at(tails, j + 1).maximum(TINY)];
      const below = tf.mul(p, tf.sqrt(tf.div(pj, tf.mul(s, next)))).neg();
      const diagonal = tf.sqrt(tf.div(tf.mul(pj, next), s));
      const rest = below.slice([0, j + 1], [-1, K - j - 1]);
      return tf.concat([tf.zeros([p.shape[0], j]), diagonal, rest], 1) as tf.Tensor2D;
    });
  });
}

const TINY = 1e-30;

/** e_y − p for one label an example: the gradient of log p(y). labels [E]; ignored labels (−1) give zeros. */
export function labelColumn(p: tf.Tensor2D, labels: Int32Array): tf.Tensor2D {
  return tf.tidy(() => {
    const counted = tf.tensor2d(
      Float32Array.from(labels, (y) => (y < 0 ? 0 : 1)),
      [labels.length, 1],
    );
    const oneHot = tf.oneHot(
      tf.tensor1d(
        labels.map((y) => Math.max(y, 0)),
        'int32',
      ),
      p.shape[1],
    );
    return tf.mul(tf.sub(oneHot, p), counted);
  });
}

/** √p∘ε − p·⟨√p, ε⟩ with random signs ε: E vvᵀ = diag p − ppᵀ, so one backward pass serves any number of labels. */
export function sketchColumn(p: tf.Tensor2D, stream: RandomStream): tf.Tensor2D {
  return tf.tidy(() => {
    const signs = tf.tensor2d(
      Float32Array.from({ length: p.size }, () => (stream.nextUint32() & 1 ? 1 : -1)),
      p.shape,
    );
    const root = tf.mul<tf.Tensor2D>(tf.sqrt(p), signs);
    return tf.sub(root, tf.mul(p, root.sum(1, true)));
  });
}

/** A label drawn from each row of p. */
export function drawLabels(p: tf.Tensor2D, stream: RandomStream): Int32Array {
  const K = p.shape[1];
  const data = p.dataSync();
  return Int32Array.from({ length: p.shape[0] }, (_, e) => {
    let left = stream.uniform();
    for (let y = 0; y < K - 1; y++) {
      left -= data[e * K + y]!;
      if (left < 0) return y;
    }
    return K - 1;
  });
}

/** arg max of each row; ties go to the lower index. */
export function likeliestLabels(p: tf.Tensor2D): Int32Array {
  return tf.tidy(() => tf.argMax(p, 1).dataSync<'int32'>().slice());
}
