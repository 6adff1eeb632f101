/** Masked-LM through language adapter, head and inverse: its gradients by finite differences; memory; errors. */
import { afterEach, describe, expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import { AdapterModel } from '../../src/models/adapterModel';
import { createEncoder, tinyConfig } from '../../src/models/baseModel';
import { namePrefix, type EncoderConfig } from '../../src/models/config';
import { disposeEncoder } from '../../src/models/encoder';
import {
  maskedLmPass,
  publishedMaskedLmHead,
  transformMaskedLmHead,
  type MaskedLmHead,
} from '../../src/models/maskedLmHead';
import { wholeVocabulary } from '../../src/models/tiedDecoder';
import { randomWeights } from '../../src/models/weights';
import type { Parameter } from '../../src/nn/parameter';
import { gradientSum } from '../../src/nn/gradientSum';

const V = 60;
const configs: Record<string, EncoderConfig> = {
  bert: tinyConfig,
  'xlm-roberta': { ...tinyConfig, modelType: 'xlm-roberta', padTokenId: 1, typeVocabularySize: 1 },
  'deberta-v2': { ...tinyConfig, modelType: 'deberta-v2', positionBuckets: 8, typeVocabularySize: 0 },
};
// Smooth, because a difference across the kink of relu is no slope; relu is compared in test/parity/gradients.
const seqBnInv = {
  type: 'bottleneck',
  reductionFactor: 2,
  activation: 'gelu',
  invertibleReductionFactor: 2,
  leaveOut: [],
} as const;

const inputIds = Int32Array.from([5, 9, 30, 4, 8, 5, 12, 4, 0, 0]);
const batch = {
  examples: 2,
  sequencesPerExample: 1,
  tokens: 5,
  inputIds,
  attentionMask: Int32Array.from([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]),
  tokenTypeIds: new Int32Array(10),
};
const masked = { rows: Int32Array.of(1, 3, 6), labels: Int32Array.of(17, 42, 8) };
const candidates = wholeVocabulary(V);

function open(config: EncoderConfig, which: 'published' | 'transform'): { model: AdapterModel; head: MaskedLmHead } {
  const weights = randomWeights(7);
  // Large weights, so that gradients stand out of float32's noise.
  const large = { ...weights, read: scaled(weights.read, 8) };
  const encoder = createEncoder({ ...config, vocabularySize: V, layers: 2 }, large);
  const model = new AdapterModel('tiny', encoder);
  model.addLanguageAdapter('sw', seqBnInv, scaled(randomWeights(8).read, 8));
  model.activate({ language: 'sw' });
  const head = which === 'published' ? publishedMaskedLmHead(encoder, large)! : transformMaskedLmHead(encoder);
  return { model, head };
}

/** Weights times `factor`; biases and layer norms as they are. */
const scaled =
  (read: ReturnType<typeof randomWeights>['read'], factor: number): ReturnType<typeof randomWeights>['read'] =>
  (name, shape, initial) => {
    const values = read(name, shape, initial);
    return initial === 'normal' ? values.map((x) => factor * x) : values;
  };

test.each([
  ['bert', 'cls.predictions.decoder.weight'],
  ['xlm-roberta', 'lm_head.decoder.weight'],
])('%s: a decoder that is not tied to the word table is read from the file', (kind, decoder) => {
  const config = { ...configs[kind]!, vocabularySize: V, layers: 1 };
  const rows = (tiedDecoder: boolean) => {
    const encoder = createEncoder({ ...config, tiedDecoder }, weights);
    const head = publishedMaskedLmHead(encoder, weights)!;
    const given = tf.tidy(() => head.words.rows(Int32Array.of(3, 17)).arraySync());
    head.dispose();
    disposeEncoder(encoder);
    return given;
  };
  const weights = randomWeights(7);
  const stored = (name: string) => tf.tensor2d(weights.table(name, [V, 32]).lookup([3, 17]), [2, 32]).arraySync();
  expect(rows(false)).toEqual(stored(decoder));
  expect(rows(true)).toEqual(stored(`${namePrefix[config.modelType]}.embeddings.word_embeddings.weight`));
});

function lossOf(model: AdapterModel, head: MaskedLmHead): number {
  const pass = maskedLmPass(model, head, batch, masked, candidates, {});
  const loss = pass.loss.dataSync()[0]!;
  pass.release();
  pass.loss.dispose();
  return loss;
}

/** (f(p + h·d) − f(p − h·d)) / 2h along a direction d of one parameter. */
function slopeAlong(parameter: Parameter, direction: Float32Array, step: number, f: () => number): number {
  const before = parameter.value.dataSync<'float32'>().slice();
  const at = (h: number) => {
    parameter.assign(
      tf.tensor(
        before.map((x, i) => x + h * direction[i]!),
        [...parameter.shape],
      ),
    );
    return f();
  };
  const slope = (at(step) - at(-step)) / (2 * step);
  parameter.assign(tf.tensor(before, [...parameter.shape]));
  return slope;
}

describe.each(Object.keys(configs))('%s', (kind) => {
  let opened: { model: AdapterModel; head: MaskedLmHead };
  afterEach(() => {
    opened.model.dispose();
    opened.head.dispose();
  });

  test.each(['published', 'transform'] as const)(
    'gradients of the adapter, its invertible part and a %s head: finite differences',
    (which) => {
      opened = open(configs[kind]!, which);
      const { model, head } = opened;
      const parameters = [...model.parametersOf('sw'), ...head.parameters];
      expect(head.parameters).toHaveLength(which === 'published' ? 0 : 2);
      expect(parameters.filter(({ name }) => name.includes('invertible'))).toHaveLength(8);
      const wanted = new Set(parameters);
      const sum = gradientSum(wanted);
      const pass = maskedLmPass(model, head, batch, masked, candidates, { wanted });
      pass.backwardAndRelease(sum);
      pass.loss.dispose();
      expect([...sum.gradients.keys()].map(({ name }) => name).sort()).toEqual(
        parameters.map(({ name }) => name).sort(),
      );
      for (const parameter of parameters) {
        // Along its own gradient the slope is its norm: the largest number that a difference can show.
        const gradient = sum.gradients.get(parameter)!.dataSync<'float32'>().slice();
        const norm = Math.hypot(...gradient);
        const slope = slopeAlong(
          parameter,
          gradient.map((x) => x / norm),
          2e-3,
          () => lossOf(model, head),
        );
        expect(norm, parameter.name).toBeGreaterThan(1e-3);
        expect(Math.abs(slope - norm) / norm, `${parameter.name}: ${slope} and ${norm}`).toBeLessThan(0.02);
      }
      sum.dispose();
    },
  );

  test('a pass with its gradients leaves no tensor behind', () => {
    opened = open(configs[kind]!, 'transform');
    const wanted = new Set([...opened.model.parametersOf('sw'), ...opened.head.parameters]);
    const before = tf.memory().numTensors;
    const sum = gradientSum(wanted);
    const pass = maskedLmPass(opened.model, opened.head, batch, masked, candidates, { wanted });
    pass.backwardAndRelease(sum);
    pass.loss.dispose();
    sum.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('the invertible adapter takes part', () => {
    opened = open(configs[kind]!, 'transform');
    const { model, head } = opened;
    const withIt = lossOf(model, head);
    const invertible = model.parametersOf('sw').filter(({ name }) => name.includes('invertible'));
    for (const p of invertible) p.assign(tf.zeros([...p.shape]));
    expect(Math.abs(lossOf(model, head) - withIt)).toBeGreaterThan(1e-3);
  });
});

test('the transform starts as the identity: the plain tied decoder', () => {
  const { model, head } = open(tinyConfig, 'transform');
  const { weight, bias } = head.transform.dense;
  expect([...weight.value.dataSync()]).toEqual([...tf.eye(32).dataSync()]);
  expect([...bias!.value.dataSync()]).toEqual(new Array(32).fill(0));
  model.dispose();
  head.dispose();
});

test('only the head is wanted: nothing is sent below it', () => {
  const { model, head } = open(tinyConfig, 'transform');
  const wanted = new Set(head.parameters);
  const sum = gradientSum(wanted);
  const pass = maskedLmPass(model, head, batch, masked, candidates, { wanted });
  pass.backwardAndRelease(sum);
  expect(new Set(sum.gradients.keys())).toEqual(wanted);
  sum.dispose();
  pass.loss.dispose();
  model.dispose();
  head.dispose();
});

test('a task head in place is refused', () => {
  const { model, head } = open(tinyConfig, 'transform');
  model.addHead('task', { kind: { type: 'span' }, family: 'adapters', pooling: 'first' }, 1);
  model.activate({ language: 'sw', head: 'task' });
  expect(() => lossOf(model, head)).toThrow(/task head "task"/);
  model.dispose();
  head.dispose();
});
