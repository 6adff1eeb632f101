/**
 * Extractive question answering (SQuAD → XQuAD, MLQA): question and context in overlapping windows, a start and an
 * end logit a token, F1 and exact match of the best span's text.
 */
import type { QuestionExample } from '../datasets/examples';
import type { Encoding } from '../tokenizers/encoding';
import { isMlqaLanguage, normalizeMlqa, normalizeSquad, scoreAnswer } from './answerScores';
import { bestSpan, type AnswerPrediction, type SpanSearch, type WindowSpans } from './answerSpan';
import type { EncodedExample, Target } from './batch';
import { checkLogits, type SpanLogits, type Task } from './task';
import { UserError } from '../engine/errors';

export interface QuestionAnsweringSettings extends SpanSearch {
  /** Tokens of a window: question, piece of the context, special tokens. */
  readonly maxLength: number;
  /** Tokens of the context that neighbouring windows share. */
  readonly docStride: number;
}

/** A window of a question; `source` is the question's index. */
export interface QuestionWindow extends EncodedExample {
  readonly spans: WindowSpans;
}

type QuestionTask = Task<QuestionExample, QuestionAnsweringSettings, QuestionWindow, SpanLogits, AnswerPrediction>;

/** SQuAD's metric in every language, as in the paper's scripts. */
export const questionAnswering: QuestionTask = {
  name: 'questionAnswering',
  head: { kind: 'span' },
  mainMetric: 'f1',
  defaults: { maxLength: 384, docStride: 128, nBestSize: 20, maxAnswerLength: 30 },
  encode: (example, source, tokenizer, { maxLength, docStride }) => {
    const question = example.question.trimStart();
    return tokenizer.windows(question, example.context, { maxLength, stride: docStride }).map((window) => ({
      id: source,
      source,
      sequences: [{ ids: window.ids, typeIds: window.typeIds }],
      target: answerTarget(window, example),
      spans: contextSpans(window),
    }));
  },
  predict: (logits, encoded, examples, settings) => {
    checkLogits(logits, encoded);
    const windowsOf = examples.map((): { spans: WindowSpans; logits: SpanLogits }[] => []);
    encoded.forEach(({ source, spans }, i) => windowsOf[source]!.push({ spans, logits: logits[i]! }));
    return examples.map(({ context }, i) => bestSpan(context, windowsOf[i]!, settings));
  },
  score: ({ text }, { answers }) =>
    scoreAnswer(
      text,
      answers.map((answer) => answer.text),
      normalizeSquad,
    ),
};

/** MLQA's own metric beside SQuAD's, in the language of the test set. */
export const scoreMlqa: QuestionTask['score'] = (prediction, example, language) => {
  if (!isMlqaLanguage(language)) {
    throw new UserError(`MLQA's metric is not defined for "${language}". Allowed: ar, de, en, es, hi, vi, zh.`);
  }
  const accepted = example.answers.map(({ text }) => text);
  const own = scoreAnswer(prediction.text, accepted, normalizeMlqa(language));
  const squad = questionAnswering.score(prediction, example, language);
  return { ...squad, mlqaF1: own.f1, mlqaExactMatch: own.exactMatch };
};

function contextSpans({ starts, ends, sequence }: Encoding): WindowSpans {
  const inContext = (offset: number, token: number): number => (sequence[token] === 1 ? offset : -1);
  return { starts: starts.map(inContext), ends: ends.map(inContext) };
}

/**
 * Labels of a training window, from the first answer: the last context token that starts at or before the answer and
 * the first that ends at or after its end; the first token (CLS) for both when the answer is not inside the window.
 *
 * The reference script agrees except where the answer starts in the window's last context token: there its search
 * runs on over special tokens and padding, whose offsets are 0, and labels the last padding. We stay in the context.
 */
function answerTarget({ starts, ends, sequence }: Encoding, { answers }: QuestionExample): Target {
  const answer = answers[0]!;
  const answerEnd = answer.start + answer.text.length;
  const first = sequence.indexOf(1);
  const last = sequence.lastIndexOf(1);
  if (first === -1 || starts[first]! > answer.start || ends[last]! < answerEnd)
    return { kind: 'span', start: 0, end: 0 };
  let start = last;
  while (starts[start]! > answer.start) start--;
  let end = first;
  while (ends[end]! < answerEnd) end++;
  return { kind: 'span', start, end };
}
