/**
 * Dropout (Srivastava et al. 2014) whose mask depends on the seed and the element's place alone: nothing is stored for
 * the backward pass, which is the same call on dy, and a resumed run draws the same masks.
 */
import { UserError } from '../errors';
import { hasFusedOps, hasRawOps, runOp, tf } from '../tf';

/** Two 32-bit words, for example from a run's "dropout" stream: a new pair for every call of a step. */
export type DropoutSeed = readonly [number, number];

/**
 * Zeroes each element with probability `rate` and scales the others by 1/(1 − rate). Linear in x, so its own gradient.
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: DropoutSeed): T {
  if (!(rate >= 0 && rate < 1)) throw new UserError(`A dropout rate lies in [0, 1), not ${rate}.`);
  if (rate === 0) return tf.clone(x);
  if (!hasFusedOps()) return dropoutComposed(x, rate, seed);
  return tf.tidy(() => runOp<T>('FunDropout', { rate: { float: rate } }, [x, seedTensor(seed)]));
}

/**
 * By TensorFlow's stateless generator (so that a GPU needs no copy from the host), whose masks differ from those of the
 * fused form; where there are no raw operations, by `keepMask` in JavaScript, whose masks are the same.
 */
export function dropoutComposed<T extends tf.Tensor>(x: T, rate: number, seed: DropoutSeed): T {
  return tf.tidy(() => {
    if (!hasRawOps()) return tf.mul<T>(x, tf.tensor(keepMask(x.size, rate, seed), x.shape));
    const shape = tf.tensor1d(x.shape, 'int32');
    const uniform = runOp('StatelessRandomUniform', { T: 'int32', Tseed: 'int32', dtype: 'float32' }, [
      shape,
      seedTensor(seed),
    ]);
    return tf.mul<T>(tf.mul(x, tf.cast(tf.greaterEqual(uniform, rate), 'float32')), 1 / (1 - rate));
  });
}

/** The factor of each element, 0 or 1/(1 − rate): the i-th from two rounds of an integer hash of i and the seed. */
export function keepMask(length: number, rate: number, [first, second]: DropoutSeed): Float32Array {
  const threshold = dropThreshold(rate);
  const scale = 1 / (1 - rate);
  return Float32Array.from({ length }, (_, i) => (mix(mix(i ^ first) + second) >>> 0 < threshold ? 0 : scale));
}

/** Elements whose 32 random bits lie below this are dropped. The rate is rounded to float32, as TensorFlow takes it. */
const dropThreshold = (rate: number): number => Math.round(Math.fround(rate) * 4294967296);

const seedTensor = ([first, second]: DropoutSeed): tf.Tensor1D => tf.tensor1d([first | 0, second | 0], 'int32');

/** lowbias32: a 32-bit integer permutation with good avalanche (Wellons 2018). */
function mix(word: number): number {
  let z = word | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}
