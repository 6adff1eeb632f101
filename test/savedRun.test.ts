/**
 * A run that was saved is the same run when it is loaded, in a new lab too; what does not fit or is not whole is named.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tf } from '../src/engine/tf';
import { printResult } from '../src/experiments/store';
import * as fun from '../src/index';
import { readSavedRun } from '../src/experiments/savedRun';
import { AdapterModel } from '../src/models/adapterModel';
import { tinyEncoder } from '../src/models/baseModel';
import { seqBnInv } from '../src/training/languageAdapter';
import { fillDisk } from './fullDisk';
import { smokeLabs } from './smokeLabs';

let temporary: string;
let folder: string;
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'fun-saved-'));
  process.env.FUN_RUNS = join(temporary, 'runs');
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));
beforeEach(() => (folder = join(mkdtempSync(join(temporary, 'test-')), 'saved')));

const { labs, open } = smokeLabs();

/** Validated at each fourth step, so that the best state is not the last one. */
const often = { seed: 5, validation: { every: 4, examples: 40 } } as const;
const languages = ['en', 'sw'];
const evaluation = { examples: 60, languages } as const;
async function trained(choices: fun.TrainChoices = {}, options: Partial<fun.OpenOptions> = {}): Promise<fun.Run> {
  const run = (await open(options)).train({ ...often, evaluation, ...choices });
  for await (const _ of run);
  return run;
}

const pairs = [
  { premise: 'It rains.', hypothesis: 'The sun shines.' },
  { premise: 'A dog sleeps in the garden.', hypothesis: 'An animal sleeps.' },
];
const weights = ({ model }: { model: AdapterModel }) =>
  [...model.parametersOf('task'), ...model.head!.parameters].map(({ value }) => [...value.dataSync<'float32'>()]);

const estimate = { estimators: ['exact'], examples: 6 } as const;
/** On training examples, and on Swahili ones, of the state that is scored. */
const tracesOfScored = async (run: fun.Run) => {
  if (run.configuration.evaluation.checkpoint === 'best') run.useBest();
  return [await run.estimate(estimate), await run.estimate({ ...estimate, language: 'sw' })];
};

const lora = { method: { type: 'lora', rank: 4, alpha: 8 } } as const;
const first = { head: { pooling: 'first' } } as const;
const mine: fun.Schedule = {
  name: 'mine',
  every: 2,
  needs: 'nothing',
  select: ({ frozen }) => frozen.slice(0, 1),
};

