/**
 * Number formats of stored tensors, under their safetensors names, and their conversion to the two that we compute
 * with: every float becomes float32, every integer (and bool) int32.
 */
import { UserError } from '../../engine/errors';

/** Bytes of one number. */
export const DTYPE_BYTES = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 } as const;

export type Dtype = keyof typeof DTYPE_BYTES;

export type TensorData = Float32Array | Int32Array;

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(DTYPE_BYTES, name);
}

export function isFloat(dtype: Dtype): boolean {
  return dtype === 'F64' || dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

/**
 * Converts little-endian numbers of `dtype` in `bytes` and writes them to `target` from `start` on. F64 is rounded to
 * float32; an I64 beyond int32 is an error and never wraps.
 */
export function decodeInto(target: TensorData, start: number, bytes: Uint8Array, dtype: Dtype): void {
  const count = bytes.length / DTYPE_BYTES[dtype];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case 'F32':
    case 'I32':
      new Uint8Array(target.buffer, target.byteOffset + 4 * start, bytes.length).set(bytes);
      return;
    case 'F64':
      for (let i = 0; i < count; i++) target[start + i] = view.getFloat64(8 * i, true);
      return;
    case 'F16': {
      const table = halfTable();
      for (let i = 0; i < count; i++) target[start + i] = table[view.getUint16(2 * i, true)]!;
      return;
    }
    case 'BF16': {
      // A bfloat16 is the upper half of a float32; copied as bits, so that NaN payloads stay too.
      const bits = new Uint32Array(target.buffer, target.byteOffset + 4 * start, count);
      for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) << 16;
      return;
    }
    case 'I64':
      for (let i = 0; i < count; i++) {
        const low = view.getInt32(8 * i, true);
        const high = view.getInt32(8 * i + 4, true);
        if (high !== low >> 31)
          throw new UserError(`An I64 number is beyond the range of int32: ${view.getBigInt64(8 * i, true)}.`);
        target[start + i] = low;
      }
      return;
    case 'I16':
      for (let i = 0; i < count; i++) target[start + i] = view.getInt16(2 * i, true);
      return;
    case 'I8':
      for (let i = 0; i < count; i++) target[start + i] = view.getInt8(i);
      return;
    case 'U8':
    case 'BOOL':
      for (let i = 0; i < count; i++) target[start + i] = bytes[i]!;
      return;
  }
}

/** The bytes of `data` as `dtype`; 16-bit floats are rounded to nearest, ties to even. */
export function encode(data: TensorData, dtype: 'F32' | 'F16' | 'BF16' | 'I32' | 'I64'): Uint8Array {
  if (dtype === 'F32' || dtype === 'I32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const bytes = new Uint8Array(data.length * DTYPE_BYTES[dtype]);
  const view = new DataView(bytes.buffer);
  if (dtype === 'I64') {
    data.forEach((value, i) => view.setBigInt64(8 * i, BigInt(value), true));
    return bytes;
  }
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const round = dtype === 'F16' ? halfBits : brainBits;
  for (let i = 0; i < bits.length; i++) view.setUint16(2 * i, round(bits[i]!), true);
  return bytes;
}

let halves: Float32Array | undefined;

/** All 65,536 halves as float32 (256 kB, made once): faster than arithmetic for each number. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halves;
}

/** float32 bits → bfloat16 bits. */
function brainBits(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40; // NaN stays NaN
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** float32 bits → half bits. */
function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds beyond 65504
  if (magnitude >= 0x38800000) {
    // normal: move the exponent's bias from 127 to 15, round the 13 bits that go
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // below half of the smallest half
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  return sign | (kept + (rest > tie || (rest === tie && kept & 1) ? 1 : 0));
}
