/** Cached and computed hidden states agree, whatever the batches, the room in memory and on disk, and who was first. */
import fs, { mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { fisherTrace } from '../../src/fisher/trace';
import type { AdapterModel } from '../../src/models/adapterModel';
import { linearProbingThenFineTuning, type Schedule } from '../../src/schedulers/index';
import { padBatch, type Batch, type EncodedExample } from '../../src/tasks/batch';
import { fisherBatch } from '../../src/training/fisherSamples';
import { isWorthCaching, PrefixCache } from '../../src/training/prefixCache';
import { PrefixFiles } from '../../src/training/prefixFiles';
import type { TrainingOptions } from '../../src/training/trainingOptions';
import { expectToGoOn } from './goesOn';
import { runThrough, tinyExamples, tinyModel, tinyOptions, tinySettings, trainedValues } from './tiny';

const padId = 0;
const ROOM = 1 << 30;
let folder: string;
let model: AdapterModel;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-prefix-'));
  model = tinyModel();
});
afterEach(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Largest difference from the states that are computed at once, over the real tokens. */
function largestError(cache: PrefixCache, batch: Batch, layer: number): { depth: number; error: number } {
  const entered = cache.enter(batch, layer);
  if (entered === undefined) return { depth: 0, error: 0 };
  const error = tf.tidy(() => {
    let expected: tf.Tensor2D | undefined;
    model.runLayers(batch, entered.layer, (depth, hidden) => {
      if (depth === entered.layer) expected = tf.keep(hidden.clone());
    });
    const real = tf.tensor2d(Float32Array.from(batch.attentionMask), [batch.attentionMask.length, 1]);
    const largest = entered.hidden.sub(expected!).mul(real).abs().max().dataSync()[0]!;
    expected!.dispose();
    return largest;
  });
  entered.hidden.dispose();
  return { depth: entered.layer, error };
}

/** Examples of two sequences each, as a question with two choices has. */
const twoChoices = (): EncodedExample[] =>
  tinyExamples(24).map((example, i, all) => ({
    ...example,
    sequences: [...example.sequences, ...all[(i * 7 + 3) % 24]!.sequences].slice(0, 2),
  }));

const batchesOf = (examples: readonly EncodedExample[], seed: number): Batch[] => {
  const order = randomStream(seed, 'order').permutation(examples.length);
  return Array.from({ length: 4 }, (_, i) =>
    padBatch(
      order.slice(i * 5, i * 5 + 5).map((e) => examples[e]!),
      { padId },
    ),
  );
};

describe('hidden states', () => {
  test.each([
    ['one sequence an example', tinyExamples(70)],
    ['two sequences an example', twoChoices()],
  ])('agree with those computed at once: %s', (_, examples) => {
    const cache = new PrefixCache({ model, examples, padId, memoryBytes: ROOM });
    for (let layer = model.layers; layer > 0; layer--) {
      cache.limitTo(layer);
      for (const batch of batchesOf(examples, layer)) {
        const { depth, error } = largestError(cache, batch, layer);
        expect(depth).toBe(layer);
        expect(error).toBeLessThan(1e-5);
      }
    }
    expect(cache.enter(batchesOf(examples, 0)[0]!, -1)).toBeUndefined();
  });

  test('are never given from above the lowest trained layer', () => {
    const examples = tinyExamples(20);
    const cache = new PrefixCache({ model, examples, padId, memoryBytes: ROOM });
    const [batch] = batchesOf(examples, 1);
    cache.limitTo(2);
    const entered = cache.enter(batch!, 4)!;
    expect(entered.layer).toBe(2);
    entered.hidden.dispose();
    cache.limitTo(3); // cannot move up again
    expect(largestError(cache, batch!, 4).depth).toBe(2);
  });

  test('with little room, every second or third depth is kept', () => {
    const examples = tinyExamples(40);
    const bytes = 4 * 32 * (32 * 9 + 8 * 9) * 2; // about half of the four depths
    const cache = new PrefixCache({ model, examples, padId, memoryBytes: bytes });
    const depths = [4, 3, 2, 1].map((layer) => largestError(cache, batchesOf(examples, 1)[0]!, layer));
    expect(depths.map(({ depth }) => depth)).toEqual([4, 2, 2, 0]);
    for (const { error } of depths) expect(error).toBeLessThan(1e-5);
  });

  test('an example that was not announced is an error', () => {
    const cache = new PrefixCache({ model, examples: tinyExamples(10), padId, memoryBytes: ROOM });
    expect(() => cache.enter(batchesOf(tinyExamples(40), 1)[0]!, 2)).toThrow(/Example \d+ is none of those/);
  });
});

describe('in files', () => {
  const inFiles = (bytes = ROOM, onWarning?: (message: string) => void) =>
    new PrefixCache({
      model,
      examples: tinyExamples(70),
      padId,
      memoryBytes: 1,
      files: new PrefixFiles(folder, bytes, onWarning),
    });
  const batch = () => batchesOf(tinyExamples(70), 3)[1]!;
  const heldBytes = (cache: PrefixCache) =>
    (cache as unknown as { chunks: { inMemory?: Map<number, Float32Array> }[] }).chunks
      .flatMap(({ inMemory }) => [...(inMemory?.values() ?? [])])
      .reduce((sum, { byteLength }) => sum + byteLength, 0);
  const states = (cache: PrefixCache) => {
    const { hidden } = cache.enter(batch(), 3)!;
    const data = [...hidden.dataSync()];
    hidden.dispose();
    return data;
  };

  test('what does not fit in memory gives the same bits from a file', () => {
    const inMemory = new PrefixCache({ model, examples: tinyExamples(70), padId, memoryBytes: ROOM });
    expect(states(inFiles())).toEqual(states(inMemory));
    expect(readdirSync(folder).length).toBeGreaterThan(0);
  });

  test('a second run reads them; other weights make files of their own', () => {
    states(inFiles());
    const files = readdirSync(folder).sort();
    states(inFiles());
    expect(readdirSync(folder).sort()).toEqual(files);
    model.dispose();
    model = tinyModel(2);
    states(inFiles());
    expect(readdirSync(folder)).toHaveLength(2 * files.length);
  });

  test.each([
    ['removed', (path: string) => rmSync(path)],
    ['cut off', (path: string) => truncateSync(path, 100)],
  ])('a file that was %s is computed again', (_, damage) => {
    const cache = inFiles();
    const whole = states(cache);
    const damageAll = () => readdirSync(folder).forEach((name) => damage(join(folder, name)));
    damageAll();
    expect(states(cache)).toEqual(whole);
    damageAll();
    expect(states(inFiles())).toEqual(whole);
  });

  test('the folder keeps to its budget', () => {
    const budget = 250_000;
    states(inFiles(budget));
    model.dispose();
    model = tinyModel(2);
    states(inFiles(budget));
    const { size } = readdirSync(folder).reduce(
      ({ size }, name) => ({ size: size + Number(name.endsWith('.safetensors')) }),
      { size: 0 },
    );
    expect(size).toBeGreaterThan(0);
  });

  test('a folder that cannot be written is a warning, and nothing is lost', () => {
    const warnings: string[] = [];
    const cache = new PrefixCache({
      model,
      examples: tinyExamples(70),
      padId,
      memoryBytes: 1,
      files: new PrefixFiles('/dev/null/nowhere', ROOM, (message) => warnings.push(message)),
    });
    for (const some of batchesOf(tinyExamples(70), 3)) expect(cache.enter(some, 3)).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/computed at every step, for want of room/)]);
    expect(heldBytes(cache)).toBe(0);
  });

  test('files that another run removes meanwhile, or that are those of another user, are neither an error nor want of room', () => {
    const warnings: string[] = [];
    const files = new PrefixFiles(folder, ROOM, (message) => warnings.push(message));
    const states = new Map([[1, new Float32Array(8)]]);
    symlinkSync('nowhere', join(folder, 'gone.safetensors')); // listed, and not there when it is looked at
    expect(files.write('one', states, 4)).toBeDefined();
    expect(warnings).toEqual([]);
    const utimes = vi.spyOn(fs, 'utimesSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM: operation not permitted, utime'), { code: 'EPERM' });
    });
    syncBuiltinESMExports();
    try {
      expect(files.open('one', [1])?.(1, 0, 2)).toEqual(new Float32Array(8));
      expect(utimes).toHaveBeenCalledOnce();
    } finally {
      utimes.mockRestore();
      syncBuiltinESMExports();
    }
  });

  test('two runs that push each other out of the folder keep to their memory', () => {
    const memoryBytes = 45_000;
    const other = tinyModel(2);
    const run = (of: AdapterModel) =>
      new PrefixCache({
        model: of,
        examples: tinyExamples(70),
        padId,
        memoryBytes,
        files: new PrefixFiles(folder, 120_000),
      });
    const whole = states(run(model));
    const [first, second] = [run(model), run(other)];
    for (let round = 0; round < 3; round++) {
      expect(states(first)).toEqual(whole);
      states(second);
    }
    for (const cache of [first, second]) expect(heldBytes(cache)).toBeLessThanOrEqual(memoryBytes);
    other.dispose();
  });
});

