// Invariants of the question-answering part: spans, offsets, balance of places and kinds, no overlap, parallel files.
import { describe, expect, test } from 'vitest';
import { MINI_LANGUAGES, type MiniLanguage } from '../../../src/datasets/mini/phrases';
import { qaSuite } from '../../../src/datasets/mini/qa/suite';
import { TOPICS } from '../../../src/datasets/mini/qa/topics';
import { MINI_SEED } from '../../../src/datasets/mini/suite';
import { parseSquadJson } from '../../../src/datasets/squadJson';
import { flawsOf, readMini, wordsOf } from './miniFiles';

interface SquadFile {
  data: {
    title: string;
    paragraphs: {
      context: string;
      qas: { id: string; question: string; answers: { text: string; answer_start: number }[] }[];
    }[];
  }[];
}

const read = (name: string) => JSON.parse(readMini(`xquad/${name}.json`)) as SquadFile;
const paragraphsOf = ({ data }: SquadFile) => data.flatMap(({ paragraphs }) => paragraphs);
const questionsOf = (file: SquadFile) =>
  paragraphsOf(file).flatMap(({ context, qas }) => qas.map((qa) => ({ context, ...qa, answer: qa.answers[0]! })));
const sentencesOf = (context: string, language: MiniLanguage) =>
  language === 'zh' ? context.match(/[^。]+。/gu)! : context.split(/(?<=\.) /u);

/** Three syllables of a consonant and a vowel: the shape of an invented name. */
const inventedNamesIn = (text: string) => text.match(/\b[A-Z][aeio](?:[b-df-hj-np-tv-z][aeio]){2}\b/g) ?? [];

const files = {
  train: read('train.en'),
  dev: read('dev.en'),
  test: read('xquad.en'),
};
const tests = Object.fromEntries(MINI_LANGUAGES.map((language) => [language, read(`xquad.${language}`)]));
const all: { name: string; language: MiniLanguage; file: SquadFile }[] = [
  ...Object.entries(files).map(([part, file]) => ({ name: part, language: 'en' as const, file })),
  ...MINI_LANGUAGES.map((language) => ({ name: `test ${language}`, language, file: tests[language]! })),
];

describe.each(all)('$name', ({ file, language }) => {
  test('every answer stands at its offset in code points, and nowhere else in the passage', () => {
    for (const { context, answers } of questionsOf(file)) {
      expect(answers.length).toBe(1);
      const { text, answer_start } = answers[0]!;
      expect([...context].slice(answer_start, answer_start + [...text].length).join('')).toBe(text);
      expect(context.split(text).length).toBe(2);
    }
    expect(parseSquadJson(JSON.stringify(file), 'mini').misplacedAnswers).toBe(0);
  });

  test('is written cleanly: passages of six sentences, answers that are whole words', () => {
    for (const { context, question, answer } of questionsOf(file)) {
      expect([flawsOf(context, language), flawsOf(question, language)].flat()).toEqual([]);
      expect(sentencesOf(context, language).length).toBe(6);
      if (language === 'zh') continue;
      const [before, after] = context.split(answer.text) as [string, string];
      expect(/[\p{L}\p{N}]$/u.test(before) || /^[\p{L}\p{N}]/u.test(after)).toBe(false);
    }
  });
});

