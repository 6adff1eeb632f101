/**
 * Matrix products in bfloat16, of float32 tensors: both sides are rounded to 8 bits of mantissa, products are summed in
 * float32, and the result is rounded once more. Twice as fast as float32 or more where the processor has instructions
 * for it (AVX512-BF16, AMX) or the GPU does.
 */
import { adoptNative, freeNative, runNativeOp, tf, type NativeTensor } from '../tf';

/** The matrix in bfloat16; to be freed with `freeNative`. */
export function toBf16(x: tf.Tensor): NativeTensor {
  return runNativeOp('Cast', { SrcT: 'float32', DstT: 'bfloat16', Truncate: false }, [x]);
}

/** x [N, K] · w [K, M], or · wᵀ with w [M, K] → [N, M] in float32. */
export function bf16Product(x: tf.Tensor2D, w: NativeTensor, transposeW: boolean): tf.Tensor2D {
  const rounded = toBf16(x);
  // BatchMatMulV2 takes matrices as well, and is never slower than MatMul here.
  const product = runNativeOp('BatchMatMulV2', { T: 'bfloat16', adj_x: false, adj_y: transposeW }, [rounded, w]);
  const y = adoptNative<tf.Tensor2D>(
    runNativeOp('Cast', { SrcT: 'bfloat16', DstT: 'float32', Truncate: false }, [product]),
  );
  freeNative(rounded);
  freeNative(product);
  return y;
}
