import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { openQ4File } from '../../src/models/embedded/q4File';
import { embeddedTokenizer } from '../../src/tokenizers/embeddedTokenizer';
import { loadTokenizer } from '../../src/tokenizers/loadTokenizer';
import { piecesOf } from '../../src/tokenizers/pieces';
import { sentencePieceText } from '../../src/tokenizers/sentencePieceText';
import { unigramModel } from '../../src/tokenizers/unigram';
import { embeddedModelPath } from './embedded';
import {
  differing,
  expectPairs,
  goldenFolder,
  offsetsOf,
  readGolden,
  type GoldenPairs,
  type GoldenText,
} from './golden';
import type { Offsets } from './golden';

/** Where a text begins with a deleted character, Rust counts all offsets from there one too low. */
const RUST_OFFSETS_OFF = ['\\u0001a', '\\u0001 a'];

describe('the best segmentation', () => {
  const texts = [
    '<s>',
    '<pad>',
    '</s>',
    '<unk>',
    '<mask>',
    '▁',
    'a',
    'b',
    'ab',
    'ba',
    'aba',
    '▁a',
    '▁ab',
    'bab',
    '😀',
    '😀a',
  ];
  const scores = Float32Array.from(texts, (_, i) => -Math.abs(Math.sin(i * 3.7)) * 5 - 0.5);
  const special = { cls: 0, pad: 1, sep: 2, unk: 3, mask: 4 };
  const rules = { dummyPrefix: true, removeExtraSpaces: true, spaceOffsets: 'space' } as const;
  const leastScore = Math.min(...scores.subarray(5));
  const model = unigramModel({
    pieces: piecesOf(texts),
    scores,
    leastScore,
    special,
    normalise: sentencePieceText(() => undefined, rules),
    excluded: new Set([0, 1, 2, 3, 4]),
  });

  /** Every way to split a text into pieces and single unknown characters, the slow way: the best total. */
  function bestTotal(text: string): number {
    if (text === '') return 0;
    const [first = ''] = [...text];
    const ways = texts.flatMap((piece, id) =>
      id > 4 && text.startsWith(piece) ? [scores[id]! + bestTotal(text.slice(piece.length))] : [],
    );
    if (!texts.includes(first)) ways.push(leastScore - 10 + bestTotal(text.slice(first.length)));
    return Math.max(...ways);
  }

  test('is as good as the best of all segmentations', () => {
    const random = randomStream(5, 'segmentations');
    for (let i = 0; i < 300; i++) {
      const text = Array.from(
        { length: 1 + random.integer(9) },
        () => ['a', 'b', '😀', ' ', 'z'][random.integer(5)]!,
      ).join('');
      const encoding = model.encode(text);
      const normalised = text.trim() === '' ? '' : `▁${text.trim().replace(/ +/g, '▁')}`;
      // An unknown token is a run of unknown characters: z each.
      const total = Array.from(encoding.ids).reduce((sum, id, k) => {
        const length = encoding.ends[k]! - encoding.starts[k]!;
        return sum + (id === special.unk ? length * (leastScore - 10) : scores[id]!);
      }, 0);
      expect(total, normalised).toBeCloseTo(bestTotal(normalised), 3);
      expect(model.decode(encoding.ids).replaceAll(' ⁇ ', 'z').replace(/z+/g, 'z')).toBe(
        normalised.slice(1).replaceAll('▁', ' ').replace(/z+/g, 'z'),
      );
    }
  });
});

describe('a small XLM-R, by SentencePiece and by the Hugging Face tokenizers', () => {
  const golden = readGolden<
    GoldenPairs & { slowPairs: { first: string; second: string; ids: number[]; typeIds: number[] }[] }
  >('xlmr-small/golden.json');

  test.each(['sentencepiece.bpe.model', 'tokenizer.json'])('%s', (file) => {
    const tokenizer = loadTokenizer(join(goldenFolder, 'xlmr-small'), { file });
    expect(tokenizer.special).toEqual({ cls: 0, pad: 1, sep: 2, unk: 3, mask: tokenizer.vocabularySize - 1 });
    expect(differing(tokenizer, golden.texts, 'ids')).toEqual([]);
    const offsets = differing(tokenizer, golden.texts, 'offsets');
    expect(offsets.filter((text) => !/^\\u(0001|00ad)/.test(text))).toEqual(RUST_GRAPHEME);
    expectPairs(tokenizer, golden);
    for (const { first, second, ids, typeIds } of golden.slowPairs) {
      const pair = tokenizer.pair(first, second);
      expect([...pair.ids]).toEqual(ids);
      expect([...pair.typeIds]).toEqual(typeIds);
    }
  });
  /** ▁ and a combining mark are one character to a reader, which Rust replaces, mark and all, by a space. */
  const RUST_GRAPHEME = ['\\u0915\\u2581\\u0323\\u4ed6\\u0441\\u0915\\u093f\\u0628\\u309a>\\u4e0a\\u043d\\u0323'];
});

