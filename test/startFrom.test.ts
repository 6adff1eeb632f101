/**
 * Training that starts from an adapter that is there: of a saved run, or of AdapterHub, with its head where it fits.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import * as fun from '../src/index';
import { smokeLabs } from './smokeLabs';
import { temporaryFolder } from './temporaryFolder';

beforeAll(() => (process.env.FUN_RUNS = join(temporaryFolder(), 'runs')));
let folder: string;
beforeEach(() => (folder = join(temporaryFolder(), 'saved')));
const { open } = smokeLabs();

const short = {
  seed: 5,
  steps: 8,
  schedule: { name: 'gradual', every: 1 },
  evaluation: { languages: ['en'] },
} as const;
async function trained(choices: fun.TrainChoices = {}): Promise<fun.Run> {
  const run = (await open()).train({ ...short, ...choices });
  for await (const _ of run);
  return run;
}

type Weights = Record<'adapter' | 'head', number[][]>;
const weights = ({ model }: Pick<fun.Run, 'model'>): Weights => {
  const values = (parameters: readonly { value: { dataSync(): ArrayLike<number> } }[]) =>
    parameters.map(({ value }) => Array.from(value.dataSync()));
  return { adapter: values(model.parametersOf('task')), head: values(model.head!.parameters) };
};

/** The weights before the first step, and where the result says that they are from. */
async function begun(run: fun.Run): Promise<{ weights: Weights; startedFrom: unknown }> {
  for await (const { type } of run) if (type === 'start') break;
  return { weights: weights(run), startedFrom: run.result().startedFrom };
}

const source = expect.stringMatching(/^sha256 [0-9a-f]{16}$/) as string;
const first = { head: { pooling: 'first' } } as const;

test.each<[string, fun.TrainChoices]>([
  ['bottleneck', {}],
  ['LoRA', { method: 'lora' }],
  ['a head on the first token', first],
])('a saved run, %s: training starts from the state that was saved, and moves it', async (_, choices) => {
  const run = await trained(choices);
  run.useBest();
  await run.save(folder);
  const lab = await open();
  const random = await begun(lab.train({ ...short, ...choices }));
  const next = lab.train({ ...short, ...choices, startFrom: folder });
  const from = await begun(next);
  expect(from.weights).toEqual(weights(run));
  expect(from.weights).not.toEqual(random.weights);
  expect(from.startedFrom).toEqual({ source, parts: 'adapter and head' });
  expect(random.startedFrom).toBeUndefined();
  for await (const _event of next.resume());
  expect(weights(next)).not.toEqual(from.weights);
  expect(next.id).not.toBe(run.id);
});

test('for another task the head is random', async () => {
  const run = await trained();
  run.useBest();
  await run.save(folder);
  const lab = await open({ task: 'copa' });
  const random = await begun(lab.train(short));
  const from = await begun(lab.train({ ...short, startFrom: folder }));
  expect(from.weights).toEqual({ adapter: weights(run).adapter, head: random.weights.head });
  expect(from.startedFrom).toEqual({ source, parts: 'adapter' });
});

test('an AdapterHub folder: its adapter, and its head where labels and pooling are those of the run', async () => {
  const run = await trained(first);
  fun.saveAdapter(run.model, 'task', folder);
  const lab = await open();
  const random = (await begun(lab.train({ ...short, ...first }))).weights;
  const start = (choices: fun.TrainChoices = first) => begun(lab.train({ ...short, ...choices, startFrom: folder }));
  const { adapter, head } = weights(run);
  expect(await start()).toEqual({
    weights: { adapter, head: random.head },
    startedFrom: { source, parts: 'adapter' },
  });
  fun.saveHead(run.model, 'task', folder);
  expect(await start()).toEqual({ weights: { adapter, head }, startedFrom: { source, parts: 'adapter and head' } });
  expect((await start({})).startedFrom).toEqual({ source, parts: 'adapter' }); // on the mean
  fun.saveHead(run.model, 'task', folder, ['contradiction', 'entailment', 'neutral']);
  expect(await start()).toMatchObject({ weights: { head: random.head }, startedFrom: { parts: 'adapter' } });
});

test('a run that started so is saved, loaded and evaluated without the folder', async () => {
  const start = join(temporaryFolder(), 'start');
  await (await trained()).save(start);
  const run = await trained({ startFrom: start });
  const scores = await run.evaluate();
  await run.save(folder);
  rmSync(start, { recursive: true });
  const loaded = await (await open()).load(folder);
  expect(await loaded.evaluate()).toEqual(scores);
  expect(loaded.result().startedFrom).toEqual({ source, parts: 'adapter and head' });
});

test('what does not fit is refused by name', async () => {
  await (await trained()).save(folder);
  const lab = await open();
  const refused = async (choices: fun.TrainChoices, message: RegExp) =>
    expect(begun(lab.train({ ...short, ...choices }))).rejects.toThrow(message);
  const other = { type: 'bottleneck', reductionFactor: 4 } as const;
  await refused(
    { startFrom: folder, method: other },
    /"reductionFactor":16.*run trains .*"reductionFactor":4.*same method/,
  );
  await refused({ startFrom: folder, method: 'lora' }, /holds .*"bottleneck".* trains .*"lora"/);
  await refused({ startFrom: join(folder, 'none') }, /startFrom: there is no folder .*none/);
  await refused({ startFrom: temporaryFolder() }, /adapter_config\.json/);
  expect(() => lab.train({ startFrom: '' })).toThrow('startFrom must be a folder.');
  expect(() => lab.train({ startFrom: folder, method: 'full' })).toThrow(/full fine-tuning starts from the base model/);
});
