// Invariants of the NLI part: balance, no overlap, parallel lines, no leak, short texts, lexical variety.
import { describe, expect, test } from 'vitest';
import { NAMES } from '../../../src/datasets/mini/names';
import { nliSuite, PHENOMENA } from '../../../src/datasets/mini/nli/suite';
import { MINI_LANGUAGES } from '../../../src/datasets/mini/phrases';
import { MINI_SEED } from '../../../src/datasets/mini/suite';
import { accuracy, logisticRegression, naiveBayes } from './bagOfWords';
import { flawsOf, peopleIn, readNli, wordsOf } from './miniFiles';

const train = readNli('train-en');
const dev = readNli('dev-en');
const tests = Object.fromEntries(MINI_LANGUAGES.map((language) => [language, readNli(`test-${language}`)]));
const english = tests.en!;
const parts = { train, dev, test: english };
type Pair = (typeof train)[number];

const distinct = (texts: readonly string[]) => new Set(texts).size;
const countsBy = <T>(items: readonly T[], key: (item: T) => string | number) => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};

describe('labels', () => {
  test('2,400 + 300 + 300 pairs, a third each', () => {
    expect(countsBy(train, ({ label }) => label)).toEqual({ 0: 800, 1: 800, 2: 800 });
    expect(countsBy(dev, ({ label }) => label)).toEqual({ 0: 100, 1: 100, 2: 100 });
    expect(countsBy(english, ({ label }) => label)).toEqual({ 0: 100, 1: 100, 2: 100 });
  });

  test('every hypothesis stands once with each label, so that a hypothesis tells nothing', () => {
    for (const pairs of Object.values(parts)) {
      const labels = new Map<string, number[]>();
      for (const { hypothesis, label } of pairs) labels.set(hypothesis, [...(labels.get(hypothesis) ?? []), label]);
      expect([...labels.values()].every((seen) => seen.sort().join() === '0,1,2')).toBe(true);
    }
  });

  test('every phenomenon is balanced and has its share', () => {
    const suite = nliSuite(MINI_SEED);
    for (const { name, share } of PHENOMENA) {
      const pairs = suite.test.filter(({ phenomenon }) => phenomenon === name);
      expect(countsBy(pairs, ({ label }) => label)).toEqual({
        entailment: share,
        neutral: share,
        contradiction: share,
      });
    }
  });
});

describe('overlap', () => {
  test.each([
    ['train', 'dev'],
    ['train', 'test'],
    ['dev', 'test'],
  ] as const)('%s and %s share no pair, no premise and no hypothesis', (one, other) => {
    // A sentence of context may stand before a premise; the premise proper is its last sentence.
    const premise = (pair: Pair) => pair.premise.split('. ').at(-1)!;
    for (const part of [premise, (pair: Pair) => pair.hypothesis]) {
      const seen = new Set(parts[one].map(part));
      expect(parts[other].filter((pair) => seen.has(part(pair)))).toEqual([]);
    }
  });

  test('no pair is there twice, and no premise repeats its hypothesis', () => {
    for (const pairs of Object.values(parts)) {
      expect(distinct(pairs.map(({ premise, hypothesis }) => `${premise}\t${hypothesis}`))).toBe(pairs.length);
      expect(pairs.filter(({ premise, hypothesis }) => premise === hypothesis)).toEqual([]);
    }
  });

  test('nearly every word of the test is known from training: combinations are new, words are not', () => {
    const known = new Set(train.flatMap(({ premise, hypothesis }) => [...wordsOf(premise), ...wordsOf(hypothesis)]));
    const words = new Set(english.flatMap(({ premise, hypothesis }) => [...wordsOf(premise), ...wordsOf(hypothesis)]));
    expect([...words].filter((word) => !known.has(word)).length / words.size).toBeLessThan(0.02);
  });
});

describe.each(MINI_LANGUAGES)('parallel test set: %s', (language) => {
  const pairs = tests[language]!;

  test('has the labels and the people of the English lines', () => {
    expect(pairs.map(({ label }) => label)).toEqual(english.map(({ label }) => label));
    const people = (list: readonly Pair[], of: typeof language) =>
      list.map(({ premise, hypothesis }) => [peopleIn(premise, of), peopleIn(hypothesis, of)]);
    expect(people(pairs, language)).toEqual(people(english, 'en'));
  });

  test('keeps apart what English keeps apart', () => {
    for (const column of ['premise', 'hypothesis'] as const) {
      expect(distinct(pairs.map((pair) => pair[column]))).toBe(distinct(english.map((pair) => pair[column])));
    }
  });

  test('is written cleanly', () => {
    expect(pairs.flatMap((pair) => [pair.premise, pair.hypothesis].flatMap((text) => flawsOf(text, language)))).toEqual(
      [],
    );
  });
});

describe('what words alone can tell', () => {
  const only = (pairs: readonly Pair[], column: 'premise' | 'hypothesis') =>
    pairs.map((pair) => ({ text: pair[column], label: pair.label }));

  test.each([
    { name: 'naive Bayes', classifier: naiveBayes },
    { name: 'logistic regression', classifier: logisticRegression },
  ])('$name on hypotheses alone stays under 45%', ({ classifier }) => {
    const classify = classifier(only(train, 'hypothesis'), 3);
    expect(accuracy(classify, only(english, 'hypothesis'))).toBeLessThan(0.45);
    expect(accuracy(classify, only(dev, 'hypothesis'))).toBeLessThan(0.45);
  });

  test('premises alone stay under 55%', () => {
    const accuracies = [naiveBayes, logisticRegression].map((classifier) =>
      accuracy(classifier(only(train, 'premise'), 3), only(english, 'premise')),
    );
    expect(Math.max(...accuracies)).toBeLessThan(0.55);
  });

  test('how much of the hypothesis the premise repeats does not solve the task', () => {
    const share = ({ premise, hypothesis }: Pair) => {
      const seen = new Set(wordsOf(premise));
      const words = wordsOf(hypothesis);
      return `overlap${Math.floor((10 * words.filter((word) => seen.has(word)).length) / words.length)}`;
    };
    const overlap = (pairs: readonly Pair[]) => pairs.map((pair) => ({ text: share(pair), label: pair.label }));
    const found = accuracy(naiveBayes(overlap(train), 3), overlap(english));
    expect(found).toBeLessThan(0.7);
  });
});

describe('texts', () => {
  test('a pair has 6 to 40 words, 18 on average at most', () => {
    const lengths = Object.values(parts)
      .flat()
      .map(({ premise, hypothesis }) => wordsOf(premise).length + wordsOf(hypothesis).length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(6);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(40);
    expect(lengths.reduce((a, b) => a + b, 0) / lengths.length).toBeLessThan(18);
  });

  test('at least 150 content words, in training and in the test', () => {
    const names = new Set(NAMES.map((name) => name.en.name!.toLowerCase()));
    for (const pairs of [train, english]) {
      const words = new Set(pairs.flatMap(({ premise, hypothesis }) => [...wordsOf(premise), ...wordsOf(hypothesis)]));
      const content = [...words].filter((word) => word.length >= 4 && !names.has(word) && !word.endsWith("'s"));
      expect(content.length).toBeGreaterThanOrEqual(150);
    }
  });
});
