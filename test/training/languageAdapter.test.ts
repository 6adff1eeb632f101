/** Training of language adapters on tiny models of the three kinds: it learns, stops early, resumes, leaks nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { loadLanguageAdapter, saveAdapter } from '../../src/models/adapterFiles';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import type { EncoderConfig } from '../../src/models/config';
import { publishedMaskedLmHead, transformMaskedLmHead, type MaskedLmHead } from '../../src/models/maskedLmHead';
import { randomWeights } from '../../src/models/weights';
import { hashingTokenizer } from '../../src/tokenizers/hashing';
import type { TrainingEvent } from '../../src/training/events';
import {
  packText,
  seqBnInv,
  trainLanguageAdapter,
  type LanguageAdapterOptions,
  type LanguageAdapterOutcome,
  type LanguageAdapterSettings,
} from '../../src/training/languageAdapter';
import { expectToGoOn } from './goesOn';

const kinds: Record<string, Partial<EncoderConfig>> = {
  bert: {},
  'xlm-roberta': { modelType: 'xlm-roberta', typeVocabularySize: 1, maxPositions: 129 },
  'deberta-v2': { modelType: 'deberta-v2', positionBuckets: 8, typeVocabularySize: 0 },
};

const tokenizer = hashingTokenizer(512);

/** Lines of six words out of forty, the same word on every second place: there is something to learn. */
const lines = (() => {
  const random = randomStream(1, 'made-up language');
  const word = () => `w${random.integer(40)}`;
  return Array.from({ length: 200 }, () => `na ${word()} na ${word()} na ${word()}`);
})();
const isHeld = (_: string, i: number) => i % 20 === 19;
const text = packText(
  { train: lines.filter((line, i) => !isHeld(line, i)), validation: lines.filter(isHeld) },
  tokenizer,
  24,
);

const settings: LanguageAdapterSettings = {
  steps: 12,
  batchSize: 8,
  learningRate: 1e-2,
  maskProbability: 0.15,
  candidates: 64,
  validation: { every: 4, sequences: 8, patience: 3 },
  seed: 3,
};

interface Opened {
  readonly model: AdapterModel;
  readonly head: MaskedLmHead;
}

function open(kind = 'bert', which: 'published' | 'transform' = 'transform'): Opened {
  const encoder = tinyEncoder({ ...kinds[kind], layers: 2 });
  const model = new AdapterModel('tiny', encoder);
  model.addLanguageAdapter('sw', seqBnInv, 5);
  model.activate({ language: 'sw' });
  const head =
    which === 'published' ? publishedMaskedLmHead(encoder, randomWeights(0))! : transformMaskedLmHead(encoder);
  return { model, head };
}

async function run(
  options: Pick<LanguageAdapterOptions, 'model' | 'head'> & Partial<LanguageAdapterOptions>,
  onEvent: (event: TrainingEvent) => void = () => undefined,
): Promise<LanguageAdapterOutcome> {
  const events = trainLanguageAdapter({ tokenizer, text, settings, ...options });
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}

const valuesOf = ({ model, head }: Opened) =>
  [...model.parametersOf('sw'), ...head.parameters].map(({ name, value }) => [name, [...value.dataSync()]]);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-language-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.keys(kinds))('%s', (kind) => {
  test('perplexity falls; the base and the published head stay as they were', async () => {
    const opened = open(kind, 'published');
    const base = () => opened.model.parameters().filter(({ address }) => address.role === 'base');
    const before = base().map(({ value }) => [...value.dataSync()]);
    const outcome = await run({ ...opened, settings: { ...settings, steps: 24 } });
    expect(outcome.finished).toBe(true);
    expect(outcome.best.perplexity).toBeLessThan(0.9 * outcome.start.perplexity);
    expect(outcome.withoutAdapter).toBe(outcome.start);
    expect(outcome.start.tokens).toBeGreaterThan(8);
    expect(base().map(({ value }) => [...value.dataSync()])).toEqual(before);
  });

  test('stopped anywhere and resumed, it ends bit for bit as uninterrupted', async () => {
    const whole = open(kind);
    const outcome = await run({ ...whole, settings: { ...settings, steps: 10 } });
    const checkpoint = { folder, every: 3, fingerprint: kind };
    const goesOn = expectToGoOn();
    for (const stop of [0, 4, 7, Infinity]) {
      const piece = open(kind);
      const abort = new AbortController();
      const options = { ...piece, settings: { ...settings, steps: 10 }, checkpoint, signal: abort.signal };
      const resumed = await run(options, (event) => {
        goesOn(event);
        if (event.type === 'step' && event.step >= stop) abort.abort();
      });
      expect(resumed.finished).toBe(stop === Infinity);
      if (stop === Infinity) {
        expect(resumed).toEqual(outcome);
        expect(valuesOf(piece)).toEqual(valuesOf(whole));
      }
    }
  });

  test('saved and loaded again, the adapter gives the same hidden states', async () => {
    const opened = open(kind);
    await run({ ...opened, settings: { ...settings, steps: 2 } });
    saveAdapter(opened.model, 'sw', join(folder, 'sw'));
    const other = new AdapterModel('tiny', tinyEncoder({ ...kinds[kind], layers: 2 }));
    loadLanguageAdapter(other, join(folder, 'sw'));
    other.activate({ language: 'sw' });
    const inputIds = text.validation[0]!;
    const ones = new Int32Array(inputIds.length).fill(1);
    const batch = {
      ...{ examples: 1, sequencesPerExample: 1, tokens: inputIds.length, inputIds },
      ...{ attentionMask: ones, tokenTypeIds: new Int32Array(inputIds.length) },
    };
    const hidden = (model: AdapterModel) => [...model.forward(batch).factors[0]!.dataSync()];
    expect(hidden(other)).toEqual(hidden(opened.model));
  });
});

