// The whole mini suite: the contents of every file under data/mini, from one seed.
import { nliSuite, nliTsv } from './nli/suite';
import { MINI_LANGUAGES } from './phrases';

export const MINI_SEED = 2024;

/** Path below data/mini → contents, the same on every machine. */
export function miniSuite(): Map<string, string> {
  const nli = nliSuite(MINI_SEED);
  return new Map([
    ['xnli/train-en.tsv', nliTsv(nli.train, 'en')],
    ['xnli/dev-en.tsv', nliTsv(nli.dev, 'en')],
    ...MINI_LANGUAGES.map((language) => [`xnli/test-${language}.tsv`, nliTsv(nli.test, language)] as const),
  ]);
}
