import { describe, expect, test } from 'vitest';
import { decodeInto, encode } from '../../../src/models/formats/dtype';
import { randomStream } from '../../../src/engine/random';

const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** The value of a half by the definition of IEEE 754. */
function halfByDefinition(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction / 1024 : 1 + fraction / 1024) * 2 ** (Math.max(exponent, 1) - 15);
}

const everyHalf = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

describe('16-bit floats', () => {
  test('every half reads as its definition says, and is written back with the same bits', () => {
    const floats = new Float32Array(65536);
    decodeInto(floats, 0, bytesOf(everyHalf), 'F16');
    expect(floats).toEqual(Float32Array.from(everyHalf, halfByDefinition));
    const back = new Uint16Array(encode(floats, 'F16').buffer);
    const nan = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 1023) !== 0;
    expect(everyHalf.filter((bits) => !nan(bits) && back[bits] !== bits)).toEqual(new Uint16Array(0));
  });

  test('a float32 is written as the nearest half, ties to even', () => {
    const random = randomStream(5, 'halves');
    const values = Array.from({ length: 400 }, () => random.normal() * 10 ** (10 * random.uniform() - 8));
    const ties = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25, 65519, 65520, -65520, 2 ** -26];
    const floats = Float32Array.from([...values, ...ties]);
    const halves = new Uint16Array(encode(floats, 'F16').buffer);
    const positive = everyHalf.subarray(0, 0x7c01);
    floats.forEach((value, i) => {
      const size = Math.abs(value);
      // oracle: the two neighbours by linear search, infinity standing for 2^16
      const at = (bits: number) => (bits === 0x7c00 ? 65536 : halfByDefinition(bits));
      const above = positive.findIndex((bits) => at(bits) >= size);
      const upper = above < 0 ? 0x7c00 : above;
      const lower = Math.max(upper - 1, 0);
      const down = size - at(lower);
      const up = at(upper) - size;
      const nearest = at(upper) === size ? upper : down < up || (down === up && lower % 2 === 0) ? lower : upper;
      expect([value, halves[i]]).toEqual([value, nearest | (value < 0 ? 0x8000 : 0)]);
    });
  });

  test('bfloat16 is the rounded upper half of a float32', () => {
    const floats = Float32Array.from([1, -2.5, 3.1415927, 1e-40, Infinity, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.4e38]);
    const back = new Float32Array(floats.length);
    decodeInto(back, 0, encode(floats, 'BF16'), 'BF16');
    expect([...back].slice(0, 3)).toEqual([1, -2.5, 3.140625]);
    expect([...back].slice(4)).toEqual([Infinity, 1, 1 + 2 ** -6, Infinity]);
    expect(encode(Float32Array.of(NaN), 'BF16')[1]! & 0x7f).toBe(0x7f);
  });
});

describe('integers', () => {
  test.each([
    ['I64', BigInt64Array.from([-5n, 7n, -2147483648n, 2147483647n]), [-5, 7, -2147483648, 2147483647]],
    ['I32', Int32Array.from([-5, 7]), [-5, 7]],
    ['I16', Int16Array.from([-5, 7]), [-5, 7]],
    ['I8', Int8Array.from([-5, 7]), [-5, 7]],
    ['U8', Uint8Array.from([251, 7]), [251, 7]],
    ['BOOL', Uint8Array.from([1, 0]), [1, 0]],
  ] as const)('%s', (dtype, stored, expected) => {
    const values = new Int32Array(expected.length);
    decodeInto(values, 0, bytesOf(stored), dtype);
    expect([...values]).toEqual(expected);
  });

  test('an I64 beyond int32 is an error, not a wrapped number', () => {
    const large = bytesOf(BigInt64Array.from([2147483648n]));
    expect(() => decodeInto(new Int32Array(1), 0, large, 'I64')).toThrow('beyond the range of int32: 2147483648');
  });

  test('F64 is rounded to float32', () => {
    const values = new Float32Array(1);
    decodeInto(values, 0, bytesOf(Float64Array.of(0.1)), 'F64');
    expect(values[0]).toBe(Math.fround(0.1));
  });
});
