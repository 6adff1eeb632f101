// Invariants of the multiple-choice part: balance, no overlap, parallel lines, no leak from the choices.
import { describe, expect, test } from 'vitest';
import { HELD_OUT_SCENARIOS } from '../../../src/datasets/mini/copa/heldOutScenarios';
import { TRAIN_SCENARIOS } from '../../../src/datasets/mini/copa/trainScenarios';
import { MINI_LANGUAGES } from '../../../src/datasets/mini/phrases';
import { logisticRegression, naiveBayes, type LabelledText } from './bagOfWords';
import { flawsOf, peopleIn, readCopa, readMini, wordsOf } from './miniFiles';

const train = readCopa('train.en');
const validation = readCopa('val.en');
const tests = Object.fromEntries(
  MINI_LANGUAGES.map((language) => [language, readCopa(`${language}/test.${language}`)]),
);
const english = tests.en!;
const parts = { train, validation, test: english };
type Question = (typeof train)[number];

const key = ({ premise, choices }: Question) => [premise, ...[...choices].sort()].join('\n');
const choicesKey = ({ choices, asksFor }: Question) => [asksFor, ...choices].join('\n');

describe('balance', () => {
  test.each([
    ['train', 400],
    ['validation', 100],
    ['test', 100],
  ] as const)('%s: %i questions, half of them causes, half of either label 0', (part, count) => {
    const labels = (asksFor: string) => parts[part].filter((q) => q.asksFor === asksFor).map(({ label }) => label);
    for (const asksFor of ['cause', 'effect']) {
      expect(labels(asksFor).length).toBe(count / 2);
      expect(labels(asksFor).filter((label) => label === 0).length).toBe(count / 4);
    }
  });

  test('the same two choices in the same order are right once each', () => {
    for (const questions of Object.values(parts)) {
      const labels = new Map<string, number[]>();
      for (const q of questions) labels.set(choicesKey(q), [...(labels.get(choicesKey(q)) ?? []), q.label]);
      const lopsided = [...labels.values()].filter((seen) => 2 * seen.filter((l) => l === 0).length !== seen.length);
      expect(lopsided).toEqual([]);
    }
  });
});

describe('overlap', () => {
  test('no question is there twice, in one part or in two', () => {
    const all = [...train, ...validation, ...english].map(key);
    expect(new Set(all).size).toBe(600);
  });

  test('training knows nothing of the held-out scenarios, and validation and test hold out different ones', () => {
    const half = HELD_OUT_SCENARIOS.length / 2;
    const causes = (from: number, to: number) =>
      HELD_OUT_SCENARIOS.slice(from, to).flatMap(({ pairs }) =>
        pairs.map(({ cause }) => cause.en.split('{name} ').at(-1)!),
      );
    const mentions = (questions: readonly Question[], texts: readonly string[]) =>
      questions.filter(({ premise, choices }) => texts.some((text) => [premise, ...choices].join(' ').includes(text)));
    const [ofValidation, ofTest] = [causes(0, half), causes(half, 2 * half)];
    expect(mentions(train, [...ofValidation, ...ofTest])).toEqual([]);
    expect(mentions(validation, ofTest)).toEqual([]);
    expect(mentions(english, ofValidation)).toEqual([]);
    expect(mentions(english, ofTest).length).toBeGreaterThan(30);
  });
});

describe.each(MINI_LANGUAGES)('parallel test set: %s', (language) => {
  const questions = tests[language]!;

  test('has labels, question types and people of the English lines', () => {
    const shape = (list: readonly Question[], of: typeof language) =>
      list.map(({ premise, choices, asksFor, label }) => [
        asksFor,
        label,
        ...[premise, ...choices].map((text) => peopleIn(text, of)),
      ]);
    expect(shape(questions, language)).toEqual(shape(english, 'en'));
  });

  test('has the fields of XCOPA in its order, numbered from 0', () => {
    const rows = readMini(`xcopa/${language}/test.${language}.jsonl`)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const fields = ['premise', 'choice1', 'choice2', 'question', 'label', 'idx', 'changed'];
    expect(rows.every((row) => Object.keys(row).join() === fields.join())).toBe(true);
    expect(rows.map(({ idx }) => idx)).toEqual(rows.map((_, i) => i));
  });

  test('keeps apart what English keeps apart, and is written cleanly', () => {
    expect(new Set(questions.map(key)).size).toBe(100);
    const texts = (list: readonly Question[]) => list.flatMap(({ premise, choices }) => [premise, ...choices]);
    expect(new Set(texts(questions)).size).toBe(new Set(texts(english)).size);
    expect(texts(questions).flatMap((text) => flawsOf(text, language))).toEqual([]);
  });
});

describe('what the choices alone tell', () => {
  /** Each choice as a text of its own: right (1) or wrong (0). */
  const singly = (questions: readonly Question[]): LabelledText[] =>
    questions.flatMap(({ choices, label }) => choices.map((text, i) => ({ text, label: i === label ? 1 : 0 })));
  /** Both choices as one bag of words, each word marked with its place. */
  const both = (questions: readonly Question[]): LabelledText[] =>
    questions.map(({ choices, label }) => ({
      text: choices.flatMap((choice, i) => wordsOf(choice).map((word) => `${word}${i}`)).join(' '),
      label,
    }));

  test.each([
    { name: 'naive Bayes', classifier: naiveBayes },
    { name: 'logistic regression', classifier: logisticRegression },
  ])('$name is right in less than 60%, choice by choice and on both together', ({ classifier }) => {
    for (const view of [singly, both]) {
      const classify = classifier(view(train), 2);
      for (const questions of [validation, english]) {
        const examples = view(questions);
        const right = examples.filter(({ text, label }) => classify(text) === label).length;
        expect(right / examples.length).toBeLessThan(0.6);
      }
    }
  });

  test('taking the choice that shares more words with the premise is right in less than 70%', () => {
    const shared = (premise: string, choice: string) => {
      const words = new Set(wordsOf(premise));
      return new Set(wordsOf(choice).filter((word) => words.has(word))).size;
    };
    const credit = english.map(({ premise, choices, label }): number => {
      const [right, wrong] = [shared(premise, choices[label]!), shared(premise, choices[1 - label]!)];
      return right > wrong ? 1 : right === wrong ? 0.5 : 0;
    });
    expect(credit.reduce((a, b) => a + b, 0) / credit.length).toBeLessThan(0.7);
  });
});

test('scenarios that share a topic are never mixed', () => {
  const scenarios = [...TRAIN_SCENARIOS, ...HELD_OUT_SCENARIOS];
  const bare = (text: string) => text.split('{name} ').at(-1)!;
  const ownersOf = (choice: string) =>
    scenarios.filter(({ pairs }) =>
      pairs.some(({ cause, effect }) =>
        [cause, effect].some(({ en }) => choice.endsWith(bare(en).replace('{name}', ''))),
      ),
    );
  for (const { choices } of [...train, ...validation, ...english]) {
    const [first, second] = choices.map((choice) => ownersOf(choice)) as [typeof scenarios, typeof scenarios];
    expect(first.length * second.length).toBe(1);
    if (first[0] === second[0]) continue;
    expect(first[0]!.topics.filter((topic) => second[0]!.topics.includes(topic))).toEqual([]);
  }
});