describe('counts and balance', () => {
  test('600, 100 and 120 questions with ids of their own', () => {
    const ids = Object.values(files).map((file) => questionsOf(file).map(({ id }) => id));
    expect(ids.map((list) => list.length)).toEqual([600, 100, 120]);
    expect(new Set(ids.flat()).size).toBe(820);
  });

  test.each(['train', 'test'] as const)('%s: each of the six sentences is asked about equally often', (part) => {
    const places = new Array<number>(6).fill(0);
    for (const { context, answer } of questionsOf(files[part])) {
      places[sentencesOf(context, 'en').findIndex((sentence) => sentence.includes(answer.text))]! += 1;
    }
    const share = questionsOf(files[part]).length / 6;
    expect(places).toEqual(new Array(6).fill(share));
  });

  test('who, where, when, how many and what: each 10 to 30% of the questions', () => {
    const suite = qaSuite(MINI_SEED);
    for (const passages of [suite.train, suite.dev, suite.test]) {
      const kinds = passages.flatMap(({ questions }) => questions.map(({ kind }) => kind));
      for (const kind of ['who', 'where', 'when', 'how many', 'what']) {
        const share = kinds.filter((other) => other === kind).length / kinds.length;
        expect(share).toBeGreaterThanOrEqual(0.1);
        expect(share).toBeLessThanOrEqual(0.3);
      }
    }
  });

  test('a passage tells every fact about two things: the type of an answer alone does not decide', () => {
    const facts = TOPICS.flatMap((topic) => topic.facts.map(({ sentence }) => asExpression(sentence.en)));
    for (const { context } of Object.values(files).flatMap(paragraphsOf)) {
      const told = sentencesOf(context, 'en').map((sentence) => facts.filter((fact) => fact.test(sentence)));
      expect(told.every((matching) => matching.length === 1)).toBe(true);
      for (const [fact] of told) {
        const entities = sentencesOf(context, 'en').flatMap((sentence) => fact!.exec(sentence)?.groups?.entity ?? []);
        expect(new Set(entities).size).toBe(2);
      }
    }
  });
});

/** A fact's sentence as an expression that finds what it is told about. */
function asExpression(sentence: string): RegExp {
  return new RegExp(`^${sentence.replace('.', '\\.').replace('{entity}', '(?<entity>.+)').replace('{value}', '.+')}$`);
}

describe('overlap', () => {
  test('no question, passage or invented name is in more than one of train, dev and test', () => {
    const views = [
      (file: SquadFile) => questionsOf(file).map(({ question }) => question),
      (file: SquadFile) => paragraphsOf(file).map(({ context }) => context),
      (file: SquadFile) => [...new Set(paragraphsOf(file).flatMap(({ context }) => inventedNamesIn(context)))],
    ];
    for (const view of views) {
      const texts = Object.values(files).flatMap((file) => view(file));
      expect(texts.length).toBeGreaterThan(100);
      expect(new Set(texts).size).toBe(texts.length);
    }
  });
});

describe.each(MINI_LANGUAGES)('parallel test set: %s', (language) => {
  test('has the ids of the English questions, and each answer in the same sentence', () => {
    const shape = (file: SquadFile, of: MiniLanguage) =>
      questionsOf(file).map(({ id, context, answer }) => [
        id,
        sentencesOf(context, of).findIndex((sentence) => sentence.includes(answer.text)),
      ]);
    expect(shape(tests[language]!, language)).toEqual(shape(tests.en!, 'en'));
  });

  test('numbers and, outside Chinese, invented names are those of the English passage', () => {
    const names = new Set(paragraphsOf(tests.en!).flatMap(({ context }) => inventedNamesIn(context)));
    const constants = (file: SquadFile, of: MiniLanguage) =>
      paragraphsOf(file).map(({ context }) => {
        const numbers = context.match(/\d+/g) ?? [];
        return [
          ...numbers,
          ...(of === 'zh' || language === 'zh' ? [] : inventedNamesIn(context).filter((name) => names.has(name))),
        ].sort();
      });
    expect(constants(tests[language]!, language)).toEqual(constants(tests.en!, 'en'));
  });
});

describe('trivial answers score low on the English test', () => {
  const f1 = (given: string, gold: string) => {
    const [a, b] = [wordsOf(given), wordsOf(gold)];
    const common = b.filter((word) => a.includes(word)).length;
    return common === 0 ? 0 : (2 * common) / (a.length + b.length);
  };
  const score = (answer: (question: { context: string; question: string }) => string) => {
    const questions = questionsOf(files.test);
    return questions.reduce((sum, item) => sum + f1(answer(item), item.answer.text), 0) / questions.length;
  };

  test.each([
    { name: 'the first sentence', answer: ({ context }: { context: string }) => sentencesOf(context, 'en')[0]! },
    {
      name: 'the first name or number',
      answer: ({ context }: { context: string }) => context.slice(1).match(/[A-Z]\w+|\d+/)![0],
    },
    { name: 'the last word', answer: ({ context }: { context: string }) => wordsOf(context).at(-1)! },
    { name: 'the whole passage', answer: ({ context }: { context: string }) => context },
  ])('$name: F1 under 20%', ({ answer }) => {
    expect(score(answer)).toBeLessThan(0.2);
  });
});
