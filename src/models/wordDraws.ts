/**
 * Words drawn from the softmax of a masked-LM decoder, which is never held for the whole vocabulary: first the chunk of
 * the vocabulary, by its share of the probability, then the word within it.
 */
import type { RandomStream } from '../engine/random';
import { tf } from '../engine/tf';
import { wordScores, CHUNK, type DecoderWords } from './tiedDecoder';

/** z [M, H] → one word id a row, drawn from the softmax over all words. */
export function drawWords(z: tf.Tensor2D, words: DecoderWords, stream: RandomStream, chunk = CHUNK): Int32Array {
  const M = z.shape[0];
  const chunks = Array.from({ length: Math.ceil(words.count / chunk) }, (_, c) => {
    const length = Math.min(chunk, words.count - c * chunk);
    return Int32Array.from({ length }, (_, i) => c * chunk + i);
  });
  // ln Σ exp(score) of each chunk: [chunks][M]
  const masses = chunks.map((ids) =>
    tf.tidy(() =>
      tf
        .logSumExp(wordScores(z, words, ids), 1)
        .dataSync<'float32'>()
        .slice(),
    ),
  );
  const rowsOfChunk: number[][] = chunks.map(() => []);
  for (let row = 0; row < M; row++) {
    const ofRow = masses.map((mass) => mass[row]!);
    rowsOfChunk[drawFrom(ofRow, stream)]!.push(row);
  }
  const drawn = new Int32Array(M);
  rowsOfChunk.forEach((rows, c) => {
    if (rows.length === 0) return;
    const scores = tf.tidy(() => {
      const own = tf.gather(z, tf.tensor1d(rows, 'int32'));
      return wordScores(own, words, chunks[c]!).arraySync();
    });
    rows.forEach((row, i) => (drawn[row] = chunks[c]![drawFrom(scores[i]!, stream)]!));
  });
  return drawn;
}

/** An index, with probability proportional to exp(score). */
function drawFrom(scores: readonly number[], stream: RandomStream): number {
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  let left = stream.uniform() * weights.reduce((a, b) => a + b, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  return index < 0 ? weights.length - 1 : index;
}
