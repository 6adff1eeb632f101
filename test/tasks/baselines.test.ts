import { expect, test } from 'vitest';
import { contextOnly, firstNounPhrase, firstWords, majorityClass, randomChoice } from './baselines';

const labels = (...values: number[]) => values.map((label) => ({ label }));

test('majority class: the training set decides, the test set is scored', () => {
  expect(majorityClass(labels(0, 2, 2, 1), labels(2, 2, 0, 1))).toEqual({ accuracy: 0.5 });
  expect(majorityClass(labels(1, 1, 2, 2), labels(1, 2, 2, 2))).toEqual({ accuracy: 0.25 });
});

test('random choice is exact', () => {
  expect(randomChoice(2)).toEqual({ accuracy: 0.5 });
  expect(randomChoice(3).accuracy).toBeCloseTo(1 / 3, 15);
});

test('first words, also where no spaces are', () => {
  expect(firstWords('en', 2)('The red, old boat.')).toBe('The red');
  expect(firstWords('en', 9)('Two words')).toBe('Two words');
  expect(firstWords('zh', 1)('北京是城市。').length).toBeLessThan(4);
});

test('the first run of names or numbers after the opening', () => {
  expect(firstNounPhrase('en')('The boat left Port Ellen in 1907.')).toBe('Port Ellen');
  expect(firstNounPhrase('en')('It sank in 1,907. Later')).toBe('1,907');
  expect(firstNounPhrase('en')('nothing is named here')).toBe('nothing is named');
});

test('context only: scored by the metric of SQuAD', () => {
  const example = { id: '1', question: '?', context: 'a red boat', answers: [{ text: 'The red boat', start: 0 }] };
  expect(contextOnly([example, { ...example, answers: [{ text: 'sea', start: 0 }] }], firstWords('en', 3))).toEqual({
    exactMatch: 0.5,
    f1: 0.5,
  });
});
