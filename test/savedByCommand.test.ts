/** `train --save` and `sweep --save`: what the commands trained is loaded in a lab, and scores as their results say. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dispatch } from '../src/commands/dispatch';
import { openStore } from '../src/experiments/store';
import { smokeLabs } from './smokeLabs';
import { temporaryFolder } from './temporaryFolder';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = temporaryFolder();
  process.env.FUN_RUNS = join(folder, 'runs');
  process.env.FUN_RESULTS = join(folder, 'results');
  said = [];
  for (const stream of ['log', 'error'] as const) {
    vi.spyOn(console, stream).mockImplementation((text: unknown) => void said.push(String(text)));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env.FUN_RESULTS;
});

const { open } = smokeLabs();
const saved = () => join(folder, 'saved');

async function cli(...argv: string[]): Promise<{ code: number; text: string }> {
  said.length = 0;
  const code = await dispatch(argv);
  return { code, text: said.join('\n') };
}
const ending = (code: number, text: string | RegExp) => ({ code, text: expect.stringMatching(text) as string });

/** The scores of the saved run in a new lab, and those of its result. */
async function scores(path: string) {
  const run = await (await open()).load(path);
  const { evaluation } = openStore().read('smoke', run.id);
  return { loaded: await run.evaluate(['en', 'sw']), recorded: evaluation };
}

test('train --save', async () => {
  const train = ['train', '--profile', 'smoke', '--schedule', 'gradual', '--languages', 'en,sw', '--save', saved()];
  expect(await cli(...train)).toEqual(ending(0, `Saved: ${saved()}`));
  expect(readdirSync(saved())).toEqual(expect.arrayContaining(['adapter_config.json', 'trained.safetensors']));
  const { loaded, recorded } = await scores(saved());
  expect(loaded).toEqual(recorded);
  expect(await cli(...train)).toEqual(ending(0, 'This run is done already.'));
  const other = await cli(...train, '--seed', '2');
  expect(other).toEqual(ending(1, /saved holds another run, nli-tiny-.*s1/));
  expect(other.text).not.toContain('loading');
});

test('sweep --save: each run in a folder of its name', async () => {
  const sweep = ['sweep', 'first-light', '--profile', 'smoke', '--languages', 'en,sw', '--only', 'standard'];
  expect((await cli(...sweep, '--save', saved())).code).toBe(0);
  const [run, ...others] = readdirSync(saved());
  expect(others).toEqual([]);
  const { loaded, recorded } = await scores(join(saved(), run!));
  expect(loaded).toEqual(recorded);
  const elsewhere = await cli(...sweep, '--save', join(folder, 'elsewhere'));
  expect(elsewhere).toEqual(ending(0, /Done already, and not in .*elsewhere \(to have them there, move their results/));
  expect(elsewhere.text).toContain(run);
});

test('a sweep that cannot save says so before it starts a run', async () => {
  writeFileSync(saved(), 'a file is in the way');
  const failed = await cli('sweep', 'first-light', '--profile', 'smoke', '--only', 'standard', '--save', saved());
  expect(failed).toEqual(ending(1, /saved.* cannot be written/));
  expect(failed.text).not.toContain('loading');
  expect(openStore().ids('smoke')).toEqual([]);
});
