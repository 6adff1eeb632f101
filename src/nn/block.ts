/**
 * A block: one differentiable piece of the network with its pullback written out. Explicit pullbacks, instead of a
 * tape over single operations, keep only what is needed, can be run several times after one forward pass (one per
 * column of the Fisher factorisation), and never compute the gradient of a frozen weight.
 */
import { tf } from '../engine/tf';
import type { GradientSink } from './gradientSink';

/** What a block must be ready to send back. */
export interface Needs {
  /** A gradient with respect to the block's input: some wanted parameter lies below. */
  readonly inputGradient: boolean;
  /** Gradients of some of the block's own parameters. */
  readonly ownGradients: boolean;
}

export const isNeeded = (needs: Needs): boolean => needs.inputGradient || needs.ownGradients;

/** The result of a block's forward pass. `In` is the type of its input gradient (one tensor, or one per input). */
export interface Block<In = tf.Tensor2D> {
  /** Owned by the caller. */
  readonly y: tf.Tensor2D;
  /**
   * Sends dy (same shape as y) back: parameter gradients to the sink, the input gradient to the caller, who owns it.
   * Undefined when no input gradient was asked for. May be called any number of times before `release`.
   */
  pullback(dy: tf.Tensor2D, sink: GradientSink): In | undefined;
  /** Frees what the block kept for its pullback. */
  release(): void;
}

/**
 * Makes a block. `forward` returns its output and the tensors that the pullback needs (undefined when nothing is
 * needed); all other tensors made on the way are freed. `backward` runs in a tidy of its own.
 */
export function block<Saved extends tf.NamedTensorMap, In extends tf.TensorContainer = tf.Tensor2D>(
  forward: () => { y: tf.Tensor2D; saved: Saved | undefined },
  backward: (saved: Saved, dy: tf.Tensor2D, sink: GradientSink) => In | undefined,
): Block<In> {
  const { y, saved } = tf.tidy(forward);
  return {
    y,
    pullback(dy, sink) {
      if (saved === undefined) throw new Error('This block kept nothing to send a gradient back with.');
      return tf.tidy(() => backward(saved, dy, sink) as tf.TensorContainer) as In | undefined;
    },
    release() {
      if (saved !== undefined) tf.dispose(saved);
    },
  };
}
