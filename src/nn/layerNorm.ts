/** Layer normalisation over the last axis (Ba et al. 2016), with an optional residual added first. */
import type { tf } from '../engine/tf';
import { layerNorm as layerNormOp, layerNormGrad } from '../engine/ops';
import type { GradientSink, Wanted } from './gradientSink';
import type { Parameter } from './parameter';

export interface LayerNorm {
  /** [H] */
  readonly gamma: Parameter;
  /** [H] */
  readonly beta: Parameter;
  readonly epsilon: number;
}

/** What the pullback of a layer norm needs. */
export type LayerNormSaved = {
  /** x̂ = (x − mean)/σ [N, H] */
  normalized: tf.Tensor2D;
  /** 1/σ [N] */
  inverseStd: tf.Tensor1D;
};

/** LN(x + residual): x, residual, y [N, H]. */
export function layerNorm(
  x: tf.Tensor2D,
  residual: tf.Tensor2D | undefined,
  p: LayerNorm,
): { y: tf.Tensor2D } & LayerNormSaved {
  return layerNormOp(x, residual, p.gamma.value as tf.Tensor1D, p.beta.value as tf.Tensor1D, p.epsilon);
}

/** dy [N, H] → the gradient of x, which is also that of the residual [N, H]. */
export function layerNormPullback(
  p: LayerNorm,
  saved: LayerNormSaved,
  dy: tf.Tensor2D,
  wanted: Wanted,
  sink: GradientSink,
): tf.Tensor2D {
  if (wanted.has(p.gamma) || wanted.has(p.beta)) sink.layerNorm(p.gamma, p.beta, saved.normalized, dy);
  return layerNormGrad(dy, saved.normalized, saved.inverseStd, p.gamma.value as tf.Tensor1D);
}
