/** The linear layer, y = x·Wᵀ + b, in PyTorch's layout (W is [out, in]). */
import { hasRawOps, tf } from '../engine/tf';
import type { GradientSink, Wanted } from './gradientSink';
import type { Parameter } from './parameter';

export interface Linear {
  /** [out, in] */
  readonly weight: Parameter;
  /** [out] */
  readonly bias?: Parameter;
}

/** x [N, in] → x·Wᵀ [N, out], without the bias. */
export function project(x: tf.Tensor2D, p: Linear): tf.Tensor2D {
  return weightProduct(x, p.weight, true);
}

/** x [N, in] → [N, out]. */
export function linear(x: tf.Tensor2D, p: Linear): tf.Tensor2D {
  // On WebAssembly (tfjs-backend-wasm 4.22), `fused.matMul` with a transposed b adds the bias to the first row alone.
  if (isInBf16(p.weight) || !hasRawOps()) return tf.tidy(() => withBias(project(x, p), p));
  const [a, b] = [x, p.weight.value as tf.Tensor2D];
  const bias = p.bias === undefined ? {} : { bias: p.bias.value };
  return tf.fused.matMul({ a, b, transposeB: true, ...bias }) as tf.Tensor2D;
}

/** dy [N, out] → dx [N, in]. */
export function linearInputGradient(dy: tf.Tensor2D, p: Linear): tf.Tensor2D {
  return weightProduct(dy, p.weight, false);
}

const withBias = (y: tf.Tensor2D, { bias }: Linear): tf.Tensor2D => (bias === undefined ? y : y.add(bias.value));

function weightProduct(x: tf.Tensor2D, weight: Parameter, transpose: boolean): tf.Tensor2D {
  return isInBf16(weight) ? weight.inBf16.product(x, transpose) : tf.matMul(x, weight.value, false, transpose);
}

const isInBf16 = ({ products }: Parameter): boolean => products === 'bf16';

/** Sends the layer's two factors to the sink when its parameters are wanted. */
export function linearOwnGradient(
  p: Linear,
  x: tf.Tensor2D,
  dy: tf.Tensor2D,
  wanted: Wanted,
  sink: GradientSink,
): void {
  if (isWanted(p, wanted)) sink.linear(p.weight, p.bias, x, dy);
}

export const isWanted = (p: Linear, wanted: Wanted): boolean =>
  wanted.has(p.weight) || (p.bias !== undefined && wanted.has(p.bias));

/**
 * A linear map as attention sees it. A plain linear layer is one; a linear layer with a low-rank update (LoRA) is
 * another, so that attention need not know of adapters.
 */
export interface Projection {
  readonly bias?: Parameter;
  readonly parameters: readonly Parameter[];
  /** x [N, in] → [N, out], without the bias. */
  product(x: tf.Tensor2D): tf.Tensor2D;
  /** dy [N, out] → dx [N, in]. */
  inputGradient(dy: tf.Tensor2D): tf.Tensor2D;
  ownGradient(x: tf.Tensor2D, dy: tf.Tensor2D, wanted: Wanted, sink: GradientSink): void;
}

export function plainProjection(p: Linear): Projection {
  return {
    ...(p.bias === undefined ? {} : { bias: p.bias }),
    parameters: linearParameters(p),
    product: (x) => project(x, p),
    inputGradient: (dy) => linearInputGradient(dy, p),
    ownGradient: (x, dy, wanted, sink) => linearOwnGradient(p, x, dy, wanted, sink),
  };
}

export const linearParameters = (p: Linear): Parameter[] => (p.bias === undefined ? [p.weight] : [p.weight, p.bias]);
