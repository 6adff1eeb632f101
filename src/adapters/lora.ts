/** LoRA (Hu et al. 2022) on the query and value projections: W·x + (alpha/r)·B·(A·x). */
import { tf } from '../engine/tf';
import type { Linear, Projection } from '../nn/linear';
import { linearParameters, plainProjection } from '../nn/linear';
import type { Parameter } from '../nn/parameter';

export interface LoraConfig {
  readonly type: 'lora';
  /** r; the paper uses 8. */
  readonly rank: number;
  /** The update is scaled by alpha/r; the paper uses 8. */
  readonly alpha: number;
}

/** One low-rank update: A [r, in], B [out, r]. */
export interface LowRank {
  readonly loraA: Parameter;
  readonly loraB: Parameter;
  /** alpha/r */
  readonly scaling: number;
}

/** The two LoRAs of a layer; they unfreeze together. */
export interface LoraLayer {
  readonly query: LowRank;
  readonly value: LowRank;
}

export const loraParameters = (p: LoraLayer): Parameter[] => [
  p.query.loraA,
  p.query.loraB,
  p.value.loraA,
  p.value.loraB,
];

/** A linear layer with its low-rank update, as attention sees it. */
export function loraProjection(base: Linear, p: LowRank): Projection {
  const plain = plainProjection(base);
  const down = (x: tf.Tensor2D) => tf.matMul(x, p.loraA.value, false, true).mul<tf.Tensor2D>(p.scaling); // [N, r]
  const dDown = (dy: tf.Tensor2D) => tf.matMul(dy, p.loraB.value).mul<tf.Tensor2D>(p.scaling); // [N, r]
  return {
    ...plain,
    parameters: [...linearParameters(base), p.loraA, p.loraB],
    product: (x) => plain.product(x).add(tf.matMul(down(x), p.loraB.value as tf.Tensor2D, false, true)),
    inputGradient: (dy) => plain.inputGradient(dy).add(tf.matMul(dDown(dy), p.loraA.value as tf.Tensor2D)),
    ownGradient: (x, dy, wanted, sink) => {
      plain.ownGradient(x, dy, wanted, sink);
      if (wanted.has(p.loraB)) sink.linear(p.loraB, undefined, down(x), dy);
      if (wanted.has(p.loraA)) sink.linear(p.loraA, undefined, x, dDown(dy));
    },
  };
}
