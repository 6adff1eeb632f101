import { describe, expect, test } from 'vitest';
import type { QuestionExample } from '../../src/datasets/examples';
import { randomStream } from '../../src/engine/random';
import { bestSpan } from '../../src/tasks/answerSpan';
import { questionAnswering, scoreMlqa } from '../../src/tasks/questionAnswering';
import { encodeAll, meanScores } from '../../src/tasks/task';
import { wordTokenizer } from './wordTokenizer';

const context = 'w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 😀 w11 w12';
const example = (text: string): QuestionExample => ({
  id: text,
  question: ' which one',
  context,
  answers: [
    { text, start: context.indexOf(text) },
    { text: 'w0', start: 0 },
  ],
});
// Special tokens 4 (<s> q </s></s> c </s>), question 2: 5 tokens of the context a window, of which 2 are shared.
const settings = { ...questionAnswering.defaults, maxLength: 11, docStride: 2 };

describe('windows and training labels', () => {
  const labels = (text: string) =>
    encodeAll(questionAnswering, [example(text)], wordTokenizer(), settings).map(({ target, spans }) => {
      if (target.kind !== 'span') throw new Error(target.kind);
      return target.start === 0 ? 'cls' : context.slice(spans.starts[target.start], spans.ends[target.end]);
    });

  test('the whole context is covered, the question is in every window', () => {
    const tokenizer = wordTokenizer();
    const windows = encodeAll(questionAnswering, [example('w2')], tokenizer, settings);
    const texts = windows.map(({ sequences }) => tokenizer.decode(sequences[0]!.ids.filter((id) => id >= 10)));
    expect(texts).toEqual([
      'which one w0 w1 w2 w3 w4',
      'which one w3 w4 w5 w6 w7',
      'which one w6 w7 w8 w9 😀',
      'which one w9 😀 w11 w12',
    ]);
    expect(windows.map(({ id, source }) => [id, source])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    expect([...windows[1]!.spans.starts]).toEqual([-1, -1, -1, -1, -1, 9, 12, 15, 18, 21, -1]);
  });

  test('an answer is labelled in every window that holds all of it; elsewhere the first token is', () => {
    expect(labels('w2')).toEqual(['w2', 'cls', 'cls', 'cls']);
    expect(labels('w3 w4')).toEqual(['w3 w4', 'w3 w4', 'cls', 'cls']);
    expect(labels('w4 w5')).toEqual(['cls', 'w4 w5', 'cls', 'cls']);
    expect(labels('w2 w3 w4 w5 w6 w7')).toEqual(['cls', 'cls', 'cls', 'cls']);
  });

  test('offsets are UTF-16 units: answers after an emoji are where they belong', () => {
    expect(labels('😀 w11')).toEqual(['cls', 'cls', 'cls', '😀 w11']);
  });

  test('an answer inside a token takes the token; the last token of a window is still found', () => {
    expect(labels('1 w2')).toEqual(['w1 w2', 'cls', 'cls', 'cls']);
    expect(labels('w12')).toEqual(['cls', 'cls', 'cls', 'w12']);
  });
});

describe('the best span', () => {
  /** The reference rules, as plainly as they can be said: score every pair of every window. */
  function byAllPairs(windows: Parameters<typeof bestSpan>[1], nBest: number, maxLength: number) {
    const pairs = windows.flatMap(({ spans, logits }, w) => {
      const rank = (values: Float32Array, index: number) =>
        [...values.subarray(0, spans.starts.length)].filter(
          (value, other) => value > values[index]! || (value === values[index]! && other > index),
        ).length;
      return [...spans.starts.keys()].flatMap((s) =>
        [...spans.starts.keys()]
          .filter((e) => e >= s && e - s + 1 <= maxLength && spans.starts[s]! >= 0 && spans.ends[e]! >= 0)
          .filter((e) => rank(logits.start, s) < nBest && rank(logits.end, e) < nBest)
          .map((e) => ({
            score: Math.fround(logits.start[s]! + logits.end[e]!),
            order: [w, rank(logits.start, s), rank(logits.end, e)],
            text: context.slice(spans.starts[s], spans.ends[e]),
          })),
      );
    });
    const byOrder = (a: number[], b: number[]) => a.map((x, i) => x - b[i]!).find((d) => d !== 0) ?? 0;
    pairs.sort((a, b) => b.score - a.score || byOrder(a.order, b.order));
    return pairs[0]?.text ?? 'empty';
  }

  test('equals the search over all pairs, ties included', () => {
    const encoded = encodeAll(questionAnswering, [example('w2')], wordTokenizer(), settings);
    const random = randomStream(1, 'test');
    let empty = 0;
    for (let trial = 0; trial < 300; trial++) {
      // Few distinct values, so that ties are common; logits longer than the window, as in a padded batch.
      const logits = () => Float32Array.from({ length: 16 }, () => random.integer(trial % 2 === 0 ? 4 : 1000) / 10);
      const windows = encoded.map(({ spans }) => ({ spans, logits: { start: logits(), end: logits() } }));
      const nBestSize = 1 + random.integer(6);
      const maxAnswerLength = 1 + random.integer(4);
      const expected = byAllPairs(windows, nBestSize, maxAnswerLength);
      expect(bestSpan(context, windows, { nBestSize, maxAnswerLength }).text).toBe(expected);
      if (expected === 'empty') empty++;
    }
    expect(empty).toBeGreaterThan(5);
    expect(empty).toBeLessThan(250);
  });

  test('question and special tokens take up places among the best without becoming answers', () => {
    const spans = { starts: Int32Array.of(-1, -1, 0, 3), ends: Int32Array.of(-1, -1, 2, 5) };
    const logits = { start: Float32Array.of(9, 8, 1, 2), end: Float32Array.of(9, 8, 1, 2) };
    const search = { nBestSize: 2, maxAnswerLength: 30 };
    expect(bestSpan(context, [{ spans, logits }], search)).toEqual({ text: 'empty', start: -1, end: -1, score: 0 });
    expect(bestSpan(context, [{ spans, logits }], { ...search, nBestSize: 3 }).text).toBe('w1');
    expect(bestSpan(context, [{ spans, logits }], { ...search, nBestSize: 4 })).toMatchObject({ text: 'w1', score: 4 });
  });
});

describe('predict and score', () => {
  test('windows of a question are pooled; the best match over the accepted answers counts', () => {
    const examples = [example('w4 w5'), example('w11')];
    const encoded = encodeAll(questionAnswering, examples, wordTokenizer(), settings);
    const logits = encoded.map(({ source, spans }) => {
      const wanted = source === 0 ? context.indexOf('w4') : context.indexOf('w9');
      const at = spans.starts.indexOf(wanted);
      const peak = new Float32Array(11).map((_, token) => (token === at ? 5 : 0));
      return { start: peak, end: peak };
    });
    const predictions = questionAnswering.predict(logits, encoded, examples, settings);
    expect(predictions.map(({ text }) => text)).toEqual(['w4', 'w9']);
    expect(predictions[0]).toMatchObject({ start: 12, end: 14, score: 10 });
    const scores = predictions.map((prediction, i) => questionAnswering.score(prediction, examples[i]!, 'en'));
    expect(scores[0]).toEqual({ exactMatch: 0, f1: 2 / 3 });
    expect(meanScores(scores)).toEqual({ exactMatch: 0, f1: 1 / 3 });
  });

  test("MLQA's own metric stands beside SQuAD's", () => {
    const question = { ...example('w0'), answers: [{ text: 'casa', start: 0 }] };
    const prediction = { text: 'la casa', start: 0, end: 7, score: 1 };
    expect(scoreMlqa(prediction, question, 'es')).toEqual({
      exactMatch: 0,
      f1: 2 / 3,
      mlqaExactMatch: 1,
      mlqaF1: 1,
    });
    expect(() => scoreMlqa(prediction, question, 'th')).toThrow(/not defined for "th"/);
  });
});
