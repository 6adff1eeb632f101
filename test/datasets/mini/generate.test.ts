// The committed files are what the generator writes, and there is nothing else beside them.
import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inventName } from '../../../src/datasets/mini/qa/inventedNames';
import { fill, lexicon, MINI_LANGUAGES, pattern, sentence, simpleLexicon } from '../../../src/datasets/mini/phrases';
import { miniSuite } from '../../../src/datasets/mini/suite';
import { randomStream } from '../../../src/engine/random';
import { MINI_ROOT, readMini } from './miniFiles';

const suite = miniSuite();
const committed = readdirSync(MINI_ROOT, { recursive: true, encoding: 'utf8' })
  .map((path) => join(MINI_ROOT, path))
  .filter((path) => statSync(path).isFile());

describe('the mini suite on disk', () => {
  test.each([...suite.keys()])('%s is byte for byte what the generator makes', (path) => {
    expect(readMini(path) === suite.get(path)).toBe(true);
  });

  test('has no other files than the generated ones and its README', () => {
    const paths = committed.map((path) => relative(MINI_ROOT, path).split(sep).join('/'));
    expect(paths.sort()).toEqual([...suite.keys(), 'README.md'].sort());
  });

  test('stays under 1.2 MB', () => {
    expect(committed.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(1_200_000);
  });
});

describe('phrases', () => {
  const row = (cell: string) => MINI_LANGUAGES.map(() => cell).join(' | ');

  test('a lexicon line with a missing column or form is refused, with the line', () => {
    expect(() => simpleLexicon('word', 'one | two')).toThrow('Expected 8 columns');
    expect(() => lexicon(`${row('a / b')}\n${row('only one')}`)).toThrow('en needs the forms a / b');
  });

  test('a slot without a form is refused', () => {
    expect(() => fill(pattern(row('{missing}')))).toThrow('no form "missing"');
  });

  test('sentences begin with a capital in the language: Turkish i becomes İ', () => {
    const { en, tr, zh } = sentence(pattern(row('iki')));
    expect([en, tr, zh]).toEqual(['Iki.', 'İki.', 'Iki。']);
  });

  test('an invented name has the same syllables in Chinese, and is never given twice', () => {
    const used = new Set<string>();
    const random = randomStream(1, 'names');
    const names = Array.from({ length: 2_000 }, () => inventName(used, random));
    expect(new Set(names.map(({ en }) => en)).size).toBe(2_000);
    expect(new Set(names.map(({ zh }) => zh)).size).toBe(2_000);
    expect(names.every(({ en, sw, zh }) => en === sw && en.length === 6 && [...zh].length === 3)).toBe(true);
  });
});
