/** The first tokens of every sequence: what is left to compute where nothing reads the others. */
import type { tf } from '../engine/tf';

export interface FirstTokens {
  /** B */
  readonly batch: number;
  /** T */
  readonly tokens: number;
  /** Q ≤ T: how many of each sequence are taken. */
  readonly first: number;
}

/** x [B·T, H] → [B·Q, H]; x itself when Q = T. */
export function firstTokens(x: tf.Tensor2D, { batch: B, tokens: T, first: Q }: FirstTokens): tf.Tensor2D {
  const H = x.shape[1];
  return Q === T
    ? x
    : x
        .reshape<tf.Tensor2D>([B, T * H])
        .slice([0, 0], [B, Q * H])
        .reshape([B * Q, H]);
}

/** The transpose of `firstTokens`: dy [B·Q, H] → [B·T, H], zero at the other tokens. */
export function firstTokensGradient(dy: tf.Tensor2D, { batch: B, tokens: T, first: Q }: FirstTokens): tf.Tensor2D {
  const H = dy.shape[1];
  const others: [[number, number], [number, number]] = [
    [0, 0],
    [0, (T - Q) * H],
  ];
  return Q === T
    ? dy
    : dy
        .reshape<tf.Tensor2D>([B, Q * H])
        .pad<tf.Tensor2D>(others)
        .reshape([B * T, H]);
}
