/**
 * What a task is: how its examples become tokens, which head they need, how logits become predictions, and how
 * predictions are scored. No tensors: logits come in as plain arrays, one entry an encoded example.
 */
import { UserError } from '../engine/errors';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { EncodedExample } from './batch';

/** The head that a task puts on the encoder. */
export type HeadKind =
  /** Logits over classes: [E, C]. */
  | { readonly kind: 'classification'; readonly classes: number }
  /** One logit a sequence: [E, S]. */
  | { readonly kind: 'multipleChoice' }
  /** Two logits a token: [E, T, 2], start and end. */
  | { readonly kind: 'span' }
  /** Logits over the vocabulary at masked positions. */
  | { readonly kind: 'maskedLanguageModel' };

/** Logits over classes or choices: [C] or [S]. */
export type ClassLogits = Float32Array;

/** Logits over the tokens of a window, [T] each; entries past the window's tokens are padding and not looked at. */
export interface SpanLogits {
  readonly start: Float32Array;
  readonly end: Float32Array;
}

/** Scores over a test set, each in [0, 1], by metric name. */
export type Scores = Readonly<Record<string, number>>;

export interface Task<Example, Settings, Encoded extends EncodedExample, Logits, Prediction> {
  readonly name: string;
  readonly head: HeadKind;
  /** The metric that selects checkpoints and is printed first. */
  readonly mainMetric: string;
  /** Defaults are the paper's. */
  readonly defaults: Settings;
  /** One encoded example an example, or several windows. `source` is the example's index in the data set. */
  readonly encode: (example: Example, source: number, tokenizer: Tokenizer, settings: Settings) => Encoded[];
  /** One prediction an example, from the logits of its encoded examples (`logits[i]` belongs to `encoded[i]`). */
  readonly predict: (
    logits: readonly Logits[],
    encoded: readonly Encoded[],
    examples: readonly Example[],
    settings: Settings,
  ) => Prediction[];
  /** Scores of one example in [0, 1], by metric name: what paired tests need. `language` is that of the test set. */
  readonly score: (prediction: Prediction, example: Example, language: string) => Scores;
}

/** Encodes a whole set; ids count up from 0. */
export function encodeAll<Example, Settings, Encoded extends EncodedExample>(
  task: Pick<Task<Example, Settings, Encoded, never, never>, 'encode'>,
  examples: readonly Example[],
  tokenizer: Tokenizer,
  settings: Settings,
): Encoded[] {
  return examples
    .flatMap((example, source) => task.encode(example, source, tokenizer, settings))
    .map((encoded, id) => ({ ...encoded, id }));
}

/** The metric of a set: the mean of each per-example score. */
export function meanScores(perExample: readonly Scores[]): Scores {
  const first = perExample[0];
  if (first === undefined) throw new UserError('No example to score: the test set is empty.');
  const mean = (metric: string) => perExample.reduce((sum, scores) => sum + scores[metric]!, 0) / perExample.length;
  return Object.fromEntries(Object.keys(first).map((metric) => [metric, mean(metric)]));
}

/** Index of the largest value; the first of equal ones, as NumPy's argmax. */
export function argMax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** One logits entry an encoded example, or a defect. */
export function checkLogits(logits: readonly unknown[], encoded: readonly unknown[]): void {
  if (logits.length !== encoded.length) {
    throw new Error(`${logits.length} rows of logits for ${encoded.length} encoded examples.`);
  }
}
