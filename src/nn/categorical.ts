/**
 * Categorical factors: the distributions that a head predicts, each given by logits [E, K] (E examples, K classes,
 * choices or positions). Loss and Fisher information are defined on them, whatever the task.
 */
import { tf } from '../engine/tf';

/** A label that takes no part: no answer in this window, or padding. */
export const IGNORED = -1;

/** p [E, K]. */
export function probabilities(logits: tf.Tensor2D): tf.Tensor2D {
  return tf.softmax(logits);
}

/**
 * Logits [E, K] whose p is 0 where `possible` [E·K] is 0: labels that cannot occur, as positions of padding. All can
 * where it is undefined.
 */
export function amongPossible(logits: tf.Tensor2D, possible: Int32Array | undefined): tf.Tensor2D {
  if (possible === undefined) return logits;
  return tf.tidy(() =>
    logits.add(
      tf.tensor2d(
        Float32Array.from(possible, (x) => (x - 1) * FAR),
        logits.shape,
      ),
    ),
  );
}

/** exp(−FAR) is 0. */
const FAR = 1e9;

/**
 * Mean cross-entropy over the examples whose label is not ignored, and its gradient with respect to the logits.
 * labels [E]; loss a scalar tensor (0 when every label is ignored); dLogits [E, K]. Both owned by the caller.
 */
export function crossEntropy(logits: tf.Tensor2D, labels: Int32Array): { loss: tf.Scalar; dLogits: tf.Tensor2D } {
  return tf.tidy(() => {
    const K = logits.shape[1];
    const counted = labels.reduce((n, label) => n + (label === IGNORED ? 0 : 1), 0);
    const weight = tf.tensor2d(
      Float32Array.from(labels, (label) => (label === IGNORED ? 0 : 1 / counted)),
      [labels.length, 1],
    );
    const oneHot = tf.oneHot(
      tf.tensor1d(
        labels.map((label) => Math.max(label, 0)),
        'int32',
      ),
      K,
    );
    const loss = tf.neg(tf.sum(tf.mul(tf.mul(tf.logSoftmax(logits), oneHot), weight)));
    return { loss: loss as tf.Scalar, dLogits: tf.mul(tf.sub(tf.softmax(logits), oneHot), weight) };
  });
}

/**
 * The mean of the factors' cross-entropies (QA: start and end halved, as in the reference scripts), with gradients.
 * `possible`: see `amongPossible`; the same for all factors.
 */
export function factorLoss(
  factors: readonly tf.Tensor2D[],
  labels: readonly Int32Array[],
  possible?: Int32Array,
): { loss: tf.Scalar; dFactors: tf.Tensor2D[] } {
  return tf.tidy(() => {
    const parts = factors.map((logits, i) => crossEntropy(amongPossible(logits, possible), labels[i]!));
    const share = 1 / factors.length;
    return {
      loss: tf.mul<tf.Scalar>(tf.addN(parts.map(({ loss }) => loss)), share),
      dFactors: parts.map(({ dLogits }) => tf.mul<tf.Tensor2D>(dLogits, share)),
    };
  });
}
