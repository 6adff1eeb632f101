/** Trivial baselines: what a score is worth that no model was needed for. All scores lie in [0, 1]. */
import type { QuestionExample } from '../../src/datasets/examples';
import { questionAnswering } from '../../src/tasks/questionAnswering';
import { meanScores, type Scores } from '../../src/tasks/task';

/** Accuracy on `test` of always answering the most frequent label of `train` (the lowest of equally frequent ones). */
export function majorityClass(train: readonly { label: number }[], test: readonly { label: number }[]): Scores {
  const counts: number[] = [];
  for (const { label } of train) counts[label] = (counts[label] ?? 0) + 1;
  const majority = counts.reduce((best, count, label) => (count > (counts[best] ?? 0) ? label : best), 0);
  return { accuracy: test.filter(({ label }) => label === majority).length / test.length };
}

/** Expected accuracy of a uniform choice among `classes`: exact, no draw. */
export function randomChoice(classes: number): Scores {
  return { accuracy: 1 / classes };
}

/** F1 and exact match of answering every question with a span that `guess` finds in the context alone. */
export function contextOnly(examples: readonly QuestionExample[], guess: (context: string) => string): Scores {
  return meanScores(
    examples.map((example) => {
      const prediction = { text: guess(example.context), start: -1, end: -1, score: 0 };
      return questionAnswering.score(prediction, example, 'en');
    }),
  );
}

/** The first `count` words of a text, by the word boundaries of its language, with what stands between them. */
export function firstWords(language: string, count: number): (context: string) => string {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
  return (context) => {
    let words = 0;
    for (const { segment, index, isWordLike } of segmenter.segment(context)) {
      if (isWordLike && ++words === count) return context.slice(0, index + segment.length);
    }
    return context;
  };
}

const word = /\p{Lu}[\p{L}\p{N}'’-]*|\p{N}+(?:[.,]\p{N}+)*/u.source;
const wordRun = new RegExp(`(?<![\\p{L}\\p{N}])(?:${word})(?: (?:${word}))*`, 'gu');

/**
 * The first run of capitalised words or numbers that does not open the text: a stand-in for the first noun phrase,
 * in scripts with capitals; elsewhere the first number, else the first three words.
 */
export function firstNounPhrase(language: string): (context: string) => string {
  const fallback = firstWords(language, 3);
  return (context) => {
    for (const match of context.matchAll(wordRun)) {
      if (match.index !== 0) return match[0];
    }
    return fallback(context);
  };
}
