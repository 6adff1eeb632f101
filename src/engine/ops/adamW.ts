/** One step of AdamW (Loshchilov and Hutter 2019) for one parameter, as PyTorch computes it. */
import { hasFusedOps, runOpOutputs, tf } from '../tf';

/** First and second moments of one parameter's gradient, each of the parameter's shape. */
export interface AdamWMoments {
  readonly m: tf.Tensor;
  readonly v: tf.Tensor;
}

export interface AdamWOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** How many updates this parameter has had, this one included: 1 at its first. */
  readonly step: number;
}

/**
 * m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²;  p ← p − η·λ·p − η·m̂/(√v̂ + ε), with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
 * Returns the new parameter and moments; the caller keeps them and disposes of the old ones.
 */
export function adamWUpdate(
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  moments: AdamWMoments,
  options: AdamWOptions,
): AdamWMoments & { readonly parameter: tf.Tensor } {
  if (!hasFusedOps()) return adamWUpdateComposed(parameter, gradient, moments, options);
  const { learningRate, beta1, beta2, epsilon, weightDecay, step } = options;
  const stepSize = learningRate / (1 - beta1 ** step);
  const varianceScale = 1 / Math.sqrt(1 - beta2 ** step);
  return tf.tidy(() => {
    const factors = tf.tensor1d([beta1, beta2, epsilon, 1 - learningRate * weightDecay, stepSize, varianceScale]);
    const inputs = [parameter, gradient, moments.m, moments.v, factors];
    const [updated, m, v] = runOpOutputs('FunAdamW', {}, inputs, 3) as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { parameter: updated, m, v };
  });
}

export function adamWUpdateComposed(
  parameter: tf.Tensor,
  gradient: tf.Tensor,
  moments: AdamWMoments,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamWOptions,
): AdamWMoments & { readonly parameter: tf.Tensor } {
  return tf.tidy(() => {
    const m = tf.add(tf.mul(moments.m, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(moments.v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const denominator = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
    const change = tf.mul(tf.div(m, denominator), learningRate / (1 - beta1 ** step));
    return { m, v, parameter: tf.sub(tf.mul(parameter, 1 - learningRate * weightDecay), change) };
  });
}
