import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { bertWords, characterClass } from '../../src/tokenizers/bertText';
import { loadTokenizer } from '../../src/tokenizers/loadTokenizer';
import { wordPieceModel } from '../../src/tokenizers/wordPiece';
import { differing, escaped, expectPairs, goldenFolder, readGolden, type GoldenPairs } from './golden';

const folder = join(goldenFolder, 'bert-small');

describe('a small cased BERT, by the Hugging Face tokenizers', () => {
  const golden = readGolden<GoldenPairs>('bert-small/golden.json');

  test.each([
    ['vocab.txt', folder],
    ['tokenizer.json', join(folder, 'json')],
  ])('%s', (_, from) => {
    const tokenizer = loadTokenizer(from);
    expect(tokenizer.special).toEqual({ cls: 2, sep: 3, pad: 0, unk: 1, mask: 4 });
    expect(golden.texts.length).toBeGreaterThan(300);
    // Special tokens written out in a text: Rust takes them for the tokens, here they are characters.
    expect(differing(tokenizer, golden.texts, 'ids')).toEqual(['[UNK] [CLS] [MASK]']);
    expect(differing(tokenizer, golden.texts, 'offsets')).toEqual(['[UNK] [CLS] [MASK]']);
    expectPairs(tokenizer, golden);
  });

  test('more than 150,000 tokens/s (processor time)', () => {
    const tokenizer = loadTokenizer(folder);
    const encodeAll = () => golden.texts.reduce((sum, { text }) => sum + tokenizer.encode(text).ids.length, 0);
    encodeAll();
    const before = process.cpuUsage();
    let tokens = 0;
    for (let round = 0; round < 20; round++) tokens += encodeAll();
    const { user, system } = process.cpuUsage(before);
    expect(tokens / ((user + system) / 1e6)).toBeGreaterThan(150_000);
  });
});

describe('what a code point is', () => {
  /**
   * Became punctuation or format characters after Unicode 8, which is what the Hugging Face tokenizers go by; two were
   * punctuation then. First and last of each range.
   */
  const AFTER_UNICODE_8 = [
    '61d 890-891 8e2 9fd a76 c77 c84 1b4e-1b4f 1b7d-1b7f 2e43-2e5d 10d6e 10ead 10ed0 10f55-10f59 10f86-10f89 110cd',
    '113d4-113d8 1144b-1145d 11660-1166c 116b9 1183b 11944-11946 119e2 11a3f-11a46 11a9a-11aa2 11b00-11b09 11be1',
    '11c41-11c45 11c70-11c71 11ef7-11ef8 11f43-11f4f 11fff 12ff1-12ff2 13430-1343f 16d6d-16d6f 16e97-16e9a 16fe2',
    '1e5ff 1e95e-1e95f 166d 111c9',
  ]
    .join(' ')
    .split(' ')
    .map((range) => range.split('-').map((point) => parseInt(point, 16)))
    .map(([from = 0, to = from]) => [from, to] as const);

  test('is what it is in the Hugging Face tokenizers, but for what Unicode added since version 8', () => {
    const golden = readGolden<Record<'dropped' | 'space' | 'alone', [number, number][]>>('bert-classes.json');
    const classes = new Array<string>(0x110000).fill('letter');
    for (const [kind, ranges] of Object.entries(golden))
      for (const [from, to] of ranges) classes.fill(kind, from, to + 1);
    const different: number[] = [];
    for (let point = 0; point < 0x110000; point++) {
      if (point >= 0xd800 && point < 0xe000) continue;
      if (characterClass(point) !== classes[point]) different.push(point);
    }
    const unexplained = different.filter(
      (point) => !AFTER_UNICODE_8.some(([from, to]) => point >= from && point <= to),
    );
    expect(unexplained.map((point) => point.toString(16))).toEqual([]);
  });

  test('words with their places', () => {
    const text = 'Ça\u0001va?我 e\u0301';
    const { bounds, units, starts, ends } = bertWords(text);
    const words = bounds.slice(1).map((to, i) => {
      const from = bounds[i]!;
      return [escaped(String.fromCharCode(...units.slice(from, to))), starts[from], ends[to - 1]];
    });
    expect(words).toEqual([
      ['\\u00c7ava', 0, 5],
      ['?', 5, 6],
      ['\\u6211', 6, 7],
      ['e\\u0301', 8, 10],
    ]);
  });
});

test('longest match first, against the slow obvious way', () => {
  const pieces = [
    '[PAD]',
    '[UNK]',
    '[CLS]',
    '[SEP]',
    '[MASK]',
    'a',
    'ab',
    'b',
    '##a',
    '##b',
    '##ba',
    '##bab',
    'c',
    'ca',
    '😀',
  ];
  const special = { pad: 0, unk: 1, cls: 2, sep: 3, mask: 4 };
  const model = wordPieceModel({ pieces, special, longestWord: 6 });

  function slowly(word: string): string[] {
    if ([...word].length > 6) return ['[UNK]'];
    const out: string[] = [];
    for (let start = 0; start < word.length;) {
      let end = word.length;
      const piece = () => (start > 0 ? '##' : '') + word.slice(start, end);
      while (end > start && !pieces.slice(5).includes(piece())) end--;
      if (end === start) return ['[UNK]'];
      out.push(piece());
      start = end;
    }
    return out;
  }

  const random = randomStream(3, 'words');
  for (let i = 0; i < 500; i++) {
    const word = Array.from(
      { length: 1 + random.integer(8) },
      () => ['a', 'b', 'b', 'a', 'c', '😀'][random.integer(6)]!,
    ).join('');
    expect(
      Array.from(model.encode(word).ids, (id) => model.token(id)),
      word,
    ).toEqual(slowly(word));
  }
});

test('decoding joins the pieces of a word', () => {
  const tokenizer = loadTokenizer(folder);
  const text = 'The baker sold nine loaves';
  expect(tokenizer.decode(tokenizer.single(text).ids)).toBe(text);
});
