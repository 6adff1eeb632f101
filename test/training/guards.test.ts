/** What ends a run before its time: it says why, loses nothing, and leaves what is needed to look into it or go on. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEngine, tf } from '../../src/engine/tf';
import { messageOf } from '../../src/engine/errors';
import { fisherTrace } from '../../src/fisher/trace';
import type { AdapterModel } from '../../src/models/adapterModel';
import { openSafetensors, readMetadata } from '../../src/models/formats/safetensors';
import { constantRate } from '../../src/schedulers/learningRate';
import { padBatch } from '../../src/tasks/batch';
import { taskObjective } from '../../src/training/objective';
import { predictFactors } from '../../src/training/predict';
import { fillDisk } from '../fullDisk';
import { runThrough, tinyExamples, tinyModel, tinyOptions, tinySettings, trainedValues } from './tiny';

let folder: string;
let model: AdapterModel;
beforeEach(async () => {
  await openEngine();
  folder = mkdtempSync(join(tmpdir(), 'fun-guards-'));
  model = tinyModel();
});
afterEach(() => {
  model.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const checkpoint = () => ({ folder, every: 5, fingerprint: 'tiny' });
const files = () => readdirSync(folder).sort();
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => messageOf(error),
  );

/** Goes on from the checkpoint of step 5, and ends as the uninterrupted run. */
async function expectSameEnd(whole: AdapterModel): Promise<void> {
  const resumed = tinyModel();
  await runThrough(tinyOptions(resumed, { checkpoint: checkpoint() }), (event) => {
    if (event.type === 'start') expect(event.firstStep).toBe(5);
  });
  expect(trainedValues(resumed)).toEqual(trainedValues(whole));
}

describe('a loss that is no longer finite', () => {
  /** From step 7 on. */
  const diverging = () => {
    const settings = { ...tinySettings, learningRate: constantRate({ rate: 1e-2 }) };
    const objective: typeof taskObjective = (m, batch, options, step) => {
      if (step === 7) m.head!.parameters[0]!.assign(tf.fill([...m.head!.parameters[0]!.shape], NaN));
      return taskObjective(m, batch, options, step);
    };
    return tinyOptions(model, { settings, objective, checkpoint: checkpoint() });
  };

  test('stops the run with step, examples, rate and the largest gradients; earlier checkpoints stay', async () => {
    const message = await failure(runThrough(diverging()));
    expect(message).toMatch(/diverged at step 7: loss NaN, gradient norm NaN, learning rate 0\.01\./);
    expect(message).toMatch(/Examples of the batch: \d+, \d+, \d+, \d+\./);
    expect(message).toMatch(/Largest gradients: \S+ \(NaN\)/);
    expect(files()).toEqual(['diverged-00000007.safetensors', 'step-00000005.safetensors']);
    expect(message).toContain(join(folder, 'diverged-00000007.safetensors'));
  });

  test('what led to it is kept: parameters before the update, their gradients, the batch', async () => {
    await failure(runThrough(diverging()));
    const path = join(folder, 'diverged-00000007.safetensors');
    const { exampleIds, ...facts } = readMetadata(path);
    expect(facts).toEqual({ step: '7', loss: 'NaN', gradNorm: 'NaN', learningRate: '0.01' });
    const file = openSafetensors(path);
    const read = (name: string) => [...file.read(name).data];
    const head = model.head!.parameters[0]!;
    expect(read(`parameter/${head.name}`).every(Number.isNaN)).toBe(true);
    expect(read(`gradient/${head.name}`)).toHaveLength(head.size);
    // The batch is that of the examples that are named.
    const byId = new Map(tinyExamples().map((example) => [example.id, example]));
    const batch = padBatch(
      exampleIds!.split(' ').map((id) => byId.get(Number(id))!),
      { padId: 0 },
    );
    expect(read('batch/inputIds')).toEqual([...batch.inputIds]);
    file.close();
  });

  test('without a folder for checkpoints the message is all there is', async () => {
    const message = await failure(runThrough({ ...diverging(), checkpoint: undefined }));
    expect(message).toMatch(/diverged at step 7.*checkpoints before this step are kept\.$/);
  });

  test('on a full disk it is told all the same', async () => {
    let makeRoom = () => {};
    const run = runThrough(diverging(), (event) => {
      if (event.type === 'step' && event.step === 6) makeRoom = fillDisk();
    });
    const message = await failure(run).finally(() => makeRoom());
    expect(message).toMatch(/diverged at step 7.*could not be written: ENOSPC/);
    expect(files()).toEqual(['step-00000005.safetensors']);
  });
});

describe('no memory left', () => {
  /** 400 TB: more than any machine can address, so that nothing is allocated. */
  const tooMuch = () => tf.matMul(tf.ones([1e7, 1]), tf.ones([1, 1e7]));
  const outOf = /ran out of memory on 4 sequences of \d tokens\. A tensor \[10000000, 10000000\] of 4\.0e\+5 GB/;

  test('a step: what to lower; no tensor stays; the run goes on from its checkpoint', async () => {
    const whole = tinyModel();
    await runThrough(tinyOptions(whole));
    let before = 0;
    const objective: typeof taskObjective = (m, batch, options, step) => {
      if (step < 8) return taskObjective(m, batch, options, step);
      before = tf.memory().numTensors;
      taskObjective(m, batch, options, step); // what a step holds when memory runs out
      tooMuch();
      throw new Error('unreachable');
    };
    const message = await failure(runThrough(tinyOptions(model, { objective, checkpoint: checkpoint() })));
    expect(message).toMatch(outOf);
    expect(message).toMatch(/^Training step 8 .*Lower batchSize or data\.maxLength, or run fewer --jobs/);
    // All but the moments of the open parameters, which the optimiser freed when the run ended.
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);

    await expectSameEnd(whole);
  });

  test.each([
    ['exact', 'tr(F)'],
    ['officialCode', 'tr(F)'],
  ] as const)('an estimate of tr(F), %s', (estimator, what) => {
    const batch = { ...padBatch(tinyExamples(4), { padId: 0 }), goldLabels: [new Int32Array(4)] };
    const before = tf.memory().numTensors;
    model.forward = () => tooMuch() as never;
    const estimate = () => fisherTrace(model, [batch], { estimator, parameters: model.parametersOf('task') });
    expect(estimate).toThrow(outOf);
    expect(estimate).toThrow(what);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('evaluation', async () => {
    model.forward = () => tooMuch() as never;
    const scores = predictFactors(model, tinyExamples(4), { batchSize: 4, padId: 0 });
    const message = await failure(scores);
    expect(message).toMatch(outOf);
    expect(message).toMatch(/Lower data\.maxLength, or run/); // its batch is no setting
  });

  test('other errors pass as they are', async () => {
    model.forward = () => {
      throw new TypeError('a defect');
    };
    await expect(predictFactors(model, tinyExamples(4), { batchSize: 4, padId: 0 })).rejects.toThrow(TypeError);
  });
});

test('a full disk: the checkpoint before is kept, nothing half written stays, and with room the run ends the same', async () => {
  const whole = tinyModel();
  await runThrough(tinyOptions(whole));
  let makeRoom = () => {};
  const run = runThrough(tinyOptions(model, { checkpoint: checkpoint() }), (event) => {
    if (event.type === 'step' && event.step === 8) makeRoom = fillDisk();
  });
  const message = await failure(run).finally(() => makeRoom());
  expect(message).toMatch(/checkpoint of step 10 could not be written: ENOSPC.*Earlier checkpoints are kept/);
  expect(files()).toEqual(['step-00000005.safetensors']);

  await expectSameEnd(whole);
});
