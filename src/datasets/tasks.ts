/** The four experiments of the paper (§5.1): what each is trained on in English, and tested on in other languages. */
import type { MultipleChoiceExample, NliExample, QuestionExample, Suite } from './examples';

/** Example type of each task. */
export interface TaskExamples {
  /** MNLI → XNLI. */
  nli: NliExample;
  /** COPA → XCOPA. */
  copa: MultipleChoiceExample;
  /** SQuAD → XQuAD. */
  'qa-xquad': QuestionExample;
  /** SQuAD → MLQA. */
  'qa-mlqa': QuestionExample;
}

export type TaskName = keyof TaskExamples;
export const taskNames = ['nli', 'copa', 'qa-xquad', 'qa-mlqa'] as const satisfies readonly TaskName[];

/** The English training set; two tasks that have the same one differ in their tests alone. */
export const trainingSetOf = {
  nli: 'mnli',
  copa: 'copa',
  'qa-xquad': 'squad',
  'qa-mlqa': 'squad',
} as const satisfies Readonly<Record<TaskName, string>>;

export type TrainingSet = (typeof trainingSetOf)[TaskName];

export const testSetOf = {
  nli: 'xnli',
  copa: 'xcopa',
  'qa-xquad': 'xquad',
  'qa-mlqa': 'mlqa',
} as const satisfies Readonly<Record<TaskName, string>>;

/** Where COPA's test examples in a language are; published, the English ones are not in XCOPA. */
export const copaTestSet = (suite: Suite, language: string): 'copa' | 'xcopa' =>
  suite === 'published' && language === 'en' ? 'copa' : 'xcopa';

/** The languages besides English that the paper tests on (§5.1). */
export const paperLanguages: Readonly<Record<TaskName, readonly string[]>> = {
  nli: ['ar', 'de', 'el', 'es', 'hi', 'ru', 'sw', 'th', 'tr', 'vi', 'zh'],
  copa: ['et', 'ht', 'id', 'it', 'qu', 'sw', 'ta', 'th', 'tr', 'vi', 'zh'],
  'qa-xquad': ['ar', 'de', 'el', 'es', 'hi', 'ru', 'th', 'tr', 'vi', 'zh'],
  'qa-mlqa': ['ar', 'de', 'es', 'hi', 'vi', 'zh'],
};

/** Whether the task asks for a span of a paragraph, and is not a classification. */
export function asksForSpans(task: TaskName): boolean {
  return trainingSetOf[task] === 'squad';
}
