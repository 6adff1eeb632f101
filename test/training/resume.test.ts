/** A run that is stopped, killed or robbed of its newest checkpoint ends bit for bit as the uninterrupted one. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { fisherUnfreezing, randomUnfreezing } from '../../src/schedulers/index';
import { removeCheckpoints } from '../../src/training/checkpoint';
import type { TrainingEvent } from '../../src/training/events';
import type { TrainingOptions } from '../../src/training/trainingOptions';
import { expectToGoOn } from './goesOn';
import { runThrough, tinyModel, tinyOptions, tinySettings, trainedValues } from './tiny';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-resume-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const checkpoint = (every: number) => ({ folder, every, fingerprint: 'tiny' });

/** Trains in pieces, stopping after each of the given steps, every piece with a fresh model. */
async function inPieces(stops: readonly number[], more: Partial<TrainingOptions> = {}) {
  const losses = new Map<number, number>();
  const traces = new Map<number, string>();
  const goesOn = expectToGoOn();
  for (const stop of [...stops, Infinity]) {
    const model = tinyModel();
    const abort = new AbortController();
    await runThrough(tinyOptions(model, { ...more, checkpoint: checkpoint(5), signal: abort.signal }), (event) => {
      goesOn(event);
      record(event);
      if (event.type === 'step' && event.step >= stop) abort.abort();
    });
    if (stop === Infinity) return { values: trainedValues(model), losses, traces };
    model.dispose();
  }
  throw new Error('unreachable');

  function record(event: TrainingEvent): void {
    if (event.type === 'step') losses.set(event.step, event.loss);
    if (event.type === 'fisher') traces.set(event.step, JSON.stringify(event.traces));
  }
}

describe('stopped and resumed', () => {
  test.each([
    ['gradual', tinySettings.schedule],
    ['random', randomUnfreezing({ every: 3 })],
    ['fun', fisherUnfreezing({ every: 3 })],
  ])('%s: any stops give the same run', async (_, schedule) => {
    const settings = { ...tinySettings, schedule, fisherForSchedule: { estimator: 'mc', examples: 6 } as const };
    const whole = await inPieces([], { settings });
    rmSync(folder, { recursive: true });
    const pieces = await inPieces([0, 1, 4, 5, 9, 11, 14], { settings });
    expect(pieces).toEqual(whole);
  });

  test('the best state by validation survives', async () => {
    const scores = [10, 30, 20, 25];
    const validation = { every: 4, metric: 'accuracy', run: async () => ({ accuracy: scores.shift()! }) };
    const abort = new AbortController();
    const options = { validation, checkpoint: checkpoint(2), signal: abort.signal };
    await runThrough(tinyOptions(tinyModel(), options), (event) => {
      if (event.type === 'step' && event.step === 10) abort.abort();
    });
    const { best } = await runThrough(tinyOptions(tinyModel(), { ...options, signal: new AbortController().signal }));
    expect(best).toMatchObject({ step: 8, value: 30 });
  });

  test('a damaged newest checkpoint is named, and the one before it is used', async () => {
    const whole = await inPieces([]);
    rmSync(folder, { recursive: true });
    const abort = new AbortController();
    await runThrough(tinyOptions(tinyModel(), { checkpoint: checkpoint(5), signal: abort.signal }), (event) => {
      if (event.type === 'step' && event.step === 11) abort.abort();
    });
    const newest = join(folder, readdirSync(folder).sort().at(-1)!);
    truncateSync(newest, readFileSync(newest).length - 100);
    const warnings: string[] = [];
    const model = tinyModel();
    let firstStep = -1;
    await runThrough(
      tinyOptions(model, { checkpoint: checkpoint(5), onWarning: (message) => warnings.push(message) }),
      (event) => {
        if (event.type === 'start') firstStep = event.firstStep;
      },
    );
    expect(firstStep).toBe(10);
    expect(warnings[0]).toMatch(/step-00000012\.safetensors is damaged and is not used: .*cut off/);
    expect(trainedValues(model)).toEqual(whole.values);
  });

  test('a checkpoint of other settings is refused', async () => {
    const abort = new AbortController();
    abort.abort();
    await runThrough(tinyOptions(tinyModel(), { checkpoint: checkpoint(5), signal: abort.signal }));
    const other = { ...checkpoint(5), fingerprint: 'other' };
    await expect(runThrough(tinyOptions(tinyModel(), { checkpoint: other }))).rejects.toThrow(/other settings/);
  });
});

describe('killed', () => {
  test('25 times at random points, a process ends as the uninterrupted run', { timeout: 300_000 }, async () => {
    const whole = await inPieces([]);
    rmSync(folder, { recursive: true });
    const output = join(folder, '..', `${folder.split('/').at(-1)}-values.json`);
    const script = join(__dirname, 'trainTiny.ts');
    const start = () =>
      spawn(process.execPath, ['--require', 'tsx/cjs', script, folder, output], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
      });
    const random = randomStream(3, 'kills');
    let kills = 0;
    try {
      for (; kills < 25; kills++) {
        const child = start();
        // Killed while the n-th event from now is being handled, which may be in the middle of a write.
        let left = 1 + random.integer(6);
        child.stdout.on('data', (text: Buffer) => {
          left -= text.toString().split('\n').length - 1;
          if (left <= 0) child.kill('SIGKILL');
        });
        const [code] = (await once(child, 'exit')) as [number | null];
        if (code === 0) break; // it came to its end before it could be killed
        expect(code).toBeNull(); // killed by the signal, not ended by an error
      }
      const [code] = (await once(start(), 'exit')) as [number | null];
      expect(code).toBe(0);
      const last = JSON.parse(readFileSync(output, 'utf8')) as { firstStep: number; values: unknown };
      expect(last.values).toEqual(whole.values);
      expect(last.firstStep).toBeGreaterThan(0);
      expect(kills).toBeGreaterThan(4);
    } finally {
      rmSync(output, { force: true });
      writeFileSync(join(folder, 'end'), '');
    }
  });
});

test('what a process that was killed had written of a checkpoint is gone when the run goes on', async () => {
  const killed = `const { writeAtomically } = require('./src/engine/atomicFile.ts');
    writeAtomically(${JSON.stringify(join(folder, 'step-00000005.safetensors'))}, (descriptor) => {
      require('node:fs').writeSync(descriptor, 'half');
      process.kill(process.pid, 'SIGKILL');
    });`;
  spawnSync(process.execPath, ['--import', 'tsx', '--input-type=commonjs', '-e', killed]);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^step-00000005\.safetensors\./)]);
  const model = tinyModel();
  await runThrough(tinyOptions(model, { checkpoint: checkpoint(0) }), ({ type }) => {
    if (type === 'start') expect(readdirSync(folder)).toEqual([]);
  });
  model.dispose();
  expect(readdirSync(folder)).toHaveLength(1);
});

test('checkpoints are removed, a step that diverged is not', () => {
  const own = join(folder, 'own');
  removeCheckpoints(own); // there is none
  mkdirSync(own);
  for (const name of ['step-00000005', 'diverged-00000007']) writeFileSync(join(own, `${name}.safetensors`), '');
  removeCheckpoints(own);
  expect(readdirSync(own)).toEqual(['diverged-00000007.safetensors']);
});
