/**
 * From start and end logits over windows to the answer, by the rules of the reference scripts (transformers'
 * `postprocess_qa_predictions`, without the null answer of SQuAD 2).
 */
import type { SpanLogits } from './task';

/** Where the tokens of a window stand in the context, in UTF-16 units; −1 for tokens that are not of the context. */
export interface WindowSpans {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface AnswerPrediction {
  readonly text: string;
  /** `context.slice(start, end)` is the text; both −1 when no span was possible. */
  readonly start: number;
  readonly end: number;
  /** Start logit + end logit. */
  readonly score: number;
}

export interface SpanSearch {
  /** How many of the best starts and of the best ends of each window are paired. */
  readonly nBestSize: number;
  /** In tokens. */
  readonly maxAnswerLength: number;
}

/** What the reference scripts answer when no span is left; it counts as a wrong answer like any other. */
const noAnswer: AnswerPrediction = { text: 'empty', start: -1, end: -1, score: 0 };

/**
 * The best span over all windows of a question.
 *
 * All positions of a window, the question's and the special tokens' too, compete for the best 20 starts and ends;
 * pairs outside the context, reversed, or longer than `maxAnswerLength` tokens are then dropped. Scores are float32
 * sums; of equal ones the first in the order of windows, starts, ends wins.
 */
export function bestSpan(
  context: string,
  windows: readonly { readonly spans: WindowSpans; readonly logits: SpanLogits }[],
  { nBestSize, maxAnswerLength }: SpanSearch,
): AnswerPrediction {
  let best: AnswerPrediction | undefined;
  let candidates = 0;
  for (const { spans, logits } of windows) {
    const length = spans.starts.length;
    const endIndexes = largest(logits.end, length, nBestSize);
    for (const first of largest(logits.start, length, nBestSize)) {
      for (const last of endIndexes) {
        const start = spans.starts[first]!;
        const end = spans.ends[last]!;
        if (start === -1 || end === -1 || last < first || last - first + 1 > maxAnswerLength) continue;
        candidates++;
        const score = Math.fround(logits.start[first]! + logits.end[last]!);
        if (best === undefined || score > best.score) best = { text: context.slice(start, end), start, end, score };
      }
    }
  }
  if (best === undefined || (candidates === 1 && best.text === '')) return noAnswer;
  return best;
}

/** Indexes of the `count` largest of the first `length` values, descending; of equal values the later comes first. */
function largest(values: Float32Array, length: number, count: number): number[] {
  return Array.from({ length }, (_, index) => index)
    .sort((a, b) => values[b]! - values[a]! || b - a)
    .slice(0, count);
}
