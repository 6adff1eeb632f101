/**
 * Where parameter gradients go. A backward pass hands every layer's two factors (its input and its output gradient) to
 * a sink; the sink decides what to make of them: their product summed over the batch (training), or the squared norm of
 * the product per example (Fisher information). So one backward pass serves both, and no example is looped over.
 *
 * Legend used in all of nn/: B batch (sequences), T tokens, N = B·T, H hidden, A heads, D = H/A, R bottleneck.
 */
import type { tf } from '../engine/tf';
import type { Parameter } from './parameter';

export interface GradientSink {
  /** y = x·Wᵀ + b with W [out, in], b [out]: x [N, in], dy [N, out]. */
  linear(weight: Parameter, bias: Parameter | undefined, x: tf.Tensor2D, dy: tf.Tensor2D): void;
  /** y = gamma ∘ normalized + beta: normalized, dy [N, H]. */
  layerNorm(gamma: Parameter, beta: Parameter, normalized: tf.Tensor2D, dy: tf.Tensor2D): void;
  /** y = table[ids]: ids [N], dy [N, H]. As in the others, N rows divide evenly among the examples of the batch. */
  embedding(table: Parameter, ids: Int32Array, dy: tf.Tensor2D): void;
}

/** The parameters whose gradients a backward pass will be asked for: it decides what a forward pass keeps. */
export type Wanted = ReadonlySet<Parameter>;

export const nothingWanted: Wanted = new Set();
