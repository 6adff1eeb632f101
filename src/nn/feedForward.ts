/** The position-wise feed-forward block of a Transformer layer: dropout(W₂·gelu(W₁·a + b₁) + b₂). */
import { tf } from '../engine/tf';
import { biasGelu, biasGeluGrad } from '../engine/ops';
import { block, isNeeded, type Block, type Needs } from './block';
import { dropout, type DropoutSite } from './dropout';
import type { Wanted } from './gradientSink';
import { isWanted, linear, linearInputGradient, linearOwnGradient, project, type Linear } from './linear';

export interface FeedForward {
  /** [4H, H] */
  readonly intermediate: Linear;
  /** [H, 4H] */
  readonly output: Linear;
}

/** a [N, H] → [N, H]; the residual and the layer norm follow later, after the adapters. */
export function feedForward(
  a: tf.Tensor2D,
  p: FeedForward,
  { needs, wanted, site }: { needs: Needs; wanted: Wanted; site: DropoutSite },
): Block {
  const bias = p.intermediate.bias!.value as tf.Tensor1D;
  return block(
    () => {
      const pre = project(a, p.intermediate); // [N, 4H], before the bias
      const y = dropout(linear(biasGelu(pre, bias), p.output), site); // [N, H]
      return { y, saved: isNeeded(needs) ? { pre, ...(needs.ownGradients ? { a: a.clone() } : {}) } : undefined };
    },
    (saved: { pre: tf.Tensor2D; a?: tf.Tensor2D }, dy, sink) => {
      const dz = dropout(dy, site); // [N, H]
      if (isWanted(p.output, wanted)) {
        linearOwnGradient(p.output, biasGelu(saved.pre, bias), dz, wanted, sink);
      }
      const dPre = biasGeluGrad(linearInputGradient(dz, p.output), saved.pre, bias); // [N, 4H]
      if (saved.a !== undefined) linearOwnGradient(p.intermediate, saved.a, dPre, wanted, sink);
      return needs.inputGradient ? linearInputGradient(dPre, p.intermediate) : undefined;
    },
  );
}
