/** Token counts: rows are counted right, and the figures show what the rows say. */
import { describe, expect, test } from 'vitest';
import { tokenRows } from '../../src/experiments/tokenRows';
import { exportFigure } from '../../src/figures/export';
import { tokenLengths, tokensPerWord, type TokenRow } from '../../src/figures/tokenFigures';
import { hashingTokenizer } from '../../src/tokenizers/hashing';

const row = (task: string, language: string, tokens: number, words: number): TokenRow => ({
  task,
  dataset: 'd',
  language,
  example: 0,
  tokens,
  words,
  characters: 0,
});
const rows = [row('nli', 'en', 10, 10), row('nli', 'en', 30, 10), row('nli', 'sw', 40, 10), row('copa', 'en', 8, 4)];

test('tokens a word are all tokens divided by all words', () => {
  const { data } = tokensPerWord(rows, { tokenizer: 't' });
  expect(data.map(({ name }) => name)).toEqual(['nli', 'copa']);
  expect(data[0]).toMatchObject({ x: ['en', 'sw'], y: [2, 4] });
  expect(data[1]).toMatchObject({ x: ['en'], y: [2] });
});

test('lengths are those of every example, and the figure can be drawn', () => {
  const figure = tokenLengths(rows, { tokenizer: 't' });
  expect(figure.data[0]).toMatchObject({ x: ['en', 'en', 'sw'], y: [10, 30, 40] });
  expect(JSON.stringify(figure.layout)).toContain('4 examples');
  expect(exportFigure(figure, { format: 'svg' }).toString()).toContain('Length of the test examples');
});

describe('tokenRows', () => {
  test('one row an example and language, parallel, counted by the tokenizer over all texts of the example', async () => {
    const tokenizer = hashingTokenizer(512);
    const counted = await tokenRows(tokenizer, { task: 'nli', suite: 'mini', languages: ['en', 'zh'], examples: 5 });
    expect(counted.map(({ language, example }) => `${language} ${example}`)).toEqual(
      ['en', 'zh'].flatMap((language) => [0, 1, 2, 3, 4].map((example) => `${language} ${example}`)),
    );
    // The stand-in tokenizer takes words and punctuation marks; English words are separated by spaces.
    for (const { language, words, tokens, characters } of counted) {
      if (language === 'en') expect(words).toBeLessThan(tokens);
      expect(words).toBeGreaterThan(3);
      expect(characters).toBeGreaterThan(words);
    }
    // Chinese has no spaces: its words are found all the same, so that there are more of them than of stretches of text.
    const chinese = counted.filter(({ language }) => language === 'zh');
    expect(chinese.every(({ words, tokens }) => words > tokens)).toBe(true);
  });
});
