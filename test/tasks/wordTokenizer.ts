/** A tokenizer for tests: one token a word (split at spaces), ids from 10 in the order of first occurrence. */
import { createTokenizer, type Tokenizer } from '../../src/tokenizers/tokenizer';
import type { TemplateKind } from '../../src/tokenizers/templates';

export function wordTokenizer(template: TemplateKind = 'xlmRoberta'): Tokenizer {
  const words: string[] = [];
  const idOf = (word: string): number => {
    if (!words.includes(word)) words.push(word);
    return 10 + words.indexOf(word);
  };
  const encode = (text: string) => {
    const matches = [...text.matchAll(/\S+/g)];
    return {
      ids: Int32Array.from(matches, ([word]) => idOf(word)),
      starts: Int32Array.from(matches, ({ index }) => index),
      ends: Int32Array.from(matches, ({ index, 0: word }) => index + word.length),
      sequence: new Int8Array(matches.length),
      typeIds: new Int32Array(matches.length),
    };
  };
  const model = {
    kind: 'wordPiece' as const,
    vocabularySize: 1000,
    special: { cls: 0, pad: 1, sep: 2, unk: 3, mask: 4 },
    encode,
    token: (id: number) => words[id - 10] ?? '',
    decode: (ids: ArrayLike<number>) => Array.from(ids, (id) => words[id - 10] ?? '').join(' '),
  };
  return createTokenizer(model, template);
}
