/**
 * Exact match and F1 of an extracted answer, equal to the official evaluation scripts of SQuAD 1.1 and MLQA 1.0.
 * They differ in the normalisation of answers only: SQuAD's knows English articles and ASCII punctuation; MLQA's
 * takes the language of the answer.
 */
import { UserError } from '../engine/errors';
import { allPunctuation, asciiPunctuation, pythonSplit, wholeWords } from './pythonText';

export type AnswerScore = {
  /** 0 or 1. */
  readonly exactMatch: number;
  /** In [0, 1]. */
  readonly f1: number;
};

/** Turns an answer into the words that are compared. */
export type NormalizeAnswer = (answer: string) => string[];

const english = wholeWords(['a', 'an', 'the']);

/** SQuAD 1.1: lower case, no ASCII punctuation, no English article, words by white space. */
export function normalizeSquad(answer: string): string[] {
  return pythonSplit(answer.toLowerCase().replace(asciiPunctuation, '').replace(english, ' '));
}

/**
 * What MLQA's script takes for articles. Its Arabic pattern (`\sال^|ال`) can match by its second half only, so every
 * "ال" becomes a space, inside words too; that is kept, since scores must equal the published ones.
 */
const mlqaArticles = {
  ar: /ال/gu,
  de: wholeWords('ein eine einen einem eines einer der die das den dem des'.split(' ')),
  en: english,
  es: wholeWords('un una unos unas el la los las'.split(' ')),
  hi: undefined,
  vi: wholeWords('của là cái chiếc những'.split(' ')),
  zh: undefined,
} as const satisfies Record<string, RegExp | undefined>;

export type MlqaLanguage = keyof typeof mlqaArticles;

export function isMlqaLanguage(language: string): language is MlqaLanguage {
  return Object.hasOwn(mlqaArticles, language);
}

/** MLQA 1.0 in the language of the answer (that of the context). In Chinese, each character is a word. */
export function normalizeMlqa(language: MlqaLanguage): NormalizeAnswer {
  const articles = mlqaArticles[language];
  return (answer) => {
    const bare = answer.toLowerCase().replace(allPunctuation, '');
    const text = articles ? bare.replace(articles, ' ') : bare;
    return pythonSplit(language === 'zh' ? text.replace(/[\u4e00-\u9fa5]/gu, ' $& ') : text);
  };
}

/** The best exact match and the best F1 over the accepted answers, each for itself, as both scripts do. */
export function scoreAnswer(prediction: string, accepted: readonly string[], normalize: NormalizeAnswer): AnswerScore {
  if (accepted.length === 0) throw new UserError('A question needs at least one accepted answer; none was given.');
  const predicted = normalize(prediction);
  const scores = accepted.map((answer) => {
    const gold = normalize(answer);
    return { exactMatch: Number(predicted.join(' ') === gold.join(' ')), f1: wordF1(predicted, gold) };
  });
  return {
    exactMatch: Math.max(...scores.map(({ exactMatch }) => exactMatch)),
    f1: Math.max(...scores.map(({ f1 }) => f1)),
  };
}

/** F1 over the two multisets of words; 0 when none is shared, also when both are empty. */
function wordF1(predicted: readonly string[], gold: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of gold) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of predicted) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  if (shared === 0) return 0;
  const precision = shared / predicted.length;
  const recall = shared / gold.length;
  return (2 * precision * recall) / (precision + recall);
}
