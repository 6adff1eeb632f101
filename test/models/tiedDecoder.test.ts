/** The streamed softmax over the word table against the whole softmax at once, in doubles. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import {
  decoderLoss,
  sampledVocabulary,
  wholeVocabulary,
  type Candidates,
  type DecoderWords,
} from '../../src/models/tiedDecoder';

const [M, H, V] = [5, 6, 97];
const stream = randomStream(3, 'decoder test');
const draw = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * stream.normal());
const table = draw(V * H, 1);
const bias = draw(V, 0.5);
const z = draw(M * H, 1);
const labels = Int32Array.of(4, 96, 0, 13, 13);
const words: DecoderWords = {
  count: V,
  bias,
  rows: (ids) =>
    tf.tensor2d(Float32Array.from(Array.from(ids).flatMap((id) => [...table.subarray(id * H, (id + 1) * H)])), [
      ids.length,
      H,
    ]),
};

/** Logits of all words, their softmax, then the loss and its gradient: the obvious way. */
function bySoftmax(candidates: readonly Candidates[]): { loss: number; dz: number[] } {
  const score = (row: number, id: number) =>
    Array.from({ length: H }, (_, h) => z[row * H + h]! * table[id * H + h]!).reduce((a, b) => a + b, bias[id]!);
  let loss = 0;
  const dz = new Array<number>(M * H).fill(0);
  for (let row = 0; row < M; row++) {
    const weights = candidates.flatMap(({ ids, logWeight }) =>
      Array.from(ids, (id) => ({ id, e: Math.exp(score(row, id) + logWeight) })),
    );
    const total = weights.reduce((sum, { e }) => sum + e, 0);
    loss += (Math.log(total) - score(row, labels[row]!)) / M;
    for (let h = 0; h < H; h++) {
      const mean = weights.reduce((sum, { id, e }) => sum + (e / total) * table[id * H + h]!, 0);
      dz[row * H + h] = (mean - table[labels[row]! * H + h]!) / M;
    }
  }
  return { loss, dz };
}

const worst = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);

describe('decoderLoss', () => {
  let tensors = 0;
  let input: tf.Tensor2D;
  beforeEach(() => {
    tensors = tf.memory().numTensors;
    input = tf.tensor2d(z, [M, H]);
  });
  afterEach(() => {
    input.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test.each([1, 10, 96, 97, 8192])('the whole vocabulary in chunks of %i equals the softmax at once', (chunk) => {
    const expected = bySoftmax(wholeVocabulary(V));
    const { loss, dz } = decoderLoss(input, labels, words, wholeVocabulary(V), 'loss and gradient', chunk);
    expect(Math.abs(loss.dataSync()[0]! - expected.loss)).toBeLessThan(2e-6);
    expect(worst(dz.dataSync(), expected.dz)).toBeLessThan(1e-6);
    tf.dispose([loss, dz]);
  });

  test('scores of ±1000 neither overflow nor vanish', () => {
    const large = input.mul<tf.Tensor2D>(1000);
    const { loss, dz } = decoderLoss(large, labels, words, wholeVocabulary(V), 'loss and gradient', 10);
    expect(Number.isFinite(loss.dataSync()[0]!)).toBe(true);
    expect([...dz.dataSync()].every(Number.isFinite)).toBe(true);
    tf.dispose([large, loss, dz]);
  });

  test('the loss alone is the same loss', () => {
    const both = decoderLoss(input, labels, words, wholeVocabulary(V), 'loss and gradient', 10);
    const alone = decoderLoss(input, labels, words, wholeVocabulary(V), 'loss', 10);
    expect(alone.loss.dataSync()[0]).toBe(both.loss.dataSync()[0]);
    tf.dispose([both.loss, both.dz, alone.loss, alone.dz]);
  });

  test('sampled words: the weighted softmax over them', () => {
    const candidates = sampledVocabulary(Int32Array.of(0, 4, 13, 96), V, 20, randomStream(1, 'candidates'));
    const expected = bySoftmax(candidates);
    const { loss, dz } = decoderLoss(input, labels, words, candidates, 'loss and gradient', 7);
    expect(Math.abs(loss.dataSync()[0]! - expected.loss)).toBeLessThan(2e-6);
    expect(worst(dz.dataSync(), expected.dz)).toBeLessThan(1e-6);
    tf.dispose([loss, dz]);
  });
});

describe('sampledVocabulary', () => {
  const certain = Int32Array.of(0, 4, 13, 96);

  test('holds the certain words, and others once each, none of them certain', () => {
    const [kept, drawn] = sampledVocabulary(certain, V, 30, randomStream(2, 'candidates'));
    expect(kept).toEqual({ ids: certain, logWeight: 0 });
    expect(new Set(drawn!.ids).size).toBe(30);
    expect([...drawn!.ids].some((id) => certain.includes(id))).toBe(false);
    expect(drawn!.logWeight).toBeCloseTo(Math.log((V - 4) / 30), 12);
  });

  test('as many words as there are, or more, give the whole vocabulary', () => {
    expect(sampledVocabulary(certain, V, 93, randomStream(2, 'candidates'))).toEqual(wholeVocabulary(V));
  });

  test('the sum under the softmax is estimated without bias', () => {
    const e = Float64Array.from({ length: V }, (_, id) => Math.exp(bias[id]!));
    const whole = e.reduce((a, b) => a + b, 0);
    const draws = 4000;
    const random = randomStream(5, 'candidates');
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < draws; i++) {
      const estimate = sampledVocabulary(certain, V, 10, random)
        .flatMap(({ ids, logWeight }) => Array.from(ids, (id) => Math.exp(logWeight) * e[id]!))
        .reduce((a, b) => a + b, 0);
      sum += estimate;
      squares += estimate ** 2;
    }
    const mean = sum / draws;
    const standardError = Math.sqrt((squares / draws - mean ** 2) / draws);
    expect(Math.abs(mean - whole)).toBeLessThan(4 * standardError);
  });
});
