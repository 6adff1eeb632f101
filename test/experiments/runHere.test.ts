/** The runs of a sweep in one process: how often they open their base model. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tf } from '../../src/engine/tf';
import { openBase } from '../../src/experiments/openBase';
import type { RunChoices } from '../../src/experiments/profiles';
import { runHere } from '../../src/experiments/runHere';
import { shareBase } from '../../src/experiments/sharedBases';
import { openStore } from '../../src/experiments/store';

vi.mock('../../src/experiments/openBase', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/experiments/openBase')>();
  return { ...original, openBase: vi.fn(original.openBase) };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-here-'));
  process.env.FUN_RUNS = join(folder, 'runs');
  vi.mocked(openBase).mockClear();
});
afterEach(() => {
  delete process.env.FUN_RUNS;
  rmSync(folder, { recursive: true, force: true });
});

/** How many bases these runs opened. */
async function basesOf(choices: readonly Omit<RunChoices, 'task'>[]): Promise<number> {
  const runs = () => choices.map((run) => ({ task: 'nli', steps: 2, ...run }) as const);
  const results = await runHere(
    { name: 'tiny', title: 'tiny runs', profile: 'smoke', runs },
    { store: openStore(join(folder, 'results')) },
  );
  expect(results).toHaveLength(choices.length);
  return vi.mocked(openBase).mock.calls.length;
}

const full = { method: { type: 'full' } } as const;

test.each([
  ['runs with adapters share one', [{ seed: 1 }, { seed: 2 }, { seed: 3 }], 1],
  [
    'full fine-tuning opens its own, and no other',
    [
      { seed: 1, ...full },
      { seed: 2, ...full },
    ],
    2,
  ],
  ['after it, one is shared again', [{ seed: 1 }, { seed: 1, ...full }, { seed: 2 }, { seed: 3 }], 3],
  ['another precision is another base', [{ seed: 1 }, { seed: 1, precision: 'bf16' }, { seed: 2 }], 3],
] as const)('%s', async (_, choices, bases) => {
  const before = tf.memory().numTensors;
  expect(await basesOf(choices)).toBe(bases);
  expect(tf.memory().numTensors).toBe(before);
});

test.each([
  [{ profil: 'smoke' }, /^runHere: unknown "profil". Allowed: profile, store, onEvent, signal\.$/],
  [{ profile: 'tiny' }, /^Profile "tiny" is not known. Allowed: smoke, /],
])('%j is refused', async (options, message) => {
  const none = { name: 'none', title: '', profile: 'smoke', runs: () => [] } as const;
  await expect(runHere(none, options as never)).rejects.toThrow(message);
});

test('the name of a sweep is no sweep', async () => {
  await expect(runHere('nli-schedules' as never)).rejects.toThrow(
    /^runHere takes a sweep, as in runHere\(findSweep\('nli-schedules'\)\); given was "nli-schedules"\.$/,
  );
});

test('a base that a lab of this process holds is not opened again', async () => {
  const lab = await shareBase({ model: 'tiny-random', precision: 'float32' });
  expect(await basesOf([{ seed: 1 }])).toBe(1);
  lab.close();
});
