/**
 * The invertible adapter of MAD-X: an additive coupling (NICE, Dinh et al. 2015) on the embeddings of a language,
 * y₁ = x₁ + F(x₂), y₂ = x₂ + G(y₁); undone at the output embeddings in masked-LM training by
 * x₂ = y₂ − G(y₁), x₁ = y₁ − F(x₂). F and G: H/2 → H/2/reduction → H/2.
 */
import { tf } from '../engine/tf';
import { activate, activationGradient, type ActivationName } from '../nn/activation';
import { block, isNeeded, type Block, type Needs } from '../nn/block';
import type { GradientSink, Wanted } from '../nn/gradientSink';
import { linear, linearInputGradient, linearOwnGradient, linearParameters, type Linear } from '../nn/linear';
import type { Parameter } from '../nn/parameter';

/** One of the two coupling functions: down [R, H/2], up [H/2, R]. */
export interface Coupling {
  readonly down: Linear;
  readonly up: Linear;
}

export interface Invertible {
  readonly F: Coupling;
  readonly G: Coupling;
  readonly activation: ActivationName;
}

export const invertibleParameters = (p: Invertible): Parameter[] =>
  [p.F, p.G].flatMap(({ down, up }) => [...linearParameters(down), ...linearParameters(up)]);

interface Context {
  readonly needs: Needs;
  readonly wanted: Wanted;
}

type Saved = { first: tf.Tensor2D; second: tf.Tensor2D };

/** x [N, H] → y [N, H]. */
export function invertible(x: tf.Tensor2D, p: Invertible, { needs, wanted }: Context): Block {
  return block(
    () => {
      const [x1, x2] = halves(x);
      const y1 = x1.add<tf.Tensor2D>(couple(x2, p.F, p.activation));
      const y2 = x2.add<tf.Tensor2D>(couple(y1, p.G, p.activation));
      return { y: tf.concat([y1, y2], 1), saved: isNeeded(needs) ? { first: y1, second: x2 } : undefined };
    },
    ({ first: y1, second: x2 }: Saved, dy, sink) => {
      const [d1, d2] = halves(dy);
      const dy1 = d1.add<tf.Tensor2D>(couplingGradient(d2, y1, p.G, p.activation, wanted, sink));
      const dx2 = d2.add<tf.Tensor2D>(couplingGradient(dy1, x2, p.F, p.activation, wanted, sink));
      return needs.inputGradient ? tf.concat([dy1, dx2], 1) : undefined;
    },
  );
}

/** y [N, H] → x [N, H], the exact inverse of `invertible`. */
export function invertibleInverse(y: tf.Tensor2D, p: Invertible, { needs, wanted }: Context): Block {
  return block(
    () => {
      const [y1, y2] = halves(y);
      const x2 = y2.sub<tf.Tensor2D>(couple(y1, p.G, p.activation));
      const x1 = y1.sub<tf.Tensor2D>(couple(x2, p.F, p.activation));
      return { y: tf.concat([x1, x2], 1), saved: isNeeded(needs) ? { first: y1, second: x2 } : undefined };
    },
    ({ first: y1, second: x2 }: Saved, dx, sink) => {
      const [d1, d2] = halves(dx);
      const dx2 = d2.add<tf.Tensor2D>(couplingGradient(tf.neg(d1), x2, p.F, p.activation, wanted, sink));
      const dy1 = d1.add<tf.Tensor2D>(couplingGradient(tf.neg(dx2), y1, p.G, p.activation, wanted, sink));
      return needs.inputGradient ? tf.concat([dy1, dx2], 1) : undefined;
    },
  );
}

const halves = (x: tf.Tensor2D) => tf.split(x, 2, 1) as [tf.Tensor2D, tf.Tensor2D];

const couple = (v: tf.Tensor2D, p: Coupling, f: ActivationName) => linear(activate(linear(v, p.down), f), p.up);

/** The gradient of f(v)·d with respect to v; the parameters' own go to the sink. */
function couplingGradient(
  d: tf.Tensor2D,
  v: tf.Tensor2D,
  p: Coupling,
  f: ActivationName,
  wanted: Wanted,
  sink: GradientSink,
): tf.Tensor2D {
  const pre = linear(v, p.down); // [N, R]: cheap to make again
  const dPre = activationGradient(linearInputGradient(d, p.up), pre, f);
  linearOwnGradient(p.up, activate(pre, f), d, wanted, sink);
  linearOwnGradient(p.down, v, dPre, wanted, sink);
  return linearInputGradient(dPre, p.down);
}
