// The whole mini suite: the contents of every file under data/mini but its README, from one seed.
import { copaJsonl, copaSuite } from './copa/suite';
import { nliSuite, nliTsv } from './nli/suite';
import { MINI_LANGUAGES } from './phrases';
import { qaSuite, squadJson } from './qa/suite';

export const MINI_SEED = 2024;

/** Path below data/mini → contents, the same on every machine. */
export function miniSuite(): Map<string, string> {
  const nli = nliSuite(MINI_SEED);
  const copa = copaSuite(MINI_SEED);
  const qa = qaSuite(MINI_SEED);
  return new Map([
    ['xnli/train-en.tsv', nliTsv(nli.train, 'en')],
    ['xnli/dev-en.tsv', nliTsv(nli.dev, 'en')],
    ['xcopa/train.en.jsonl', copaJsonl(copa.train, 'en')],
    ['xcopa/val.en.jsonl', copaJsonl(copa.validation, 'en')],
    ['xquad/train.en.json', squadJson(qa.train, 'en')],
    ['xquad/dev.en.json', squadJson(qa.dev, 'en')],
    ...MINI_LANGUAGES.flatMap((language) => [
      [`xnli/test-${language}.tsv`, nliTsv(nli.test, language)] as const,
      [`xcopa/${language}/test.${language}.jsonl`, copaJsonl(copa.test, language)] as const,
      [`xquad/xquad.${language}.json`, squadJson(qa.test, language)] as const,
    ]),
  ]);
}
