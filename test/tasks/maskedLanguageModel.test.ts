import { describe, expect, test } from 'vitest';
import { maskedLanguageModel, packLines } from '../../src/tasks/maskedLanguageModel';
import { encodeAll } from '../../src/tasks/task';
import { wordTokenizer } from './wordTokenizer';

describe('packed sequences', () => {
  test('hold all tokens in order, cls first, sep between lines and last', () => {
    const packed = packLines(['a b', 'c d e f', '', 'g'], wordTokenizer(), 6);
    expect(packed.map((ids) => [...ids])).toEqual([
      [0, 10, 11, 2, 12, 2],
      [0, 13, 14, 15, 2],
      [0, 16, 2],
    ]);
  });

  test('only the last one is shorter than the maximum', () => {
    const lines = Array.from({ length: 50 }, (_, i) => `x${i} y z`.repeat(1 + (i % 4)));
    const tokenizer = wordTokenizer();
    const packed = packLines(lines, tokenizer, 16);
    expect(packed.slice(0, -1).every(({ length }) => length >= 15)).toBe(true);
    const ids = packed.flatMap((sequence) => [...sequence].filter((id) => id >= 10));
    expect(ids).toEqual(lines.flatMap((line) => [...tokenizer.encode(line).ids]));
  });

  test('text without tokens is refused', () => {
    expect(() => packLines([' '], wordTokenizer(), 16)).toThrow(/no tokens/);
  });
});

describe('masking', () => {
  const tokenizer = wordTokenizer();
  const lines = Array.from({ length: 2000 }, (_, i) => `v${i % 97} w${i % 89} x${i % 83} y z`);
  const packed = packLines(lines, tokenizer, 64);
  const encode = (seed: number, epoch: number) =>
    encodeAll(maskedLanguageModel, packed, tokenizer, { maskProbability: 0.15, seed, epoch });

  test('15% of the tokens: 80% masked, 10% random, 10% unchanged; labels are the original ids', () => {
    let text = 0;
    const counts = { chosen: 0, masked: 0, unchanged: 0 };
    encode(1, 0).forEach(({ sequences, target }, i) => {
      if (target.kind !== 'tokens') throw new Error(target.kind);
      text += packed[i]!.filter((id) => id >= 10).length;
      counts.chosen += target.positions.length;
      target.positions.forEach((position, k) => {
        const id = sequences[0]!.ids[position];
        expect(target.labels[k]).toBe(packed[i]![position]);
        expect(target.labels[k]).toBeGreaterThanOrEqual(10);
        if (id === tokenizer.special.mask) counts.masked++;
        if (id === target.labels[k]) counts.unchanged++;
      });
      const untouched = [...packed[i]!.keys()].filter((position) => !target.positions.includes(position));
      for (const position of untouched) expect(sequences[0]!.ids[position]).toBe(packed[i]![position]);
    });
    // 10,000 tokens: three standard deviations are 0.011 of the chosen share, 0.031 and 0.023 of the parts.
    expect(Math.abs(counts.chosen / text - 0.15)).toBeLessThan(0.011);
    expect(Math.abs(counts.masked / counts.chosen - 0.8)).toBeLessThan(0.031);
    expect(Math.abs(counts.unchanged / counts.chosen - 0.1)).toBeLessThan(0.024);
  });

  test('the same for the same seed and epoch, anew in the next epoch, never an empty target', () => {
    expect(encode(1, 0)).toEqual(encode(1, 0));
    expect(encode(1, 1)).not.toEqual(encode(1, 0));
    const [short] = encodeAll(maskedLanguageModel, [Int32Array.of(0, 10, 2)], tokenizer, {
      maskProbability: 0.01,
      seed: 1,
      epoch: 0,
    });
    expect(short!.target).toEqual({ kind: 'tokens', positions: Int32Array.of(1), labels: Int32Array.of(10) });
  });

  test('accuracy over the masked positions', () => {
    const settings = { maskProbability: 0.15, seed: 1, epoch: 0 };
    const encoded = encodeAll(maskedLanguageModel, packed, tokenizer, settings);
    const right = encoded.map(({ target }) => (target.kind === 'tokens' ? target.labels : new Int32Array()));
    const predictions = maskedLanguageModel.predict(right, encoded, packed, settings);
    expect(maskedLanguageModel.score(predictions[0]!, packed[0]!, 'en')).toEqual({ accuracy: 1 });
  });
});
