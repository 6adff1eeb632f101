/**
 * One's own text, a row at a time: what a row of each task holds, and how a prediction on it is told. A row becomes an
 * example like any other, so that it is encoded and answered as those of a test set are.
 */
import { nliLabels, type MultipleChoiceExample, type NliExample, type QuestionExample } from '../datasets/examples';
import { refuseUnknownKeys, shown, UserError } from '../engine/errors';
import type { AnswerPrediction } from './answerSpan';
import type { ClassLogits } from './task';

/** A pair of sentences, in any language. */
export interface PairRow {
  readonly premise: string;
  readonly hypothesis: string;
}

/** Two possible causes (or effects) of a premise. */
export interface ChoiceRow {
  readonly premise: string;
  /** Two. */
  readonly choices: readonly string[];
  readonly asksFor: 'cause' | 'effect';
}

/** A question whose answer stands in the context. */
export interface QuestionRow {
  readonly question: string;
  readonly context: string;
}

export type TextRow = PairRow | ChoiceRow | QuestionRow;

/** What is said of a pair or of two choices. */
export interface LabelledRow {
  /** The likeliest label: entailment, neutral, contradiction; choice1, choice2. */
  readonly label: string;
  /** Of every label; they sum to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/** What is answered to a question. */
export interface AnsweredRow {
  /**
   * `context.slice(start, end)`, without white space at its ends; empty where no span was possible, and start and end
   * are −1 then.
   */
  readonly answer: string;
  /** Start logit + end logit: larger is surer, within one run. */
  readonly score: number;
  /** In UTF-16 units, as JavaScript counts. */
  readonly start: number;
  readonly end: number;
}

export type PredictedRow = LabelledRow | AnsweredRow;

/** What a row of this type is answered with. */
export type PredictionOf<Row> = Row extends QuestionRow ? AnsweredRow : LabelledRow;

/** A task's way from rows to examples and from predictions to rows. */
export interface OwnText<Example, Logits, Prediction> {
  /** How a row is written, for messages. */
  readonly form: string;
  /**
   * A row may also be an example of a data set; its label or answers are not looked at.
   *
   * @param where names the row. @throws UserError that says what is wrong with it.
   */
  readonly read: (row: Readonly<Record<string, unknown>>, where: string) => Example;
  readonly tell: (prediction: Prediction, logits: Logits) => PredictedRow;
  /** Names by index: of the classes or choices. */
  readonly labels?: readonly string[];
}

export const pairText: OwnText<NliExample, ClassLogits, number> = {
  form: '{ premise, hypothesis }',
  read: (row, where) => {
    refuseUnknownKeys(where, row, ['premise', 'hypothesis', 'label']);
    return { premise: textOf(row, 'premise', where), hypothesis: textOf(row, 'hypothesis', where), label: 0 };
  },
  ...labelled(nliLabels),
};

export const choiceText: OwnText<MultipleChoiceExample, ClassLogits, number> = {
  form: "{ premise, choices: [one, other], asksFor: 'cause' }",
  read: (row, where) => {
    refuseUnknownKeys(where, row, ['premise', 'choices', 'asksFor', 'label']);
    const { choices, asksFor } = row;
    if (!Array.isArray(choices) || choices.length !== 2 || !choices.every(isText)) {
      throw new UserError(`${where}: choices must be two texts that are not empty, not ${shown(choices)}.`);
    }
    if (asksFor !== 'cause' && asksFor !== 'effect') {
      throw new UserError(`${where}: asksFor must be "cause" or "effect", not ${shown(asksFor)}.`);
    }
    return { premise: textOf(row, 'premise', where), choices: choices, asksFor, label: 0 };
  },
  ...labelled(['choice1', 'choice2']),
};

export const questionText: OwnText<QuestionExample, unknown, AnswerPrediction> = {
  form: '{ question, context }',
  read: (row, where) => {
    refuseUnknownKeys(where, row, ['question', 'context', 'id', 'answers']);
    const [question, context] = [textOf(row, 'question', where), textOf(row, 'context', where)];
    return { id: where, question, context, answers: [{ text: '', start: 0 }] };
  },
  tell: ({ text, score, start, end }) => {
    if (start === -1) return { answer: '', score, start, end };
    // A token may include the space before its word. Scores do not see white space at the ends; a reader does.
    const answer = text.trim();
    const from = start + text.length - text.trimStart().length;
    return { answer, score, start: from, end: from + answer.length };
  },
};

/** The examples of the rows. @throws UserError that names the first row that is none. */
export function readRows<Example>(
  { form, read }: Pick<OwnText<Example, never, never>, 'form' | 'read'>,
  rows: readonly unknown[],
): Example[] {
  if (!Array.isArray(rows)) throw new UserError(`predict takes a list of rows, [${form}, …], not ${shown(rows)}.`);
  if (rows.length === 0) throw new UserError(`predict needs at least one row: [${form}, …].`);
  return rows.map((row: unknown, i) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new UserError(`rows[${i}] must be ${form}, not ${shown(row)}.`);
    }
    return read(row as Readonly<Record<string, unknown>>, `rows[${i}]`);
  });
}

/** Probabilities are the softmax of the logits. */
function labelled(labels: readonly string[]): Pick<OwnText<never, ClassLogits, number>, 'tell' | 'labels'> {
  return {
    labels,
    tell: (label, logits) => {
      const largest = Math.max(...logits);
      const weights = Array.from(logits, (logit) => Math.exp(logit - largest));
      const sum = weights.reduce((a, b) => a + b, 0);
      const probabilities = Object.fromEntries(labels.map((name, i) => [name, weights[i]! / sum]));
      return { label: labels[label]!, probabilities };
    },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function textOf(row: Readonly<Record<string, unknown>>, key: string, where: string): string {
  const value = row[key];
  if (isText(value)) return value;
  throw new UserError(`${where}: ${key} must be a text that is not empty, not ${shown(value)}.`);
}
