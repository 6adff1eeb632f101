/**
 * Parameters and their addresses. A parameter is selected by its typed address, never by matching substrings of its
 * name; its name is the one that the Python libraries give it, so that files can be read and written.
 */
import { toBf16, type Bf16Matrix } from '../engine/ops/bf16Product';
import type { Precision } from '../engine/precision';
import { tf } from '../engine/tf';

/** Which part of the model a parameter belongs to. */
export type Role = 'base' | 'languageAdapter' | 'taskAdapter' | 'lora' | 'head';

export interface Address {
  readonly role: Role;
  /** Layer of the base model, 0 at the bottom; absent for embeddings, invertible adapters and heads. */
  readonly layer?: number;
}

/**
 * How a parameter's gradient is held: `dense`, of the parameter's shape; `rows`, only the rows of a table that a batch
 * looked up, because all others are zero.
 */
export type GradientForm = 'dense' | 'rows';

/** A trainable tensor that outlives every step. Layouts are PyTorch's: a linear weight is [out, in]. */
export class Parameter {
  private current: tf.Tensor;
  private rounded: Bf16Matrix | undefined;
  /** Of a linear layer's weight: how products with it are computed; see `computeProductsIn`. */
  products: Precision = 'float32';

  constructor(
    readonly name: string,
    readonly address: Address,
    initial: tf.Tensor,
    readonly gradientForm: GradientForm = 'dense',
  ) {
    this.current = tf.keep(initial);
  }

  get value(): tf.Tensor {
    return this.current;
  }

  /** The matrix in bfloat16, made when first asked for. */
  get inBf16(): Bf16Matrix {
    return (this.rounded ??= toBf16(this.current as tf.Tensor2D));
  }

  get shape(): readonly number[] {
    return this.current.shape;
  }

  get size(): number {
    return this.current.size;
  }

  /** Takes over `next` (same shape) and frees the old value. */
  assign(next: tf.Tensor): void {
    tf.util.assertShapesMatch(next.shape, this.current.shape, `${this.name}: `);
    this.dispose();
    this.current = tf.keep(next);
  }

  dispose(): void {
    this.current.dispose();
    this.rounded?.dispose();
    this.rounded = undefined;
  }
}
