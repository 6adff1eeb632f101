/** Tokens with their places: what every tokenizer gives, and how encodings are cut and put together. */

/** Tokens of a text, a pair, or one window of a pair. All arrays have one entry a token. */
export interface Encoding {
  readonly ids: Int32Array;
  /** UTF-16 index in its own text at which a token starts; −1 for special tokens. */
  readonly starts: Int32Array;
  /** UTF-16 index at which a token ends (exclusive); −1 for special tokens. */
  readonly ends: Int32Array;
  /** Which text a token is from: 0, 1, or −1 for special tokens. */
  readonly sequence: Int8Array;
  /** Token type (segment) ids. */
  readonly typeIds: Int32Array;
}

/** An encoding of `length` tokens of the first text, to be filled. */
export function emptyEncoding(length: number): Encoding {
  return {
    ids: new Int32Array(length),
    starts: new Int32Array(length),
    ends: new Int32Array(length),
    sequence: new Int8Array(length),
    typeIds: new Int32Array(length),
  };
}

/** Tokens `from` … `to` − 1; the arrays are views. */
export function sliceEncoding(encoding: Encoding, from: number, to: number): Encoding {
  return {
    ids: encoding.ids.subarray(from, to),
    starts: encoding.starts.subarray(from, to),
    ends: encoding.ends.subarray(from, to),
    sequence: encoding.sequence.subarray(from, to),
    typeIds: encoding.typeIds.subarray(from, to),
  };
}
