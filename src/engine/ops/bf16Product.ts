/**
 * Matrix products in bfloat16, of float32 tensors: both sides are rounded to 8 bits of mantissa, products are summed in
 * float32, and the result is rounded once more. Twice as fast as float32 or more where the processor has instructions
 * for it (AVX512-BF16, AMX) or the GPU does.
 *
 * TensorFlow's products truncate the result on processors without AVX-512: all values come out too small. There they
 * are computed in float32 of the rounded numbers, which takes no longer, so that bf16 means the same everywhere.
 */
import { adoptNative, freeNative, hasFusedOps, runNativeOp, runOp, tf, type NativeTensor } from '../tf';

/** A matrix w rounded to bfloat16, to be multiplied with; its owner disposes it. */
export interface Bf16Matrix {
  /** x [N, K] · w with w [K, M], or · wᵀ with w [M, K] → [N, M] in float32. */
  product(x: tf.Tensor2D, transpose: boolean): tf.Tensor2D;
  dispose(): void;
}

export function toBf16(w: tf.Tensor2D): Bf16Matrix {
  return roundsToNearest() ? nativeMatrix(w) : float32Matrix(w);
}

/** In TensorFlow's own bfloat16 products. */
export function nativeMatrix(w: tf.Tensor2D): Bf16Matrix {
  const rounded = cast(w, 'float32', 'bfloat16');
  return {
    product(x, transpose) {
      // BatchMatMulV2 takes matrices as well, and is never slower than MatMul here.
      const product = consume(cast(x, 'float32', 'bfloat16'), (left) =>
        runNativeOp('BatchMatMulV2', { T: 'bfloat16', adj_x: false, adj_y: transpose }, [left, rounded]),
      );
      return fromBf16(product);
    },
    dispose: () => freeNative(rounded),
  };
}

/** The same numbers in float32 products. */
export function float32Matrix(w: tf.Tensor2D): Bf16Matrix {
  const rounded = tf.keep(roundToBf16(w));
  return {
    product: (x, transpose) => tf.tidy(() => roundToBf16(tf.matMul(roundToBf16(x), rounded, false, transpose))),
    dispose: () => rounded.dispose(),
  };
}

/** The nearest bfloat16 numbers (ties to even), in float32. */
export function roundToBf16(x: tf.Tensor2D): tf.Tensor2D {
  return hasFusedOps() ? runOp('FunRoundToBf16', {}, [x]) : roundToBf16Composed(x);
}

export const roundToBf16Composed = (x: tf.Tensor2D): tf.Tensor2D => fromBf16(cast(x, 'float32', 'bfloat16'));

function fromBf16(x: NativeTensor): tf.Tensor2D {
  return adoptNative<tf.Tensor2D>(consume(x, (bf16) => cast(bf16, 'bfloat16', 'float32')));
}

/** What `make` makes of x. Frees x, also when that fails: out of memory, a run is told so and goes on. */
function consume(x: NativeTensor, make: (x: NativeTensor) => NativeTensor): NativeTensor {
  try {
    return make(x);
  } finally {
    freeNative(x);
  }
}

type DType = 'float32' | 'bfloat16';

function cast(x: tf.Tensor | NativeTensor, SrcT: DType, DstT: DType): NativeTensor {
  return runNativeOp('Cast', { SrcT, DstT, Truncate: false }, [x]);
}

let nearest: boolean | undefined;

/** Whether TensorFlow's products round their result: tried once, at the size of a layer of a small encoder. */
export function roundsToNearest(): boolean {
  nearest ??= tf.tidy(() => {
    const size = 384;
    const ones = nativeMatrix(tf.ones([size, size]));
    // 1 + 1.5/256 lies between 1 and 1 + 2/256, its two neighbours in bfloat16, and nearer to the second.
    const x = tf.concat([tf.ones([size, 1]), tf.fill([size, 1], 1.5 / 256), tf.zeros([size, size - 2])], 1);
    const y = ones.product(x as tf.Tensor2D, false).dataSync();
    ones.dispose();
    return y.every((value) => value === 1 + 2 / 256);
  });
  return nearest;
}
