/**
 * Full fine-tuning end to end on tiny models: what is trained, tr(F) of base layers, checkpoints, the lab's own base.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exactTraceByLoop } from '../../src/fisher/oracle';
import * as fun from '../../src/index';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import type { EncoderConfig } from '../../src/models/config';
import { fullFineTuning, linearToZero } from '../../src/schedulers/index';
import type { TrainingEvent } from '../../src/training/events';
import { fisherSample } from '../../src/training/fisherSamples';
import { readCheckpoint } from '../../src/training/checkpoint';
import { trainableParameters } from '../../src/training/trainable';
import { runThrough, tinyExamples, tinyOptions, tinySettings } from './tiny';

const kinds: Record<string, Partial<EncoderConfig>> = {
  bert: {},
  'xlm-roberta': { modelType: 'xlm-roberta', typeVocabularySize: 1, maxPositions: 129, padTokenId: 1 },
  'deberta-v2': { modelType: 'deberta-v2', positionBuckets: 8, typeVocabularySize: 0 },
};

function open(kind: string): AdapterModel {
  const model = new AdapterModel('tiny', tinyEncoder({ ...kinds[kind], layers: 2 }, 0, 'device'));
  model.addHead('task', { kind: { type: 'classification', classes: 3 }, family: 'adapters', pooling: 'mean' }, 1);
  model.activate({ head: 'task' });
  return model;
}

const settings = { ...tinySettings, schedule: fullFineTuning(), weightDecay: 0, steps: 8 };
const values = (model: AdapterModel) =>
  new Map(model.parameters().map(({ name, value }) => [name, [...value.dataSync()]]));

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-full-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.keys(kinds))('%s', (kind) => {
  test('every base parameter and the head are trained; of the word table the rows of the data, no other', async () => {
    const model = open(kind);
    const before = values(model);
    const losses: number[] = [];
    const examples = tinyExamples(8); // few enough to be learnt by heart
    const long = { ...settings, steps: 60, learningRate: linearToZero({ rate: 2e-3, steps: 60 }) };
    await runThrough(tinyOptions(model, { examples, settings: long }), (event) => {
      if (event.type === 'step') losses.push(event.loss);
    });
    const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
    expect(mean(losses.slice(-8))).toBeLessThan(0.5 * mean(losses.slice(0, 8)));
    const after = values(model);
    // The pooler is not part of this head; a key's bias has no gradient in exact arithmetic, whatever rounding gives
    // it.
    const trained = [...after].filter(([name]) => !name.includes('pooler') && !/key(_proj)?\.bias$/.test(name));
    for (const [name, now] of trained) expect(now, name).not.toEqual(before.get(name));
    const [table, then] = [...after].find(([name]) => name.includes('word_embeddings'))!;
    const used = new Set(examples.flatMap(({ sequences }) => sequences.flatMap(({ ids }) => [...ids])));
    const changed = Array.from({ length: 512 }, (_, row) => row).filter((row) =>
      then.slice(32 * row, 32 * (row + 1)).some((x, i) => x !== before.get(table)![32 * row + i]),
    );
    expect(new Set(changed)).toEqual(used);
  });

  test('stopped and resumed, it ends bit for bit as uninterrupted', async () => {
    const whole = open(kind);
    await runThrough(tinyOptions(whole, { settings }));
    const checkpoint = { folder, every: 3, fingerprint: kind };
    for (const stop of [1, 4, Infinity]) {
      const piece = open(kind);
      const abort = new AbortController();
      await runThrough(tinyOptions(piece, { settings, checkpoint, signal: abort.signal }), (event) => {
        if (event.type === 'step' && event.step >= stop) abort.abort();
      });
      if (stop === Infinity) expect(values(piece)).toEqual(values(whole));
    }
    const { moments, parameters } = readCheckpoint(folder, kind)!;
    const [name, { rows, m }] = [...moments].find(([key]) => key.includes('word_embeddings'))!;
    expect(m.length).toBe(rows!.length * 32);
    expect(parameters.get(name)!.length).toBe(512 * 32);
  });

  test('tr(F) of every base layer equals the loop over examples and labels', async () => {
    const model = open(kind);
    const trackFisher = { estimator: 'exact', examples: 3, every: 100, layers: 'all' } as const;
    const examples = tinyExamples(12);
    const tracked: Extract<TrainingEvent, { type: 'fisher' }>[] = [];
    const options = tinyOptions(model, { examples, settings: { ...settings, steps: 1, trackFisher } });
    // The estimate of step 0 is made before anything is updated: the loop sees the same model.
    const parameters = trainableParameters(model, settings.schedule);
    const draw = { examples, count: 3, batchSize: settings.batchSize, padId: 0, seed: settings.seed, draw: 'probe' };
    const batches = [...fisherSample({ ...draw, order: 'byLength' })];
    const expected = [0, 1].map((layer) => {
      const ofLayer = parameters.filter(({ address }) => address.layer === layer);
      const traces = batches.flatMap((batch) => exactTraceByLoop(model, batch, ofLayer));
      return traces.reduce((a, b) => a + b, 0) / traces.length;
    });
    await runThrough(options, (event) => {
      if (event.type === 'fisher') tracked.push(event);
    });
    const traces = tracked[0]!.traces;
    expect(traces.map(({ layer }) => layer)).toEqual([0, 1]);
    traces.forEach(({ layer, trace }) => expect(Math.abs(trace / expected[layer]! - 1)).toBeLessThan(1e-3));
  });
});

test('in a lab: full fine-tuning opens a base of its own, so that later runs start from the published one', async () => {
  process.env.FUN_RUNS = folder;
  const lab = await fun.open({ task: 'nli', profile: 'smoke' });
  const train = async (choices: fun.TrainChoices) => {
    const run = lab.train({ seed: 3, steps: 8, ...choices });
    const losses: number[] = [];
    for await (const event of run) if (event.type === 'step') losses.push(event.loss);
    return { run, losses };
  };
  const adapters = await train({ schedule: fun.gradualUnfreezing({ every: 2 }) });
  const full = await train({ method: { type: 'full' }, schedule: 'full', trackFisher: { every: 4 } });
  expect(full.run.rows().fisher.length).toBeGreaterThan(0);
  expect((await lab.evaluate(full.run, ['en', 'sw'])).map(({ language }) => language)).toEqual(['en', 'sw']);
  const again = await train({ schedule: fun.gradualUnfreezing({ every: 2 }) });
  expect(again.losses).toEqual(adapters.losses);
  await lab.close();
  delete process.env.FUN_RUNS;
  expect(readdirSync(folder).length).toBeGreaterThan(0);
});
