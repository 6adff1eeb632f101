/** Token counts: rows are counted right, and the figures show what the rows say. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { openBase } from '../../src/experiments/openBase';
import { openTokenizer, tokenRows } from '../../src/experiments/tokenRows';
import { exportFigure } from '../../src/figures/export';
import { tokenLengths, tokensPerWord, type TokenRow } from '../../src/figures/tokenFigures';
import { MODELS } from '../../src/models/hub/index';
import { hashingTokenizer } from '../../src/tokenizers/hashing';
import { loadTokenizer } from '../../src/tokenizers/loadTokenizer';
import { temporaryFolder } from '../temporaryFolder';
import { goldenFolder } from '../tokenizers/golden';

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

describe('openTokenizer', () => {
  const text = 'Ein Satz, two sentences.';

  test('is that of the profile’s model', async () => {
    const { tokenizer, model } = await openTokenizer('smoke');
    const base = await openBase({ model, method: { type: 'bottleneck' } });
    expect(tokenizer.encode(text)).toEqual(base.tokenizer.encode(text));
    base.close();
  });

  test('of a model on the hub it needs no weights', async () => {
    const cache = temporaryFolder();
    const { commit } = MODELS['xlm-roberta-base']!;
    const snapshot = join(cache, 'models--FacebookAI--xlm-roberta-base', 'snapshots', commit!);
    mkdirSync(snapshot, { recursive: true });
    const published = join(goldenFolder, 'xlmr-small');
    copyFileSync(join(published, 'tokenizer.json'), join(snapshot, 'tokenizer.json'));
    vi.stubEnv('HF_HUB_CACHE', cache);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    const { tokenizer, model } = await openTokenizer('paper').finally(() => vi.unstubAllEnvs());
    expect(model).toBe('xlm-roberta-base');
    expect(tokenizer.encode(text)).toEqual(loadTokenizer(published).encode(text));
  });
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
    // Chinese has no spaces: its words are found all the same, so that there are more of them than of stretches of
    // text.
    const chinese = counted.filter(({ language }) => language === 'zh');
    expect(chinese.every(({ words, tokens }) => words > tokens)).toBe(true);
  });
});
