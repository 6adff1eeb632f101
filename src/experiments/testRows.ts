/** A test set with what a run says of it, one row an example: flat, for tables, arquero, danfojs or CSV. */
import type { MultipleChoiceExample, NliExample, QuestionExample, Split } from '../datasets/examples';
import type { TaskName } from '../datasets/tasks';
import { choiceText, pairText, type AnsweredRow, type LabelledRow, type PredictedRow } from '../tasks/ownText';
import { questionAnswering } from '../tasks/questionAnswering';

/** Of the text, a row has the columns of its task. */
export interface TestRow {
  readonly language: string;
  /** Its place in the test set as it is scored, from 0, as in `exampleRows`. */
  readonly example: number;
  readonly premise?: string;
  readonly hypothesis?: string;
  readonly choice1?: string;
  readonly choice2?: string;
  readonly asksFor?: 'cause' | 'effect';
  readonly question?: string;
  readonly context?: string;
  /** The right label (entailment, neutral, contradiction; choice1, choice2), or the first accepted answer. */
  readonly gold: string;
  /** What the run says; an answer is empty where no span was possible. */
  readonly predicted: string;
  /** 1 or 0; of answers: exact match with any that is accepted. */
  readonly correct: 0 | 1;
  /** Of the predicted label. */
  readonly probability?: number;
  /** Of answers, 0 … 1. */
  readonly f1?: number;
  /** Of answers: start logit + end logit. */
  readonly score?: number;
}

/** @param predicted what the run says of each example of the split, in order. */
export function testRows(task: TaskName, split: Split<unknown>, predicted: readonly PredictedRow[]): TestRow[] {
  const rowOf = rowsOfTask[task] as (example: unknown, said: PredictedRow, language: string) => OfTask;
  const { language, examples } = split;
  return examples.map((example, i) => ({ language, example: i, ...rowOf(example, predicted[i]!, language) }));
}

type OfTask = Omit<TestRow, 'language' | 'example'>;

const rowsOfTask = {
  nli: ({ premise, hypothesis, label }: NliExample, said: LabelledRow) => ({
    premise,
    hypothesis,
    ...labelled(pairText.labels![label]!, said),
  }),
  copa: ({ premise, choices, asksFor, label }: MultipleChoiceExample, said: LabelledRow) => ({
    premise,
    choice1: choices[0]!,
    choice2: choices[1]!,
    asksFor,
    ...labelled(choiceText.labels![label]!, said),
  }),
  'qa-xquad': answered,
  'qa-mlqa': answered,
} satisfies Record<TaskName, (example: never, said: never, language: string) => OfTask>;

const labelled = (gold: string, { label, probabilities }: LabelledRow) => ({
  gold,
  predicted: label,
  correct: label === gold ? (1 as const) : (0 as const),
  probability: probabilities[label]!,
});

function answered(example: QuestionExample, { answer, score, start, end }: AnsweredRow, language: string): OfTask {
  const text = start === -1 ? 'empty' : answer; // what the reference scripts score where no span was possible
  const { exactMatch, f1 } = questionAnswering.score({ text, score, start, end }, example, language);
  const { question, context, answers } = example;
  return {
    question,
    context,
    gold: answers[0]!.text,
    predicted: answer,
    correct: exactMatch === 1 ? 1 : 0,
    f1: f1!,
    score,
  };
}