describe('loaded in a new lab, the run is evaluated as before, example by example', () => {
  test.each<[string, fun.TrainChoices]>([
    ['bottleneck', {}],
    ['LoRA', lora],
    ['full fine-tuning', { method: { type: 'full' } }],
    ['a head on the first token', first],
    ['the head of the paper’s scripts', { head: { pooling: 'first', family: 'transformers' } }],
    ['in bf16', { precision: 'bf16' }],
    ['the last state', { evaluation: { ...evaluation, checkpoint: 'last' } }],
    ['a schedule of one’s own', { schedule: mine }],
  ])('%s', async (_, choices) => {
    const run = await trained(choices);
    const before = {
      ...{ scores: await run.evaluate(), rows: await run.predict(pairs), result: run.result() },
      ...{ test: await run.predictTest('sw'), traces: await tracesOfScored(run) },
    };
    await run.save(folder);
    await labs[0]!.close();
    const lab = await open();
    const loaded = await lab.load(folder);
    expect(loaded.id).toBe(run.id);
    expect(loaded.result()).toEqual(before.result);
    expect(await loaded.evaluate()).toEqual(before.scores);
    expect(await lab.evaluate(loaded, 'sw')).toEqual(
      Object.entries(before.scores[1]!.metrics).map(([metric, value]) => ({
        language: 'sw',
        metric,
        value,
        examples: before.scores[1]!.examples,
      })),
    );
    expect(await loaded.predict(pairs)).toEqual(before.rows);
    expect(await loaded.predictTest('sw')).toEqual(before.test);
    for (const language of [{}, { language: 'sw' }]) {
      expect(await loaded.estimate({ ...estimate, ...language })).toEqual(before.traces.shift());
    }
  });

  test.each([
    ['copa', {}],
    ['xquad', { data: { maxLength: 64, docStride: 16 }, steps: 40 }],
  ] as const)('%s', async (task, choices) => {
    const run = await trained(choices, { task });
    const before = await run.evaluate();
    await run.save(folder);
    expect(await (await (await open({ task })).load(folder)).evaluate()).toEqual(before);
  });

  test('what is saved is the state that is scored, whatever is in the model; which is left as it was', async () => {
    const run = await trained();
    const last = weights(run);
    await run.save(folder);
    expect(weights(run)).toEqual(last);
    run.useBest();
    expect(weights(run)).not.toEqual(last);
    expect(weights(await labs[0]!.load(folder))).toEqual(weights(run));
  });

  test('between two events too, and training goes on as if nothing had been saved', async () => {
    const whole = await trained();
    const run = labs[0]!.train({ ...often, evaluation });
    for await (const event of run) if (event.type === 'validation') await run.save(folder);
    expect(weights(run)).toEqual(weights(whole));
    expect(await (await labs[0]!.load(folder)).evaluate()).toEqual(await whole.evaluate());
  });

  test('in languages that the run was not tested in, and without the data that it was trained on', async () => {
    const data = join(temporary, 'data');
    mkdirSync(join(data, 'mnli'), { recursive: true });
    mkdirSync(join(data, 'xnli'));
    const rows = (label: string, count: number) => Array.from({ length: count }, (_, i) => `a ${i}\tb ${i}\t${label}`);
    const file = (count: number) =>
      `${['premise\thypothesis\tlabel', ...rows('neutral', count), ...rows('entailment', count)].join('\n')}\n`;
    writeFileSync(join(data, 'mnli', 'train.tsv'), file(40));
    for (const name of ['dev-en', 'test-en', 'test-sw', 'test-fr']) {
      writeFileSync(join(data, 'xnli', `${name}.tsv`), file(8));
    }
    process.env.FUN_DATA = data;
    try {
      const run = await trained({ data: { suite: 'published' } });
      const before = await run.evaluate();
      await run.save(folder);
      renameSync(join(data, 'mnli'), join(data, 'elsewhere'));
      const loaded = await labs[0]!.load(folder);
      expect(await loaded.evaluate()).toEqual(before);
      expect((await loaded.evaluate('fr')).map(({ language, source }) => [language, source])).toEqual([
        ['fr', 'mirror:xnli/test-fr.tsv'],
      ]);
      expect(loaded.rows().scores.map(({ language }) => language)).toEqual(['en', 'sw', 'fr']);
      await expect(loaded.evaluate('xx')).rejects.toThrow(/not there in "xx"\. Allowed: /);
    } finally {
      delete process.env.FUN_DATA;
    }
  });
});

describe('the files', () => {
  test('the adapter and a head on the first token are in the format of AdapterHub, in the state that is scored', async () => {
    const run = await trained(first);
    await run.save(folder);
    run.useBest();
    const model = new AdapterModel('tiny-random', tinyEncoder());
    fun.loadTaskAdapter(model, folder);
    const head = fun.loadHead(model, folder);
    expect(head.config.labels).toEqual(fun.nliLabels);
    model.activate({ task: 'task', head: 'task' });
    expect(weights({ model })).toEqual(weights(run));
    model.dispose();
  });

  test('a head on the mean over tokens, which Python has not, is in the lab’s own file alone', async () => {
    const run = await trained(lora);
    await run.save(folder);
    expect(readdirSync(folder).sort()).toEqual([
      'adapter.safetensors',
      'adapter_config.json',
      'pytorch_adapter.bin',
      'result.json',
      'trained.safetensors',
    ]);
    expect(readFileSync(join(folder, 'result.json'), 'utf8')).toBe(printResult(run.result()));
  });

  test('full fine-tuning has no adapter: every parameter is in the lab’s own file', async () => {
    await (await trained({ method: { type: 'full' } })).save(folder);
    expect(readdirSync(folder).sort()).toEqual(['result.json', 'trained.safetensors']);
  });
});

