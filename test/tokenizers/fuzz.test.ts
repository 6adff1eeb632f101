/** Random strings, lone surrogates and all: no tokenizer throws, offsets are in order, and nothing written is lost. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { loadTokenizer } from '../../src/tokenizers/loadTokenizer';
import { escaped, goldenFolder } from './golden';

function randomText(random: { integer(n: number): number }): string {
  const ranges = [
    [0, 0x20],
    [0x20, 0x7f],
    [0x80, 0x300],
    [0x300, 0x370],
    [0x370, 0x3000],
    [0x3000, 0xa000],
    [0xa000, 0x10000],
    [0x10000, 0x20000],
  ];
  return Array.from({ length: random.integer(40) }, () => {
    const [from = 0, to = 0] = ranges[random.integer(ranges.length)]!;
    const point = from + random.integer(to - from);
    // Surrogates come alone now and then: half a pair is a string in JavaScript.
    return point >= 0xd800 && point < 0xe000 ? String.fromCharCode(point) : String.fromCodePoint(point);
  }).join('');
}

describe.each(['xlmr-small', 'deberta-small', 'bert-small'])('%s', (name) => {
  const tokenizer = loadTokenizer(join(goldenFolder, name));

  /** What is wrong with the encoding of a text, if anything. */
  function fault(text: string): string | undefined {
    const { ids, starts, ends } = tokenizer.encode(text);
    const covered = new Uint8Array(text.length);
    for (let k = 0; k < ids.length; k++) {
      const [start, end] = [starts[k]!, ends[k]!];
      if (!(ids[k]! >= 0 && ids[k]! < tokenizer.vocabularySize)) return `id ${ids[k]}`;
      if (!(start >= 0 && start < end && end <= text.length)) return `token ${k} at ${start} to ${end}`;
      if (k > 0 && (start < starts[k - 1]! || end < ends[k - 1]!)) return `token ${k} goes back`;
      covered.fill(1, start, end);
    }
    // Letters and digits are in nobody's rules for deletion.
    const lost = [...text.matchAll(/[\p{L}\p{N}]/gu)].filter(({ index }) => covered[index ?? 0] === 0);
    if (lost.length > 0) return `lost ${lost.join(' ')}`;
    return typeof tokenizer.decode(ids) === 'string' ? undefined : 'no text';
  }

  test('2,000 random strings', () => {
    const random = randomStream(9, name);
    for (let i = 0; i < 2000; i++) {
      const text = randomText(random);
      const found = fault(text);
      if (found !== undefined) expect.fail(`${found} in ${escaped(text)}`);
    }
  });

  test('text in the vocabulary decodes to itself', () => {
    const text = 'The baker sold nine loaves before the rain began';
    expect(tokenizer.decode(tokenizer.encode(text).ids)).toBe(text);
    expect(tokenizer.decode(tokenizer.pair(text, '').ids)).toBe(text);
  });
});
