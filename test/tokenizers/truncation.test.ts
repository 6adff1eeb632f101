import { describe, expect, test } from 'vitest';
import { emptyEncoding, type Encoding } from '../../src/tokenizers/encoding';
import { createTokenizer, type SubwordModel } from '../../src/tokenizers/tokenizer';
import { strideWindows, truncatedLengths } from '../../src/tokenizers/truncation';

/** One token a character, its code the id. */
const characters: SubwordModel = {
  kind: 'unigram',
  vocabularySize: 128,
  special: { cls: 1, sep: 2, pad: 0, unk: 3, mask: 4 },
  encode(text) {
    const encoding = emptyEncoding(text.length);
    for (let i = 0; i < text.length; i++) {
      encoding.ids[i] = text.charCodeAt(i);
      encoding.starts[i] = i;
      encoding.ends[i] = i + 1;
    }
    return encoding;
  },
  token: (id) => String.fromCharCode(id),
  decode: (ids) => String.fromCharCode(...Array.from(ids)),
};

/** Readable: < cls, / sep, and the characters. */
const show = ({ ids }: Encoding) =>
  Array.from(ids, (id) => ({ 1: '<', 2: '/' })[id] ?? String.fromCharCode(id)).join('');

describe('longest_first', () => {
  test('is taking one token at a time from the longer text', () => {
    for (let first = 0; first < 14; first++) {
      for (let second = 0; second < 14; second++) {
        for (let room = 1; room < 20; room++) {
          let [a, b] = [first, second];
          while (a + b > room) {
            // When both are equal, the text that was not the longer one gives a token next (the first, when both were
            // equal).
            if (a > b || (a === b && first <= second)) a--;
            else b--;
          }
          expect(truncatedLengths('longest_first', first, second, room), `${first} ${second} ${room}`).toEqual([a, b]);
        }
      }
    }
  });
});

describe('windows', () => {
  test('cover everything, share the stride, and end at the end', () => {
    for (let length = 0; length < 40; length++) {
      for (const [room, stride] of [
        [6, 2],
        [5, 0],
        [7, 6],
        [1, 0],
      ] as const) {
        const windows = strideWindows(length, room, stride);
        expect(windows[0]![0]).toBe(0);
        expect(windows.at(-1)![1]).toBe(length);
        windows.slice(1).forEach(([from], i) => {
          expect(windows[i]![1] - from).toBe(stride);
          expect(windows[i]![1] - windows[i]![0]).toBe(room);
        });
        expect(windows.length).toBe(Math.max(1, Math.ceil((length - stride) / (room - stride))));
      }
    }
  });
});

describe('templates', () => {
  const xlmr = createTokenizer(characters, 'xlmRoberta');
  const bert = createTokenizer(characters, 'bert');

  test('single', () => {
    expect(show(xlmr.single('abc'))).toBe('<abc/');
    expect(show(bert.single('abc', { maxLength: 4 }))).toBe('<ab/');
    expect(show(xlmr.single(''))).toBe('</');
  });

  test('pair, with types and sequences', () => {
    const roberta = xlmr.pair('ab', 'cde');
    expect(show(roberta)).toBe('<ab//cde/');
    expect([...roberta.typeIds]).toEqual(new Array(9).fill(0));
    expect([...roberta.sequence]).toEqual([-1, 0, 0, -1, -1, 1, 1, 1, -1]);
    const pair = bert.pair('ab', 'cde');
    expect(show(pair)).toBe('<ab/cde/');
    expect([...pair.typeIds]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect([...pair.starts]).toEqual([-1, 0, 1, -1, 0, 1, 2, -1]);
    expect([...pair.ends]).toEqual([-1, 1, 2, -1, 1, 2, 3, -1]);
  });

  test('truncated pairs', () => {
    expect(show(xlmr.pair('abcdef', 'xyz', { maxLength: 10 }))).toBe('<abc//xyz/');
    expect(show(xlmr.pair('ab', 'uvwxyz', { maxLength: 9, truncation: 'only_second' }))).toBe('<ab//uvw/');
    expect(() => xlmr.pair('abcdef', 'xyz', { maxLength: 9, truncation: 'only_second' })).toThrow(
      /6 tokens .*maxLength/s,
    );
  });

  test('windows', () => {
    const windows = bert.windows('ab', 'uvwxyz', { maxLength: 8, stride: 1 });
    expect(windows.map(show)).toEqual(['<ab/uvw/', '<ab/wxy/', '<ab/yz/']);
    expect([...windows[1]!.starts]).toEqual([-1, 0, 1, -1, 2, 3, 4, -1]);
    expect(bert.windows('ab', '', { maxLength: 8, stride: 1 }).map(show)).toEqual(['<ab//']);
  });

  test('options that make no sense are refused', () => {
    expect(() => bert.windows('ab', 'uvwxyz', { maxLength: 8, stride: 3 })).toThrow(/stride of 3/);
    expect(() => bert.windows('abcdef', 'uvwxyz', { maxLength: 8, stride: 0 })).toThrow(/leaves no room/);
    expect(() => bert.single('a', { maxLength: 2 })).toThrow(/maxLength 2/);
    expect(() => bert.single('a', { maxLength: 2.5 })).toThrow(/whole number/);
    expect(() => bert.pair('a', 'b', { max_length: 9 } as object)).toThrow(/max_length/);
  });
});
