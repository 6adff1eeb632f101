import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { composition, recordsMap } from '../../src/tokenizers/characterMap';
import { precompiledMap } from '../../src/tokenizers/precompiledCharsmap';
import { readSentencePieceModel } from '../../src/tokenizers/sentencePieceModel';
import { sentencePieceText } from '../../src/tokenizers/sentencePieceText';
import { goldenFolder } from './golden';

/** Rules: U+0001 deleted, tab and ▁ to a space, ½ to three characters, half-width kana to full ones. */
const map = recordsMap({
  codePoints: Uint32Array.of(1, 9, 0xa, 0xd, 0xbd, 0x2581, 0xff76, 0xff9e),
  offsets: Uint32Array.of(0, 0, 1, 2, 3, 6, 7, 8, 9),
  replacements: Uint32Array.of(32, 32, 32, 0x31, 0x2044, 0x32, 32, 0x30ab, 0x3099),
});

describe('composition', () => {
  test.each([
    ['e\u0301', 'é', 2],
    ['e\u0301\u0301', 'é', 2],
    ['a\u0323\u0302', 'ậ', 3],
    ['\uff76\uff9e', 'ガ', 2],
    ['\u1112\u1161\u11ab', '한', 3],
    ['\uffa1\uffc2', '가', 2],
    ['\u03b1\u0313\u0300\u0345', 'ᾂ', 4],
  ])('%j becomes %s', (text, composed, length) => {
    expect(composition(text, 0)).toEqual({ text: composed, length });
    expect(composition(`x${text}y`, 1)).toEqual({ text: composed, length });
  });

  test.each(['x\u0301', '\uac00\u11a8', '\u0301e', 'ab', 'e', 'a\u0302\u0323'.slice(1)])('%j does not', (text) => {
    expect(composition(text, 0)).toBeUndefined();
  });

  test('marks in the wrong order are composed as far as the order goes', () => {
    expect(composition('a\u0302\u0323', 0)).toEqual({ text: 'â', length: 2 });
  });
});

describe('the text that SentencePiece sees', () => {
  const normalised = (text: string, spaceOffsets: 'space' | 'word' = 'space', dummyPrefix = true) => {
    const { length, units, starts, ends } = sentencePieceText(map, {
      dummyPrefix,
      removeExtraSpaces: true,
      spaceOffsets,
    })(text);
    return {
      text: String.fromCharCode(...units.subarray(0, length)),
      places: Array.from({ length }, (_, i) => `${starts[i]}-${ends[i]}`).join(' '),
    };
  };

  test.each([
    ['ab', '▁ab', '0-1 0-1 1-2'],
    [' a', '▁a', '0-1 1-2'],
    ['a  b ', '▁a▁b', '0-1 0-1 2-3 3-4'],
    ['a\t\tb', '▁a▁b', '0-1 0-1 2-3 3-4'],
    ['a\r\nb', '▁a▁b', '0-1 0-1 1-2 3-4'],
    ['\u0001a\u0001b', '▁ab', '1-2 1-2 3-4'],
    ['½', '▁1⁄2', '0-1 0-1 0-1 0-1'],
    ['e\u0301x', '▁éx', '0-1 0-1 2-3'],
    ['😀', '▁😀', '0-2 0-2 0-2'],
    ['\ud83dx', '▁\ufffdx', '0-1 0-1 1-2'],
    ['', '', ''],
    [' \t\u0001', '', ''],
  ])('%j is %s with the places %s', (text, want, places) => {
    expect(normalised(text)).toEqual({ text: want, places });
  });

  test('the space has the place of the next word where it is to be left out', () => {
    expect(normalised(' a  bc', 'word')).toEqual({ text: '▁a▁bc', places: '1-2 1-2 4-5 4-5 5-6' });
    expect(normalised(' a b', 'space', false)).toEqual({ text: 'a▁b', places: '1-2 2-3 3-4' });
  });

  test('long texts outgrow the first arrays', () => {
    const text = 'ab '.repeat(3000);
    expect(normalised(text).text).toBe('▁ab'.repeat(3000));
  });
});

describe('compiled rules', () => {
  const { charsmap } = readSentencePieceModel(
    readFileSync(join(goldenFolder, 'xlmr-small', 'sentencepiece.bpe.model')),
  );
  const compiled = precompiledMap(charsmap);

  test('the longest rule of those compiled in', () => {
    expect(compiled('\u0001', 0)).toEqual({ length: 1, text: '' });
    expect(compiled('a\tb', 1)).toEqual({ length: 1, text: ' ' });
    expect(compiled('ﬁ', 0)).toEqual({ length: 1, text: 'fi' });
    expect(compiled('½', 0)).toEqual({ length: 1, text: '1⁄2' });
    expect(compiled('\uff76\uff9e', 0)).toEqual({ length: 2, text: 'ガ' });
    expect(compiled('\uff76x', 0)).toEqual({ length: 1, text: 'カ' });
    expect(compiled('a\u0323\u0302', 0)).toEqual({ length: 3, text: 'ậ' });
    expect(compiled('a\u0323', 0)).toBeUndefined();
    expect(compiled('ab', 0)).toBeUndefined();
    expect(compiled('😀', 0)).toBeUndefined();
  });

  test('damaged tables are refused, or end in some text', () => {
    expect(() => precompiledMap(new Uint8Array(3))).toThrow(UserError);
    expect(() => precompiledMap(charsmap.subarray(0, 8))).toThrow(UserError);
    for (let byte = 4; byte < charsmap.length; byte += 5) {
      const damaged = charsmap.slice();
      damaged[byte] = 0xff;
      const map = precompiledMap(damaged);
      for (const text of ['\u0001', 'a\u0323\u0302', 'ﬁ', '😀']) map(text, 0);
    }
  });
});
