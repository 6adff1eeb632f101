/** Products in bfloat16 against the same products of numbers that were rounded by hand, and a model in that mode. */
import { describe, expect, test } from 'vitest';
import { bf16Product, toBf16 } from '../../src/engine/ops/bf16Product';
import { countNativeTensors, freeNative, openEngine, tf } from '../../src/engine/tf';
import { Parameter } from '../../src/nn/parameter';

await openEngine();

/** To the nearest number with 8 bits of mantissa, ties to even. */
function rounded(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.slice().buffer);
  bits.forEach((b, i) => (bits[i] = (b + 0x7fff + ((b >>> 16) & 1)) & 0xffff0000));
  return new Float32Array(bits.buffer);
}

describe('bf16Product', () => {
  test.each([
    ['x·w', false],
    ['x·wᵀ', true],
  ])('%s is the product of the rounded numbers, rounded', (_, transpose) => {
    const before = tf.memory().numTensors;
    const nativeBefore = countNativeTensors();
    const [N, K, M] = [7, 40, 5];
    const x = tf.randomNormal<tf.Rank.R2>([N, K], 0, 1, 'float32', 1);
    const w = tf.randomNormal<tf.Rank.R2>(transpose ? [M, K] : [K, M], 0, 1, 'float32', 2);
    const inBf16 = toBf16(w);
    const y = bf16Product(x, inBf16, transpose);
    expect(y.shape).toEqual([N, M]);
    const product = tf.tidy(() =>
      tf.matMul(
        tf.tensor2d(rounded(x.dataSync<'float32'>()), [N, K]),
        tf.tensor2d(rounded(w.dataSync<'float32'>()), w.shape),
        false,
        transpose,
      ),
    );
    const exact = product.dataSync();
    y.dataSync<'float32'>().forEach((value, i) => {
      expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(Math.abs(exact[i]!) / 128 + 1e-5);
    });
    freeNative(inBf16);
    tf.dispose([x, w, y, product]);
    expect(tf.memory().numTensors).toBe(before);
    expect(countNativeTensors()).toBe(nativeBefore);
  });

  test('a parameter rounds its value once, and again when it was assigned', () => {
    const nativeBefore = countNativeTensors();
    const parameter = new Parameter('w', { role: 'base' }, tf.tensor2d([[1, 2]]));
    const one = tf.tensor2d([[1, 1]]);
    const product = () => tf.tidy(() => bf16Product(one, parameter.inBf16, true).dataSync()[0]);
    expect(product()).toBe(3);
    expect(countNativeTensors()).toBe(nativeBefore + 1);
    parameter.assign(tf.tensor2d([[4, 8]]));
    expect(product()).toBe(12);
    parameter.dispose();
    one.dispose();
    expect(countNativeTensors()).toBe(nativeBefore);
  });
});
