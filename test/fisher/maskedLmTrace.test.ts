/** tr(F) of language adapters under masked-LM, against a loop over sequences; words drawn from a chunked softmax. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { maskedLmTrace, type MaskedLmBatch } from '../../src/fisher/maskedLmTrace';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import { maskedLmPass, transformMaskedLmHead, type MaskedLmHead } from '../../src/models/maskedLmHead';
import { wholeVocabulary, type DecoderWords } from '../../src/models/tiedDecoder';
import { drawWords } from '../../src/models/wordDraws';
import { gradientSum } from '../../src/nn/gradientSum';
import type { Parameter } from '../../src/nn/parameter';
import { layerOrNone, relative } from './tiny';

const V = 40;
const T = 5;
const batch: MaskedLmBatch = {
  examples: 3,
  sequencesPerExample: 1,
  tokens: T,
  inputIds: Int32Array.from([5, 9, 30, 4, 8, 5, 12, 4, 0, 0, 7, 7, 3, 1, 2]),
  attentionMask: Int32Array.from([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]),
  tokenTypeIds: new Int32Array(15),
  masked: { rows: Int32Array.of(1, 3, 6, 10, 12, 14), labels: Int32Array.of(17, 32, 8, 0, 39, 17) },
};

let model: AdapterModel;
let head: MaskedLmHead;
let parameters: Parameter[];
beforeAll(() => {
  const encoder = tinyEncoder({ layers: 2, hiddenSize: 16, intermediateSize: 32, vocabularySize: V }, 2);
  model = new AdapterModel('tiny', encoder);
  const config = { type: 'bottleneck', reductionFactor: 2, activation: 'relu', leaveOut: [] } as const;
  model.addLanguageAdapter('sw', { ...config, invertibleReductionFactor: 2 }, 3);
  model.activate({ language: 'sw' });
  head = transformMaskedLmHead(encoder);
  parameters = [...model.parametersOf('sw'), ...head.parameters];
  const stream = randomStream(4, 'values');
  for (const parameter of parameters) {
    const values = Float32Array.from({ length: parameter.size }, () => 0.4 * stream.normal());
    parameter.assign(tf.tensor(values, [...parameter.shape]));
  }
});
afterAll(() => {
  model.dispose();
  head.dispose();
});

/** ‖∇ Σ log p(word)‖² of each sequence by itself, at the given words, by layer (−1: invertible adapter and head). */
function byLoop(labels: Int32Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let e = 0; e < batch.examples; e++) {
    const part = (x: Int32Array) => x.slice(e * T, (e + 1) * T);
    const own = [...batch.masked.rows.keys()].filter((i) => Math.floor(batch.masked.rows[i]! / T) === e);
    const one = {
      ...batch,
      examples: 1,
      inputIds: part(batch.inputIds),
      attentionMask: part(batch.attentionMask),
      tokenTypeIds: part(batch.tokenTypeIds),
    };
    const positions = {
      rows: Int32Array.from(own, (i) => batch.masked.rows[i]! - e * T),
      labels: Int32Array.from(own, (i) => labels[i]!),
    };
    const wanted = new Set(parameters);
    const sum = gradientSum(wanted);
    const pass = maskedLmPass(model, head, one, positions, wholeVocabulary(V), { wanted });
    pass.backwardAndRelease(sum);
    pass.loss.dispose();
    for (const [parameter, gradient] of sum.gradients) {
      const squared = gradient.dataSync<'float32'>().reduce((s, g) => s + g * g, 0) * own.length ** 2;
      const values = groups.get(layerOrNone(parameter)) ?? [0, 0, 0];
      values[e]! += squared;
      groups.set(layerOrNone(parameter), values);
    }
    sum.dispose();
  }
  return groups;
}

const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;

test.each(['empirical', 'mc'] as const)('%s: layers, invertible adapter and head, against the loop', (estimator) => {
  let labels = batch.masked.labels;
  if (estimator === 'mc') {
    // The words that the estimator will draw: the same stream at the same place.
    const stream = randomStream(6, 'words');
    const keep = (z: tf.Tensor2D) => (labels = drawWords(z, head.words, stream));
    const pass = maskedLmPass(model, head, batch, { rows: batch.masked.rows, labels: keep }, wholeVocabulary(V), {});
    pass.release();
    pass.loss.dispose();
    expect(labels).not.toEqual(batch.masked.labels);
  }
  const want = byLoop(labels);
  const before = tf.memory().numTensors;
  const options = { estimator, parameters, groupOf: layerOrNone, stream: randomStream(6, 'words') };
  const { trace, examples } = maskedLmTrace(model, head, [batch], options);
  expect(tf.memory().numTensors).toBe(before);
  expect(examples).toBe(3);
  expect([...trace.keys()]).toEqual([-1, 0, 1]);
  for (const [group, values] of want) expect(relative(trace.get(group)!, mean(values))).toBeLessThan(1e-4);
});

test('by default the layers; until a budget or an error', () => {
  const until = { relativeError: 0.9 };
  const { trace, examples } = maskedLmTrace(model, head, Array(20).fill(batch), { estimator: 'mc', parameters, until });
  expect([...trace.keys()]).toEqual([0, 1]);
  expect(examples).toBe(9); // the least number of examples that an error is taken from, in whole batches
  const exact = { estimator: 'exact', parameters } as never;
  expect(() => maskedLmTrace(model, head, [batch], exact)).toThrow(/take estimator "mc" or "empirical", not "exact"/);
});

test('words are drawn as often as they are likely, whatever the chunks', () => {
  const table = tf.tensor2d(Array.from({ length: 6 }, (_, i) => [i / 2, -(i % 2)]));
  const words: DecoderWords = {
    count: 6,
    rows: (ids) => tf.gather(table, tf.tensor1d(ids, 'int32')),
    bias: Float32Array.of(0, 1, 0, -1, 0, 0.5),
  };
  const M = 3000;
  const z = tf.tensor2d(Array.from({ length: M }, () => [0.6, 0.8]));
  const scores = [0, 0.3 - 0.8 + 1, 0.6, 0.9 - 0.8 - 1, 1.2, 1.5 - 0.8 + 0.5];
  const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
  for (const chunk of [2, 4, 100]) {
    const drawn = drawWords(z, words, randomStream(8, `chunk ${chunk}`), chunk);
    scores.forEach((score, word) => {
      const p = Math.exp(score) / total;
      const share = drawn.filter((id) => id === word).length / M;
      expect(Math.abs(share - p), `word ${word} in chunks of ${chunk}`).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / M));
    });
  }
  tf.dispose([table, z]);
});
