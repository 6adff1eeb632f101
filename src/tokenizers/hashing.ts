/**
 * A tokenizer without a vocabulary, for the tiny random model: words become ids by a hash. Ids mean nothing, but equal
 * words get equal ids and places in the text are right, which is what tests and the smoke profile need.
 */
import { emptyEncoding } from './encoding';
import { createTokenizer, type Tokenizer } from './tokenizer';

const special = { pad: 0, cls: 1, sep: 2, unk: 3, mask: 4 } as const;
const firstWord = 5;

export function hashingTokenizer(vocabularySize: number): Tokenizer {
  const words = /[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu;
  const names = Object.entries(special);
  const token = (id: number) => `[${names.find(([, value]) => value === id)?.[0].toUpperCase() ?? id}]`;
  return createTokenizer(
    {
      kind: 'wordPiece',
      vocabularySize,
      special,
      encode: (text) => {
        const found = [...text.matchAll(words)];
        const encoding = emptyEncoding(found.length);
        found.forEach(({ 0: word, index = 0 }, i) => {
          encoding.ids[i] = firstWord + (fnv1a(word) % (vocabularySize - firstWord));
          encoding.starts[i] = index;
          encoding.ends[i] = index + word.length;
        });
        return encoding;
      },
      token,
      decode: (ids) =>
        Array.from(ids)
          .filter((id) => id >= firstWord)
          .map(token)
          .join(' '),
    },
    'bert',
  );
}

function fnv1a(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