describe('a run', () => {
  const settings = {
    ...tinySettings,
    prefixDropout: false,
    schedule: linearProbingThenFineTuning({ every: 5 }),
    batchSize: 8,
  };
  const withCache = { settings, prefixCache: { use: 'always' } } as const;

  async function losses(more: Partial<TrainingOptions>, of = tinyModel()) {
    const seen: number[] = [];
    await runThrough(tinyOptions(of, more), (event) => {
      if (event.type === 'step') seen.push(event.loss);
    });
    const values = trainedValues(of);
    of.dispose();
    return { seen, values };
  }

  test('ends at the same numbers with and without the cache', async () => {
    const without = await losses({ settings, prefixCache: { use: 'never' } });
    const cached = await losses(withCache);
    cached.seen.forEach((loss, step) => expect(loss).toBeCloseTo(without.seen[step]!, 5));
    for (const [name, values] of Object.entries(cached.values)) {
      values.forEach((value, i) => expect(value).toBeCloseTo(without.values[name]![i]!, 4));
    }
  });

  test('stopped and resumed, it is the same bit for bit', async () => {
    const whole = await losses(withCache);
    const checkpoint = { folder, every: 4, fingerprint: 'prefix' };
    const goesOn = expectToGoOn();
    for (const stop of [2, 6, 7, 13, Infinity]) {
      const of = tinyModel();
      const abort = new AbortController();
      await runThrough(tinyOptions(of, { ...withCache, checkpoint, signal: abort.signal }), (event) => {
        goesOn(event);
        if (event.type === 'step' && event.step >= stop) abort.abort();
      });
      if (stop === Infinity) expect(trainedValues(of)).toEqual(whole.values);
      of.dispose();
    }
  });

  test('resumed at a turn of FUN, it is given the same traces', async () => {
    // Opens from the bottom, so that the layer under the lowest frozen one is in training.
    const schedule: Schedule = { name: 'fun', every: 4, needs: 'fisher', select: ({ frozen }) => [frozen[0]!] };
    const { trackFisher: _, ...untracked } = settings;
    const fisherForSchedule = { estimator: 'exact', examples: 12 } as const;
    const options = { ...withCache, settings: { ...untracked, schedule, fisherForSchedule } };
    const tracesUntil = async (stop: number, into: string[], checkpointFolder: string) => {
      const of = tinyModel();
      const abort = new AbortController();
      const checkpoint = { folder: checkpointFolder, every: 0, fingerprint: 'fun' };
      await runThrough(tinyOptions(of, { ...options, checkpoint, signal: abort.signal }), (event) => {
        if (event.type === 'unfreeze') into.push(JSON.stringify(event.scores));
        if (event.type === 'step' && event.step + 1 === stop) abort.abort();
      });
      of.dispose();
      return into;
    };
    const whole = await tracesUntil(Infinity, [], join(folder, 'whole'));
    for (const turn of [4, 8]) {
      const stopped = await tracesUntil(turn, [], join(folder, `${turn}`));
      expect(await tracesUntil(Infinity, stopped, join(folder, `${turn}`))).toEqual(whole);
    }
  });

  test('leaks no tensor', async () => {
    const of = tinyModel();
    const counts: number[] = [];
    await runThrough(
      tinyOptions(of, {
        ...withCache,
        settings: { ...settings, schedule: linearProbingThenFineTuning({ every: 12 }) },
      }),
      (event) => {
        if (event.type === 'step' && event.step < 12) counts.push(tf.memory().numTensors);
      },
    );
    expect(new Set(counts.slice(1)).size).toBe(1);
    of.dispose();
  });

  test('tr(F) with the prefix is that without', () => {
    const examples = tinyExamples(20);
    const batch = fisherBatch(padBatch(examples, { padId }));
    const parameters = model.parametersOf('task').filter(({ address }) => address.layer! >= 2);
    const prefix = new PrefixCache({ model, examples, padId, memoryBytes: ROOM });
    const { trace } = fisherTrace(model, [batch], { estimator: 'exact', parameters });
    const cached = fisherTrace(model, [batch], { estimator: 'exact', parameters, prefix }).trace;
    for (const [layer, value] of trace) expect(cached.get(layer)! / value).toBeCloseTo(1, 4);
  });
});

test('a cache is worth its filling when examples come often', () => {
  expect(isWorthCaching({ examples: 2400, steps: 200, batchSize: 16 })).toBe(false);
  expect(isWorthCaching({ examples: 500, steps: 600, batchSize: 32 })).toBe(true);
});