describe('a small DeBERTa with byte fallback', () => {
  const golden = readGolden<{
    texts: GoldenText[];
    special: Record<string, number>;
    slowPairs: { first: string; second: string; ids: number[]; typeIds: number[] }[];
  }>('deberta-small/golden.json');
  const tokenizer = loadTokenizer(join(goldenFolder, 'deberta-small'));

  test('ids, special ids, pairs', () => {
    expect(tokenizer.special).toEqual(golden.special);
    expect(differing(tokenizer, golden.texts, 'ids')).toEqual([]);
    for (const { first, second, ids, typeIds } of golden.slowPairs) {
      const pair = tokenizer.pair(first, second);
      expect([...pair.ids]).toEqual(ids);
      expect([...pair.typeIds]).toEqual(typeIds);
    }
  });

  test('offsets, but for spaces at the beginning, which Rust strips first', () => {
    expect(differing(tokenizer, golden.texts, 'offsets')).toEqual([' a', '  a  b  ', ...RUST_OFFSETS_OFF]);
  });

  test('every byte of a character has the place of the character, and bytes decode to it', () => {
    const text = 'e 𐎠 e';
    const encoding = tokenizer.encode(text);
    const bytes = Array.from(encoding.ids, (id) => tokenizer.token(id)).flatMap((token, i) =>
      /^<0x(..)>$/.test(token) ? [[token, encoding.starts[i], encoding.ends[i]]] : [],
    );
    expect(bytes).toEqual(['<0xF0>', '<0x90>', '<0x8E>', '<0xA0>'].map((byte) => [byte, 2, 4]));
    expect(tokenizer.decode(encoding.ids)).toBe(text);
  });

  test('a fixed piece is one token', () => {
    const { ids } = tokenizer.encode('the [URL] of');
    expect(Array.from(ids, (id) => tokenizer.token(id))).toContain('[URL]');
  });
});

const path = embeddedModelPath();
describe.skipIf(!existsSync(path))("XLM-R's vocabulary (skipped where the embedded model is not fetched)", () => {
  const stored = openQ4File(path).tokenizer;
  const golden = readGolden<(GoldenText & { wordOffsets?: Offsets })[]>('xlmr.json');

  test('ids are those of SentencePiece, offsets those of Rust where the ids are the same', () => {
    const tokenizer = embeddedTokenizer(stored);
    expect(golden.length).toBeGreaterThan(300);
    expect(differing(tokenizer, golden, 'ids')).toEqual([]);
    const offsets = differing(tokenizer, golden, 'offsets');
    expect(offsets.filter((text) => !text.startsWith('\\u0001'))).toEqual([]);
    expect(offsets.length).toBeLessThan(5);
  });

  test('offsets that leave the space out, as after a split at white space', () => {
    const tokenizer = embeddedTokenizer(stored, { spaceOffsets: 'word' });
    const rows = golden.filter(({ wordOffsets }) => wordOffsets !== undefined);
    expect(rows.length).toBeGreaterThan(200);
    const different = rows.filter(
      ({ text, wordOffsets }) => JSON.stringify(offsetsOf(tokenizer.encode(text))) !== JSON.stringify(wordOffsets),
    );
    expect(different.map(({ text }) => text).filter((text) => !text.startsWith('\u0001'))).toEqual([]);
  });

  test('loads in under 1.5 s, and encodes more than 150,000 tokens/s (processor time)', () => {
    const seconds = (work: () => void): number => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    expect(seconds(() => embeddedTokenizer(stored))).toBeLessThan(1.5);
    const tokenizer = embeddedTokenizer(stored);
    const texts = golden.map(({ text }) => text);
    const encodeAll = () => texts.reduce((sum, text) => sum + tokenizer.encode(text).ids.length, 0);
    encodeAll();
    let tokens = 0;
    const time = seconds(() => {
      for (let round = 0; round < 20; round++) tokens += encodeAll();
    });
    expect(tokens / time).toBeGreaterThan(150_000);
  });
});