test('it ends when validation has not improved for as long as patience allows, and a restart does not go on', async () => {
  const opened = open();
  // At such a rate nothing improves after the first validations.
  const steep = { ...settings, steps: 100, learningRate: 3, validation: { every: 2, sequences: 8, patience: 2 } };
  const checkpoint = { folder, every: 2, fingerprint: 'steep' };
  const validated: number[] = [];
  const outcome = await run({ ...opened, settings: steep, checkpoint }, (event) => {
    if (event.type === 'validation') validated.push(event.step);
  });
  expect(validated.length).toBeLessThan(20);
  expect(validated.at(-1)).toBe(outcome.bestStep + 4);
  const again: TrainingEvent['type'][] = [];
  const piece = open();
  const repeated = await run({ ...piece, settings: steep, checkpoint }, ({ type }) => void again.push(type));
  expect(again).toEqual(['start', 'checkpoint', 'done']);
  expect(repeated).toEqual(outcome);
  expect(valuesOf(piece)).toEqual(valuesOf(opened));
});

test('the model is left in its best state', async () => {
  const opened = open();
  let last = Infinity;
  const outcome = await run({ ...opened, settings: { ...settings, learningRate: 0.3 } }, (event) => {
    if (event.type === 'validation') last = event.metrics.perplexity!;
  });
  expect(outcome.best.perplexity).toBeLessThanOrEqual(last);
});

test('memory is flat: no tensor is left behind by a step', async () => {
  const opened = open();
  const counts = new Map<number, number>();
  await run(
    { ...opened, settings: { ...settings, steps: 12, validation: { ...settings.validation, every: 100 } } },
    (event) => {
      if (event.type === 'step') counts.set(event.step, tf.memory().numTensors);
    },
  );
  expect(counts.get(11)).toBe(counts.get(1));
});

test('without an adapter the head alone is trained', async () => {
  const { model, head } = open();
  model.activate({});
  const adapter = model.parametersOf('sw').map(({ value }) => [...value.dataSync()]);
  const outcome = await run({ model, head });
  expect(outcome.best.perplexity).toBeLessThan(outcome.start.perplexity);
  expect(outcome.withoutAdapter).toEqual(outcome.best);
  expect(model.parametersOf('sw').map(({ value }) => [...value.dataSync()])).toEqual(adapter);
});

test('nothing to train, and too little text, are refused', async () => {
  const { model, head } = open('bert', 'published');
  model.activate({});
  await expect(run({ model, head })).rejects.toThrow(/nothing to train/);
  expect(() => packText({ train: ['na'], validation: [] }, tokenizer, 24)).toThrow(/at least 20 are needed/);
});

test('the whole vocabulary and a sample of it train alike', async () => {
  const [all, sampled] = [open(), open()];
  const best = async (opened: Opened, candidates: number | 'all') =>
    (await run({ ...opened, settings: { ...settings, steps: 24, candidates } })).best.loss;
  expect(Math.abs((await best(all, 'all')) - (await best(sampled, 256)))).toBeLessThan(0.15);
});
