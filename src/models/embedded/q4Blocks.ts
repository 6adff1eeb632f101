/**
 * Q4_0 (ggml's name): blocks of 32 consecutive weights of a row, stored as one half-precision scale d and 32 four-bit
 * numbers q in 16 bytes. Byte j of a block holds weight j in its low half and weight j + 16 in its high half:
 *
 *     w[j] = ((q[j] & 15) − 8) · d        w[j + 16] = ((q[j] >> 4) − 8) · d
 */

/** Weights of one block. */
export const BLOCK_WEIGHTS = 32;
/** Bytes of one block: the scale, then the halves. */
export const BLOCK_BYTES = 2 + BLOCK_WEIGHTS / 2;

/** Every half-precision number by its bit pattern: 65,536 floats, made once. */
const HALF = (() => {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) table[bits] = fraction === 0 ? sign * Infinity : NaN;
    else if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
})();

/** Writes `blocks` blocks that begin at byte `from` of `bytes` as float32 from index `at` of `into`. */
export function dequantise(bytes: Uint8Array, from: number, blocks: number, into: Float32Array, at: number): void {
  for (let block = 0; block < blocks; block++) {
    const scale = HALF[bytes[from]! | (bytes[from + 1]! << 8)]!;
    for (let j = 0; j < 16; j++) {
      const pair = bytes[from + 2 + j]!;
      into[at + j] = ((pair & 15) - 8) * scale;
      into[at + 16 + j] = ((pair >> 4) - 8) * scale;
    }
    from += BLOCK_BYTES;
    at += BLOCK_WEIGHTS;
  }
}

/** Index of the first block whose scale is infinite or not a number, or −1: how damaged weights show themselves. */
export function firstBadScale(bytes: Uint8Array, from: number, blocks: number): number {
  for (let block = 0; block < blocks; block++) {
    // A half is infinite or NaN exactly when its five exponent bits are all set.
    if ((bytes[from + block * BLOCK_BYTES + 1]! & 0x7c) === 0x7c) return block;
  }
  return -1;
}
