/** How fast this machine multiplies matrices, in float32 and in bf16 mode: what the doctor and the benchmark compare with. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './places';
import { bf16Product, toBf16 } from './ops/bf16Product';
import { freeNative, hasBf16Products, openEngine, tf } from './tf';

/** 10⁹ floating-point operations a second: the best of several products of [size, size] matrices, in this process. */
export async function measureProducts(size = 1024): Promise<number> {
  await openEngine();
  const a = tf.randomNormal<tf.Rank.R2>([size, size]);
  const b = tf.randomNormal<tf.Rank.R2>([size, size]);
  const rounded = hasBf16Products() ? toBf16(b) : undefined;
  let best = Infinity;
  const end = performance.now() + 1500; // milliseconds
  do {
    const begun = performance.now();
    const product = rounded === undefined ? tf.matMul(a, b) : bf16Product(a, rounded, false);
    await product.slice([0, 0], [1, 1]).data();
    best = Math.min(best, performance.now() - begun);
    product.dispose();
  } while (performance.now() < end);
  tf.dispose([a, b]);
  if (rounded !== undefined) freeNative(rounded);
  return (2 * size ** 3) / best / 1e6;
}

/** The same in a process of its own, since the mode is chosen before TensorFlow starts. */
export async function measureProductsIn(precision: 'float32' | 'bf16'): Promise<number> {
  const script = `require(${JSON.stringify(join(__dirname, 'matrixProducts.ts'))}).measureProducts().then((g) => console.log('GFLOPS', g))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: projectRoot(),
    env: { ...process.env, FUN_PRECISION: precision },
  });
  return Number(/GFLOPS (\S+)/.exec(stdout)![1]);
}