describe('saving destroys nothing', () => {
  test('the same run takes the place of what it saved before; other files stay', async () => {
    const run = await trained();
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await run.save(folder);
    await run.save(folder);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    await expect(labs[0]!.load(folder)).resolves.toBeDefined();
  });

  test('another run, another adapter and a file are left alone', async () => {
    const run = await trained({ steps: 2 });
    await run.save(folder);
    const files = () => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'base64'));
    const before = files();
    const other = labs[0]!.train({ steps: 2, seed: 6 });
    for await (const _ of other);
    await expect(other.save(folder)).rejects.toThrow(/holds another run, .*-s5-.*Choose another folder/s);
    expect(files()).toEqual(before);
    rmSync(join(folder, 'result.json'));
    const left = files();
    await expect(run.save(folder)).rejects.toThrow(/adapter_config\.json.* not of this run.*Choose another folder/s);
    expect(files()).toEqual(left);
    const file = join(temporary, 'a-file');
    writeFileSync(file, 'mine');
    await expect(run.save(file)).rejects.toThrow(/cannot be written/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test('on a full disk the old ones stay, whole', async () => {
    const run = await trained({ steps: 2 });
    await run.save(folder);
    const before = readdirSync(folder);
    const makeRoom = fillDisk();
    await expect(run.save(folder)).rejects.toThrow(/The disk is full/);
    makeRoom();
    expect(readdirSync(folder)).toEqual(before);
    await expect(labs[0]!.load(folder)).resolves.toBeDefined();
  });

  test('cut off before the last of its files was in place: the result of the save before is not taken for its own', async () => {
    const run = await trained({ steps: 2 });
    await run.save(folder);
    const earlier = readFileSync(join(folder, 'result.json'));
    await run.evaluate('sw');
    await run.save(folder);
    await expect(labs[0]!.load(folder)).resolves.toBeDefined();
    writeFileSync(join(folder, 'result.json'), earlier);
    await expect(labs[0]!.load(folder)).rejects.toThrow(
      /result\.json is not the one that was saved with trained\.safetensors.*Save the run again/s,
    );
  });

  test('what was saved before the parameters named their result is read on', async () => {
    const run = await trained({ steps: 2 });
    await run.save(folder);
    const path = join(folder, 'trained.safetensors');
    const earlier = readFileSync(path, 'latin1').replace('\\"result\\":', '\\"former\\":');
    expect(earlier).toContain('former');
    writeFileSync(path, earlier, 'latin1');
    expect((await labs[0]!.load(folder)).result()).toEqual(run.result());
  });

  test('a run that has not started has nothing to save', async () => {
    await expect((await open()).train().save(folder)).rejects.toThrow(/has not started/);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('refused', () => {
  /** The state of one run, saved once. */
  let saved: string;
  beforeAll(async () => {
    saved = join(temporary, 'one');
    await (await trained({ steps: 2 })).save(saved);
  });

  const change = (name: string, by: (file: Buffer) => Buffer | string) => {
    cpSync(saved, folder, { recursive: true });
    const path = join(folder, name);
    writeFileSync(path, by(readFileSync(path)));
  };
  interface Parts {
    id: string;
    modelSource: string;
    configuration: { task?: string; method: { type: string; reductionFactor?: number; rank?: number; alpha?: number } };
  }
  const sha256 = (file: Buffer | string) => createHash('sha256').update(file).digest('hex');
  /** Another result, which the parameters name as their own. */
  const inResult = (by: (result: Parts) => void) => {
    const file = readFileSync(join(saved, 'result.json'));
    const result = JSON.parse(file.toString()) as Parts;
    by(result);
    const changed = JSON.stringify(result);
    change('trained.safetensors', (bytes) =>
      Buffer.from(bytes.toString('latin1').replace(sha256(file), sha256(changed)), 'latin1'),
    );
    writeFileSync(join(folder, 'result.json'), changed);
  };

  test.each<[string, () => void, RegExp]>([
    ['a folder that is not there', () => undefined, /result\.json cannot be read/],
    ['an empty result', () => change('result.json', () => ''), /result\.json is not a whole result: Unexpected end/],
    ['a result that is none', () => change('result.json', () => '{}'), /result\.json is not a whole result/],
    [
      'a configuration that is none',
      () => inResult((result) => delete result.configuration.task),
      /configuration: task missing/,
    ],
    [
      'the result of another run',
      () => inResult((result) => (result.id = 'another')),
      /trained\.safetensors is of the run ".*", result\.json of "another"/,
    ],
    [
      'parameters that are cut off',
      () => change('trained.safetensors', (file) => file.subarray(0, file.length - 4)),
      /no intact safetensors file: it is cut off/,
    ],
    [
      'one bit that has changed',
      () =>
        change('trained.safetensors', (file) => {
          file[file.length - 1]! ^= 1;
          return file;
        }),
      /trained\.safetensors is damaged: its numbers are not those that were saved/,
    ],
    [
      'a safetensors file of another program',
      () => change('trained.safetensors', () => readFileSync(join(saved, 'adapter.safetensors'))),
      /trained\.safetensors was not written by run\.save/,
    ],
    [
      'another method',
      () => inResult(({ configuration }) => (configuration.method = { type: 'lora', rank: 4, alpha: 8 })),
      /does not fit method lora4 on this model: there is no "bert\.encoder\.layer\.0\..*lora_A"/,
    ],
    [
      'a wider bottleneck',
      () => inResult(({ configuration }) => (configuration.method.reductionFactor = 2)),
      /does not fit method bottleneck2 on this model: "bert\.encoder\.layer\.0\..*" is \[2, 32\], not \[16, 32\]/,
    ],
  ])('%s', async (_, prepare, message) => {
    prepare();
    const lab = await open();
    const before = tf.memory().numTensors;
    await expect(lab.load(folder)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each<[string, Partial<fun.OpenOptions>, RegExp]>([
    ['task', { task: 'copa' }, /a run of task "nli", this lab is of "copa".*fun\.open\(\{ .*task: "nli"/s],
    ['profile', { profile: 'mini', model: 'tiny-random' }, /profile "smoke", this lab is of "mini"/],
  ])('a lab of another %s', async (_, options, message) => {
    await expect((await open(options)).load(saved)).rejects.toThrow(message);
  });

  test('a lab of another model', async () => {
    inResult((result) => (result.modelSource = 'owner/name@1234'));
    const lab = await open();
    const before = tf.memory().numTensors;
    await expect(lab.load(folder)).rejects.toThrow(
      /was trained on the model "tiny-random" \(owner\/name@1234\), and this lab's "tiny-random" is another \(random/s,
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  test('language adapters that are others now', async () => {
    const adapters = join(temporary, 'adapters');
    const write = (seed: number) => {
      const model = new AdapterModel('tiny-random', tinyEncoder());
      for (const language of languages) {
        model.addLanguageAdapter(language, seqBnInv, seed);
        fun.saveAdapter(model, language, join(adapters, language));
      }
      model.dispose();
    };
    write(1);
    const run = await trained({ languageAdapters: { source: 'folder', path: adapters } });
    const before = await run.evaluate();
    const rows = await run.predict(pairs, { language: 'sw' });
    await run.save(folder);
    const loaded = await labs[0]!.load(folder);
    expect(await loaded.evaluate()).toEqual(before);
    expect(await loaded.predict(pairs, { language: 'sw' })).toEqual(rows);
    write(2);
    await expect(labs[0]!.load(folder)).rejects.toThrow(/language adapters: en: sha256/);
  });
});

test('a loaded run is closed with its lab, and gives back what it held', async () => {
  const run = await trained({ steps: 2, method: { type: 'full' } });
  await run.save(folder);
  await run.close();
  const before = tf.memory().numTensors;
  const loaded = await labs[0]!.load(folder);
  expect(tf.memory().numTensors).toBeGreaterThan(before);
  await loaded.close();
  expect(tf.memory().numTensors).toBe(before);
  await expect(loaded.predict(pairs)).rejects.toThrow(/was closed/);
  expect(loaded.rows().runs).toHaveLength(1);
  const other = await labs[0]!.load(folder);
  await labs[0]!.close();
  await expect(other.evaluate()).rejects.toThrow(/This lab is closed/);
});

test('reading a saved run computes nothing and opens no model', async () => {
  await (await trained({ steps: 2 })).save(folder);
  const before = tf.memory().numTensors;
  expect(readSavedRun(folder)).toMatchObject({ state: 'best', step: 2 });
  expect(tf.memory().numTensors).toBe(before);
});
