/** Writes a small file in the embedded model's format, for tests: 1 layer, 32 hidden, 12 pieces. */

export const SMALL = {
  hiddenSize: 32,
  layers: 1,
  heads: 2,
  feedForwardSize: 64,
  vocabularySize: 14,
  positions: 8,
  tokenTypes: 2,
} as const;

export const PIECES = ['<s>', '<pad>', '</s>', '<unk>', '▁', 'a', 'b', 'ab', '▁a', 'é', '😀', '<mask>'];

/** Names and shapes, written out: the test's own idea of the encoder. */
const H = 32;
const F = 64;
export const TENSORS: readonly [name: string, shape: readonly number[], quantised: boolean][] = [
  ['emb.word', [14, H], true],
  ['emb.pos', [8, H], false],
  ['emb.type', [2, H], false],
  ['emb.ln.w', [H], false],
  ['emb.ln.b', [H], false],
  ...(['q', 'k', 'v', 'ao'] as const).flatMap((part): [string, number[], boolean][] => [
    [`l0.${part}.w`, [H, H], true],
    [`l0.${part}.b`, [H], false],
  ]),
  ['l0.aln.w', [H], false],
  ['l0.aln.b', [H], false],
  ['l0.fi.w', [F, H], true],
  ['l0.fi.b', [F], false],
  ['l0.fo.w', [H, F], true],
  ['l0.fo.b', [H], false],
  ['l0.oln.w', [H], false],
  ['l0.oln.b', [H], false],
];

/** Half-precision bits of 2^exponent. */
export const halfPower = (exponent: number) => (exponent + 15) << 10;

/** The file, where its tensors' data starts (emb.word is the first), and the values that each should be read as. */
export function smallQ4(): { bytes: Buffer; dataStart: number; values: Map<string, number[]> } {
  const parts: Buffer[] = [];
  const number = (write: (buffer: Buffer) => void, size: number) => {
    const buffer = Buffer.alloc(size);
    write(buffer);
    parts.push(buffer);
  };
  const i32 = (value: number) => number((b) => b.writeInt32LE(value), 4);
  const u32 = (value: number) => number((b) => b.writeUInt32LE(value), 4);
  const f32 = (value: number) => number((b) => b.writeFloatLE(value), 4);
  const u64 = (value: number) => number((b) => b.writeBigUInt64LE(BigInt(value)), 8);

  parts.push(Buffer.from('E5S1'));
  u32(1);
  for (const size of Object.values(SMALL)) i32(size);
  f32(1e-12);
  i32(32);

  for (const id of [PIECES.length, 0, 2, 1, 3]) i32(id);
  const pieces = PIECES.map((piece) => Buffer.from(piece));
  u64(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  u32(0);
  for (const piece of pieces) u32((offset += piece.length));
  PIECES.forEach((_, id) => f32(-id / 2));
  parts.push(...pieces);
  // A tab becomes a space, U+0001 nothing, ½ three characters.
  const records: [number, number[]][] = [
    [1, []],
    [9, [32]],
    [0xbd, [0x31, 0x2044, 0x32]],
  ];
  i32(records.length);
  u32(records.reduce((sum, [, to]) => sum + 5 + 4 * to.length, 0));
  for (const [from, to] of records) {
    u32(from);
    number((b) => b.writeUInt8(to.length), 1);
    to.forEach(u32);
  }

  const values = new Map<string, number[]>();
  const data = TENSORS.map(([name, shape, quantised], index) => {
    const count = shape.reduce((product, size) => product * size, 1);
    if (!quantised) {
      const floats = Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i + index)));
      values.set(name, floats);
      return Buffer.from(Float32Array.from(floats).buffer);
    }
    const blocks = Buffer.alloc((count / 32) * 18);
    const floats: number[] = [];
    for (let block = 0; block < count / 32; block++) {
      const exponent = -(block % 5) - 3;
      blocks.writeUInt16LE(halfPower(exponent), block * 18);
      const halves = Array.from({ length: 32 }, (_, j) => (block * 7 + j * 5 + index) % 16);
      for (let j = 0; j < 16; j++) blocks[block * 18 + 2 + j] = halves[j]! | (halves[j + 16]! << 4);
      floats.push(...halves.map((half) => (half - 8) * 2 ** exponent));
    }
    values.set(name, floats);
    return blocks;
  });

  const tableSize = TENSORS.reduce((sum, [name]) => sum + 2 + name.length + 1 + 4 + 8 + 8, 4);
  let at = parts.reduce((sum, part) => sum + part.length, 0) + tableSize;
  const dataStart = at;
  i32(TENSORS.length);
  TENSORS.forEach(([name, shape, quantised], index) => {
    number((b) => b.writeUInt16LE(name.length), 2);
    parts.push(Buffer.from(name));
    number((b) => b.writeUInt8(quantised ? 1 : 0), 1);
    u32(shape.reduce((product, size) => product * size, 1));
    u64(at);
    u64(data[index]!.length);
    at += data[index]!.length;
  });
  return { bytes: Buffer.concat([...parts, ...data]), dataStart, values };
}
