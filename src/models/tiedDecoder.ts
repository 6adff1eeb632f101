/**
 * The output softmax of a masked language model, tied to the word table, without ever holding logits of the whole
 * vocabulary: the table is read a few thousand rows at a time, and the log-sum-exp and its gradient are carried along
 * (Milakov and Gimelshein 2018). 250,000 words cost as much memory as 8,192.
 *
 * M masked positions, H hidden, V words, C words of one chunk.
 */
import { UserError, wholeNumber } from '../engine/errors';
import type { RandomStream } from '../engine/random';
import { tf } from '../engine/tf';

/** Words that take part in the softmax. */
export interface Candidates {
  readonly ids: Int32Array;
  /** ln of how many words of the vocabulary each of them stands for; 0 when it stands for itself. */
  readonly logWeight: number;
}

/** Every word: the exact softmax. */
export const wholeVocabulary = (words: number): Candidates[] => [
  { ids: Int32Array.from({ length: words }, (_, id) => id), logWeight: 0 },
];

/**
 * Every word of `certain` (all that occur in the text, so that no label is missed) and `count` others drawn uniformly
 * without replacement, each standing for as many of the rest: the sum under the softmax is estimated without bias.
 */
export function sampledVocabulary(
  certain: Int32Array,
  words: number,
  count: number,
  stream: RandomStream,
): Candidates[] {
  const rest = words - certain.length;
  wholeNumber('candidates', count);
  if (count >= rest) return wholeVocabulary(words);
  const taken = new Set(certain);
  const drawn = new Int32Array(count);
  for (let i = 0; i < count;) {
    const id = stream.integer(words);
    if (taken.has(id)) continue;
    taken.add(id);
    drawn[i++] = id;
  }
  return [
    { ids: certain, logWeight: 0 },
    { ids: drawn, logWeight: Math.log(rest / count) },
  ];
}

/** The words' vectors and biases. */
export interface DecoderWords {
  readonly count: number;
  /** Rows of the word table [ids.length, H]; the caller owns them. */
  rows(ids: Int32Array): tf.Tensor2D;
  /** [V]; absent: none. */
  readonly bias?: Float32Array;
}

/** Rows of the word table that are on the device at one time. */
export const CHUNK = 8192;

export interface DecoderLoss {
  /** Mean over the positions of −ln p(label); nats. */
  readonly loss: tf.Scalar;
  /** Its gradient with respect to z [M, H]; zero-sized when it was not asked for. */
  readonly dz: tf.Tensor2D;
}

/**
 * z [M, H], labels [M] (each of them among the candidates) → loss and gradient, both the caller's.
 *
 * With running maximum m, sum s = Σ exp(ℓ − m) and a = Σ exp(ℓ − m)·w over the words so far, the loss of a position is
 * m + ln s − ℓ(label) and its gradient a/s − w(label).
 */
export function decoderLoss(
  z: tf.Tensor2D,
  labels: Int32Array,
  words: DecoderWords,
  candidates: readonly Candidates[],
  result: 'loss' | 'loss and gradient',
  chunk = CHUNK,
): DecoderLoss {
  const [M, H] = z.shape;
  if (labels.length !== M || M === 0) throw new UserError(`${labels.length} labels for ${M} masked positions.`);
  const withGradient = result === 'loss and gradient';
  let state: { m: tf.Tensor; s: tf.Tensor; a: tf.Tensor } = tf.tidy(() => ({
    m: tf.fill([M, 1], -Infinity),
    s: tf.zeros([M, 1]),
    a: tf.zeros([M, H]),
  }));
  for (const { ids, logWeight } of candidates) {
    for (let from = 0; from < ids.length; from += chunk) {
      const part = ids.subarray(from, from + chunk);
      const next = tf.tidy(() => {
        const w = words.rows(part); // [C, H]
        const scores = tf.matMul(z, w, false, true).add(biasRow(words, part, logWeight)); // [M, C]
        const m = tf.maximum(state.m, scores.max(1, true)); // [M, 1]
        const kept = tf.exp(tf.sub(state.m, m));
        const e = tf.exp(tf.sub(scores, m)) as tf.Tensor2D; // [M, C]
        const s = state.s.mul(kept).add(e.sum(1, true));
        return { m, s, a: withGradient ? state.a.mul(kept).add(tf.matMul(e, w)) : state.a.clone() };
      });
      tf.dispose(state);
      state = next;
    }
  }
  const { loss, dz } = tf.tidy(() => {
    const own = words.rows(labels); // [M, H]
    const scores = z
      .mul(own)
      .sum(1, true)
      .add(biasRow(words, labels, 0).reshape([M, 1])); // [M, 1]
    const loss = tf.mean<tf.Scalar>(state.m.add(tf.log(state.s)).sub(scores));
    const dz = withGradient ? tf.div(tf.sub(tf.div(state.a, state.s), own), M) : tf.zeros([0, H]);
    return { loss, dz: dz as tf.Tensor2D };
  });
  tf.dispose(state);
  return { loss, dz };
}

/** Logits of some words at each position: z [M, H] → [M, C]. */
export const wordScores = (z: tf.Tensor2D, words: DecoderWords, ids: Int32Array, logWeight = 0): tf.Tensor2D =>
  tf.tidy(() => tf.matMul(z, words.rows(ids), false, true).add(biasRow(words, ids, logWeight)));

/** b + ln(weight) of these words [C]. */
const biasRow = ({ bias }: DecoderWords, ids: Int32Array, logWeight: number): tf.Tensor1D =>
  tf.tensor1d(Float32Array.from(ids, (id) => (bias?.[id] ?? 0) + logWeight));
