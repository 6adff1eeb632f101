/**
 * How fast this machine multiplies matrices, in float32 and in bf16: what the doctor and the benchmark compare with.
 */
import { toBf16 } from './ops/bf16Product';
import type { Precision } from './precision';
import { openEngine, tf } from './tf';

/** 10⁹ floating-point operations a second: the best of several products of [size, size] matrices. */
export async function measureProducts(precision: Precision, size = 1024): Promise<number> {
  await openEngine();
  const a = tf.randomNormal<tf.Rank.R2>([size, size]);
  const b = tf.randomNormal<tf.Rank.R2>([size, size]);
  const rounded = precision === 'bf16' ? toBf16(b) : undefined;
  let best = Infinity;
  const end = performance.now() + 1500; // milliseconds
  do {
    const begun = performance.now();
    const product = rounded === undefined ? tf.matMul(a, b) : rounded.product(a, false);
    await product.slice([0, 0], [1, 1]).data();
    best = Math.min(best, performance.now() - begun);
    product.dispose();
  } while (performance.now() < end);
  tf.dispose([a, b]);
  rounded?.dispose();
  return (2 * size ** 3) / best / 1e6;
}
