import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/engine/errors';
import { randomStream } from '../../../src/engine/random';
import { openQ4File } from '../../../src/models/embedded/q4File';
import { bertName, loadQ4Weights } from '../../../src/models/embedded/q4Names';
import { PIECES, SMALL, TENSORS, smallQ4 } from './smallQ4';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'q4-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function open(bytes: Uint8Array) {
  const path = join(folder, 'model.bin');
  writeFileSync(path, bytes);
  return openQ4File(path);
}

describe('a small file', () => {
  const { bytes, values } = smallQ4();

  test('gives back its sizes and tensors', () => {
    const file = open(bytes);
    expect(file.config).toEqual({ ...SMALL, layerNormEpsilon: Math.fround(1e-12) });
    expect(file.names).toEqual(TENSORS.map(([name]) => name));
    for (const [name, shape] of TENSORS) {
      expect(file.shape(name)).toEqual(shape);
      expect([...file.tensor(name)], name).toEqual(values.get(name));
    }
  });

  test('gives back its tokenizer', () => {
    const { pieces, scores, bos, pad, eos, unk, normaliser } = open(bytes).tokenizer;
    const text = new TextDecoder();
    const at = (id: number) => text.decode(pieces.bytes.subarray(pieces.offsets[id], pieces.offsets[id + 1]));
    expect(PIECES.map((_, id) => at(id))).toEqual(PIECES);
    expect([...scores]).toEqual(PIECES.map((_, id) => -id / 2));
    expect([bos, pad, eos, unk]).toEqual([0, 1, 2, 3]);
    expect([...normaliser.codePoints]).toEqual([1, 9, 0xbd]);
    expect([...normaliser.offsets]).toEqual([0, 0, 1, 4]);
    expect([...normaliser.replacements]).toEqual([32, 0x31, 0x2044, 0x32]);
  });

  test('rows of the embedding table are those of the dequantised matrix', () => {
    const file = open(bytes);
    const all = file.tensor('emb.word');
    const ids = [3, 0, 13, 3];
    expect([...file.embeddingTable().lookup(ids)]).toEqual(
      ids.flatMap((id) => [...all.subarray(id * 32, id * 32 + 32)]),
    );
  });

  test("weights go by BERT's names", () => {
    const weights = loadQ4Weights(open(bytes));
    expect(weights.size).toBe(TENSORS.length - 1);
    expect(weights.get('encoder.layer.0.attention.self.query.weight')?.shape).toEqual([32, 32]);
    expect(weights.get('encoder.layer.0.intermediate.dense.weight')?.shape).toEqual([64, 32]);
    expect([...weights.get('encoder.layer.0.output.LayerNorm.bias')!.data]).toEqual(values.get('l0.oln.b'));
    expect(weights.has('embeddings.word_embeddings.weight')).toBe(false);
    expect(bertName('l3.ao.b')).toBe('encoder.layer.3.attention.output.dense.bias');
    expect(() => bertName('l3.xx.b')).toThrow(UserError);
  });
});

describe('a file that is not whole', () => {
  const { bytes, dataStart } = smallQ4();

  test('a missing file is named', () => {
    expect(() => openQ4File(join(folder, 'none.bin'))).toThrow(/none\.bin.*npm start/s);
  });

  test('cut anywhere, it is refused', () => {
    for (let length = 0; length < bytes.length; length += 23) {
      expect(() => open(bytes.subarray(0, length)), `${length} bytes`).toThrow(UserError);
    }
    expect(() => open(bytes.subarray(0, bytes.length - 1))).toThrow(/damaged/);
  });

  test('1,500 seeded mutations of header, tokenizer and table end in an error or a read, quickly', () => {
    const random = randomStream(1, 'q4 mutations');
    let refused = 0;
    for (let i = 0; i < 1500; i++) {
      const mutated = Buffer.from(bytes);
      for (let change = 0; change <= random.integer(3); change++)
        mutated[random.integer(dataStart)] = random.integer(256);
      try {
        const file = open(mutated);
        file.embeddingTable().lookup([0, file.config.vocabularySize - 1]);
        loadQ4Weights(file);
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  test('huge lengths are refused before anything is allocated', () => {
    // The number of pieces, the length of the pieces, the number of normaliser records come at known places.
    const pieces = Buffer.from(bytes);
    pieces.writeInt32LE(0x7fffffff, 44);
    expect(() => open(pieces)).toThrow(/2147483647 pieces/);
    const length = Buffer.from(bytes);
    length.writeBigUInt64LE(1n << 60n, 64);
    expect(() => open(length)).toThrow(UserError);
    const layers = Buffer.from(bytes);
    layers.writeInt32LE(1000, 12);
    expect(() => open(layers)).toThrow(/tensors/);
  });

  test('weights with an infinite scale are refused', () => {
    const infinite = Buffer.from(bytes);
    infinite.writeUInt16LE(0x7c00, dataStart);
    expect(() => open(infinite)).toThrow(/emb\.word is not finite/);
  });
});
