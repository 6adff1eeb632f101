/** In what precision the products with the base model's weights are computed. Tensors are float32 in both. */
import { oneOf } from './errors';

/** 'bf16': both sides of such a product are rounded to bfloat16 (`ops/bf16Product`). Adapters and heads stay exact. */
export const precisions = ['float32', 'bf16'] as const;
export type Precision = (typeof precisions)[number];

/** Of what does not say: FUN_PRECISION, else the usual one. */
export function defaultPrecision(usual: Precision = 'float32'): Precision {
  return oneOf('FUN_PRECISION', process.env.FUN_PRECISION || usual, precisions);
}
