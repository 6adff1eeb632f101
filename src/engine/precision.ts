/** In what precision the products with the base model's weights are computed. Tensors are float32 in both. */
import { oneOf } from './errors';

/** 'bf16': both sides of such a product are rounded to bfloat16 (`ops/bf16Product`). Adapters and heads stay exact. */
export const precisions = ['float32', 'bf16'] as const;
export type Precision = (typeof precisions)[number];

/** What FUN_PRECISION asks for, of runs that do not say. */
export function precisionFromEnvironment(environment: NodeJS.ProcessEnv = process.env): Precision | undefined {
  const { FUN_PRECISION: asked } = environment;
  return asked === undefined ? undefined : oneOf('FUN_PRECISION', asked, precisions);
}
