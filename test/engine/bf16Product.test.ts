/** Products in bfloat16 against the same products of numbers that were rounded by hand, and a model in that mode. */
import { describe, expect, test } from 'vitest';
import {
  float32Matrix,
  nativeMatrix,
  roundsToNearest,
  roundToBf16,
  roundToBf16Composed,
  toBf16,
} from '../../src/engine/ops/bf16Product';
import { countNativeTensors, openEngine, runOp, tf } from '../../src/engine/tf';
import { Parameter } from '../../src/nn/parameter';

await openEngine();

/** To the nearest number with 8 bits of mantissa, ties to even. */
function rounded(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.slice().buffer);
  bits.forEach((b, i) => (bits[i] = (b + 0x7fff + ((b >>> 16) & 1)) & 0xffff0000));
  return new Float32Array(bits.buffer);
}

/**
 * Every rounding that there is: to both sides, to even in a tie, over the end of the exponents, of no number at all.
 */
const specialValues = Float32Array.from([
  ...[0, -0, 1, -1, Infinity, -Infinity, NaN, 3.4028234e38, -3.4028234e38, 3.39e38, 1e-45, -1e-45, 1e-40, 1.18e-38],
  ...[1, 1.5, 2, 2.5, 3, 3.5].map((halves) => 1 + halves / 256),
  ...[1, 2, 3, 5].flatMap((halves) => [-1, 1].map((side) => -(1 + halves / 256 + side * 2 ** -23))),
]);

test.each([
  ['as the engine does it', roundToBf16],
  ["by TensorFlow's casts", roundToBf16Composed],
])('rounding, %s: the bits of rounding by hand', (_, round) => {
  const normals = tf.randomNormal<tf.Rank.R1>([1001], 0, 1, 'float32', 3);
  const scales = tf.randomUniform<tf.Rank.R1>([1001], -80, 80, 'float32', 4);
  const values = Float32Array.from([...specialValues, ...tf.mul(normals, tf.exp(scales)).dataSync()]);
  const bits = (array: Float32Array) => [...new Uint32Array(array.slice().buffer)];
  const x = tf.tensor2d(values, [1, values.length]);
  const y = round(x).dataSync<'float32'>();
  const isNumber = (_: number, i: number) => !Number.isNaN(values[i]);
  expect(bits(y).filter(isNumber)).toEqual(bits(rounded(values)).filter(isNumber));
  expect([...y].filter(Number.isNaN)).toHaveLength(1);
});

test('an operation that TensorFlow does not know: the error says how to build those of the project', () => {
  expect(() => runOp('FunOfTomorrow', {}, [tf.ones([1])])).toThrow(/"FunOfTomorrow".*older sources: run npm start/);
});

const roundedTensor = (x: tf.Tensor2D): tf.Tensor2D => tf.tensor2d(rounded(x.dataSync<'float32'>()), x.shape);

/** x, w, and their product: in bfloat16 as `make` computes it, and in float32 of the numbers rounded by hand. */
function products(make: typeof toBf16, [N, K, M]: readonly [number, number, number], transpose: boolean) {
  const x = tf.randomNormal<tf.Rank.R2>([N, K], 0, 1, 'float32', 1);
  const w = tf.randomNormal<tf.Rank.R2>(transpose ? [M, K] : [K, M], 0, 1, 'float32', 2);
  const matrix = make(w);
  const y = matrix.product(x, transpose);
  const exact = tf.tidy(() => tf.matMul(roundedTensor(x), roundedTensor(w), false, transpose));
  expect(y.shape).toEqual([N, M]);
  const values = { y: y.dataSync<'float32'>(), exact: exact.dataSync<'float32'>() };
  matrix.dispose();
  tf.dispose([x, w, y, exact]);
  return values;
}

const encoderSizes: [number, number, number][] = [
  [400, 384, 384],
  [400, 384, 1536],
  [400, 1536, 384],
];

describe.each([
  ['x·w', false],
  ['x·wᵀ', true],
])('%s', (_, transpose) => {
  test.each([nativeMatrix, float32Matrix])('%o: the product of the rounded numbers, to 8 bits', (make) => {
    const before = tf.memory().numTensors;
    const nativeBefore = countNativeTensors();
    const { y, exact } = products(make, [7, 40, 5], transpose);
    y.forEach((value, i) => expect(Math.abs(value - exact[i]!)).toBeLessThanOrEqual(Math.abs(exact[i]!) / 128 + 1e-5));
    expect(tf.memory().numTensors).toBe(before);
    expect(countNativeTensors()).toBe(nativeBefore);
  });

  // A product that truncates is off by up to 1/128, and by 1/370 on average, always towards zero.
  test.each(encoderSizes)(
    'of the sizes of an encoder, [%i, %i] and %i columns, it is rounded to the nearest number, on every processor',
    (...size) => {
      const { y, exact } = products(toBf16, size, transpose);
      const scale = exact.reduce((sum, value) => sum + Math.abs(value), 0);
      const drift = y.reduce((sum, value, i) => sum + Math.sign(exact[i]!) * (value - exact[i]!), 0) / scale;
      const excess = y.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - exact[i]!) - Math.abs(exact[i]!) / 256),
        0,
      );
      expect(excess).toBeLessThan(1e-4);
      expect(Math.abs(drift)).toBeLessThan(1e-4);
    },
  );
});

test('the two ways give the same numbers where TensorFlow rounds, and differ where it does not', () => {
  const size = [64, 384, 384] as const;
  const [native, inFloat32] = [nativeMatrix, float32Matrix].map((make) => products(make, size, true).y);
  const differ = native!.filter((value, i) => Math.abs(value - inFloat32![i]!) > Math.abs(value) / 512).length;
  if (roundsToNearest()) expect(differ / native!.length).toBeLessThan(0.01);
  else expect(differ / native!.length).toBeGreaterThan(0.3);
});

test('a product that fails leaves nothing behind', () => {
  const before = countNativeTensors();
  const matrix = nativeMatrix(tf.ones([4, 4]));
  for (let i = 0; i < 3; i++) expect(() => matrix.product(tf.ones([2, 3]), false)).toThrow();
  matrix.dispose();
  expect(countNativeTensors()).toBe(before);
});

test('a parameter rounds its value once, and again when it was assigned', () => {
  const counts = () => [tf.memory().numTensors, countNativeTensors()];
  const before = counts();
  const parameter = new Parameter('w', { role: 'base' }, tf.tensor2d([[1, 2]]));
  const one = tf.tensor2d([[1, 1]]);
  const product = () => tf.tidy(() => parameter.inBf16.product(one, true).dataSync()[0]);
  expect(product()).toBe(3);
  const rounded = counts();
  expect(product()).toBe(3);
  expect(counts()).toEqual(rounded);
  parameter.assign(tf.tensor2d([[4, 8]]));
  expect(product()).toBe(12);
  expect(counts()).toEqual(rounded);
  parameter.dispose();
  one.dispose();
  expect(counts()).toEqual(before);
});
