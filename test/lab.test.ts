/** The lab as a notebook uses it, on the tiny model. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tf } from '../src/engine/tf';
import { runId } from '../src/experiments/configuration';
import { openSession } from '../src/experiments/session';
import * as fun from '../src/index';
import type { TrainingEvent } from '../src/training/events';
import { fillDisk } from './fullDisk';

let folder: string;
let lab: fun.Lab;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fun-lab-'));
  process.env.FUN_RUNS = folder;
  lab = await fun.open({ task: 'xnli', profile: 'smoke' });
});

afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

async function events(run: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of run) all.push(event);
  return all;
}

describe('open', () => {
  test.each([
    [{ task: 'mnli' }, /Task "mnli" is not known. Allowed: nli, xnli/],
    [{ task: 'nli', profile: 'large' }, /large/],
    [{ task: 'nli', modle: 'x' }, /unknown "modle"/],
    [
      { task: 'nli', profile: 'smoke', model: 'no-such-model' },
      /Model "no-such-model" is not known. Allowed: multilingual-e5-small/,
    ],
  ])('refuses %j', async (options, message) => {
    await expect(fun.open(options as unknown as fun.OpenOptions)).rejects.toThrow(message);
  });
});

test('a run that cannot be opened holds no memory', async () => {
  const before = tf.memory().numTensors;
  const missing = { evaluation: { languages: ['en', 'xx'] } };
  const adapters = { languageAdapters: { source: 'folder', path: folder } } as const;
  for (const choices of [missing, adapters, { ...missing, method: { type: 'full' } as const }]) {
    await expect(events(lab.train(choices))).rejects.toThrow(/"xx"|language adapter/);
    expect(tf.memory().numTensors).toBe(before);
  }
});

describe('train', () => {
  test('gives events, rows and scores', async () => {
    const run = lab.train({
      schedule: fun.gradualUnfreezing({ every: 2 }),
      steps: 12,
      trackFisher: { every: 4 },
      seed: 1,
    });
    const all = await events(run);
    expect(all[0]).toMatchObject({ type: 'start', totalSteps: 12, scheduleName: 'gradual' });
    expect(all.at(-1)).toMatchObject({ type: 'done', step: 12 });
    const openings = all.flatMap((event) => (event.type === 'unfreeze' ? event.layers : []));
    expect(openings).toEqual([3, 2, 1, 0]);
    const { fisher, steps, unfreezing } = run.rows();
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(fisher.filter(({ step }) => step === 0).map(({ trainable }) => trainable)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(fisher.every(({ trace }) => trace > 0)).toBe(true);
    expect(unfreezing.map(({ layer, order }) => [layer, order])).toEqual([
      [3, 0],
      [2, 1],
      [1, 2],
      [0, 3],
    ]);
    const scores = await lab.evaluate(run, ['en', 'sw']);
    expect(scores.map(({ language, metric, examples }) => [language, metric, examples])).toEqual([
      ['en', 'accuracy', 8],
      ['sw', 'accuracy', 8],
    ]);
  });

  const order = [2, 0, 1, 3];
  test.each<[string, fun.TrainChoices['schedule'], RegExp | undefined]>([
    ['gradual, 4', fun.gradualUnfreezing({ every: 4 }), /"gradual" with every = 4 opens its last layer at step 12 \(4/],
    ['gradual, 3', fun.gradualUnfreezing({ every: 3 }), undefined],
    ['a fixed order, 4', fun.fixedOrderUnfreezing({ every: 4, order }), /"fixed" with every = 4 opens .* at step 12/],
    ['the same as JSON', { name: 'fixed', every: 4, order }, /"fixed" with every = 4 opens .* at step 12/],
    ['one’s own, 4', { ...fun.gradualUnfreezing({ every: 4 }), name: 'mine' }, undefined],
  ])('%s, of 12 steps: warns where layers will stay frozen', (_, schedule, message) => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    lab.train({ schedule, steps: 12 });
    const said = warned.mock.calls.map(([text]) => text);
    warned.mockRestore();
    expect(said).toEqual(message === undefined ? [] : [expect.stringMatching(message)]);
  });

  test('only opened layers change, and memory is flat over steps', async () => {
    const run = lab.train({ schedule: { name: 'surgical', layers: [1] }, steps: 12, seed: 3 });
    const tensors: number[] = [];
    let before: Map<string, Float32Array> | undefined;
    const values = () =>
      new Map(run.model.parametersOf('task').map(({ name, value }) => [name, value.dataSync<'float32'>().slice()]));
    for await (const event of run) {
      before ??= values();
      if (event.type === 'step') tensors.push(tf.memory().numTensors);
    }
    const after = values();
    for (const parameter of run.model.parametersOf('task')) {
      const same = after.get(parameter.name)!.every((v, i) => v === before!.get(parameter.name)![i]);
      expect(same, parameter.name).toBe(parameter.address.layer !== 1);
    }
    // The best state by validation is kept on the host; on the device nothing is added after the first step.
    expect(new Set(tensors.slice(1)).size).toBe(1);
  });

  test('a run in bf16 has rounded products, and leaves the others of the lab exact', async () => {
    const losses = async (precision: 'float32' | 'bf16') => {
      const all = await events(lab.train({ steps: 4, seed: 5, precision }));
      return all.flatMap((event) => (event.type === 'step' ? event.loss : []));
    };
    const before = await losses('float32');
    const rounded = await losses('bf16');
    expect(rounded).not.toEqual(before);
    rounded.forEach((loss, i) => expect(Math.abs(loss - before[i]!)).toBeLessThan(0.02 * before[i]!));
    expect(await losses('float32')).toEqual(before);
  });

  test('a schedule of one’s own, and what is wrong with a wrong one', async () => {
    const topPair: fun.Schedule = {
      name: 'top-pair',
      every: 3,
      needs: 'nothing',
      select: ({ frozen }) => frozen.slice(-2),
    };
    const run = lab.train({ schedule: topPair, steps: 12 });
    const all = await events(run);
    expect(all.flatMap((event) => (event.type === 'unfreeze' ? [event.layers] : []))).toEqual([
      [2, 3],
      [0, 1],
    ]);
    expect(run.rows().runs[0]!.schedule).toBe('top-pair');
    const always3: fun.Schedule = { ...topPair, name: 'always-3', select: () => [3] };
    await expect(events(lab.train({ schedule: always3, steps: 12 }))).rejects.toThrow(/layer 3, which is open already/);
    const layer9: fun.Schedule = { ...topPair, name: 'layer-9', select: () => [9] };
    await expect(events(lab.train({ schedule: layer9, steps: 12 }))).rejects.toThrow(/layer 9, which does not exist/);
  });

  test('the Stop button ends it after the step; resume goes on to the same end', async () => {
    const choices = { schedule: fun.gradualUnfreezing({ every: 2 }), steps: 12, seed: 4 } as const;
    const whole = lab.train(choices);
    await events(whole);
    const abort = new AbortController();
    const signal = Symbol.for('fun.cellSignal');
    const run = lab.train(choices);
    const kernel = globalThis as Record<symbol, unknown>;
    const own = kernel[signal];
    kernel[signal] = () => abort.signal;
    const first: TrainingEvent[] = [];
    for await (const event of run) {
      first.push(event);
      if (event.type === 'step' && event.step === 4) abort.abort();
    }
    kernel[signal] = own;
    expect(first.at(-1)).toEqual({ type: 'interrupted', step: 5 });
    expect(run.rows().runs).toMatchObject([{ steps: 5 }]);
    await events(run.resume());
    expect(run.rows().steps).toEqual(whole.rows().steps);
    expect(run.id).toBe(whole.id);
  });
});

describe('a loop that was left', () => {
  const choices = { schedule: fun.gradualUnfreezing({ every: 2 }), steps: 12, seed: 4 } as const;
  const stepsOf = (run: fun.Run) => run.rows().steps;
  const weights = (run: fun.Run) => run.model.parametersOf('task').map(({ value }) => [...value.dataSync<'float32'>()]);
  let whole: fun.Run;
  beforeAll(async () => {
    whole = lab.train(choices);
    await events(whole);
  });

  /** Runs until the step, then leaves the loop as told. */
  async function leaveAt(step: number, leave: 'break' | 'throw'): Promise<fun.Run> {
    const run = lab.train(choices);
    try {
      for await (const event of run) {
        if (event.type !== 'step' || event.step < step) continue;
        if (leave === 'throw') throw new Error('of the loop itself');
        break;
      }
    } catch (error) {
      expect((error as Error).message).toBe('of the loop itself');
    }
    return run;
  }

  test.each(['break', 'throw'] as const)('by %s: it resumes where it was', async (leave) => {
    const run = await leaveAt(5, leave);
    const [start] = await events(run.resume());
    expect(start).toMatchObject({ type: 'start', firstStep: 6 });
    expect(stepsOf(run)).toEqual(stepsOf(whole));
    expect(weights(run)).toEqual(weights(whole));
  });

  test('resumed while a step is still being computed, it waits for it', async () => {
    const run = lab.train(choices);
    const abandoned = run[Symbol.asyncIterator]();
    await abandoned.next();
    const pending = abandoned.next();
    await events(run.resume());
    await pending;
    expect(stepsOf(run)).toEqual(stepsOf(whole));
    expect(weights(run)).toEqual(weights(whole));
  });

  test('begun again, it starts afresh, without the scores of before', async () => {
    const run = await leaveAt(5, 'break');
    await lab.evaluate(run, 'sw');
    expect(run.rows().scores.map(({ language }) => language)).toEqual(['sw']);
    await events(run);
    expect(stepsOf(run)).toEqual(stepsOf(whole));
    expect(run.rows().scores).toEqual([]);
  });

  test('closed or begun again while it opens, it ends without an event', async () => {
    const run = lab.train(choices);
    const first = run[Symbol.asyncIterator]().next();
    await run.close();
    expect((await first).done).toBe(true);
    const second = run[Symbol.asyncIterator]().next();
    await events(run);
    expect((await second).done).toBe(true);
    expect(weights(run)).toEqual(weights(whole));
  });

  test('evaluations at the same time leave the model as it was', async () => {
    const before = weights(whole);
    await Promise.all(['en', 'de', 'sw'].map((language) => lab.evaluate(whole, [language])));
    expect(weights(whole)).toEqual(before);
  });

  test('evaluated within the loop, it goes on as if it had not been', async () => {
    const run = lab.train(choices);
    for await (const event of run) if (event.type === 'validation') await lab.evaluate(run, ['de']);
    expect(weights(run)).toEqual(weights(whole));
  });

  test('within the loop too, the best state is the one that is scored', async () => {
    const right = async (run: fun.Run) => (await run.evaluate('en'))[0]!.correct;
    const score = async (checkpoint: 'best' | 'last') => {
      const validation = { every: 2, examples: 'all' } as const;
      const run = lab.train({ seed: 5, steps: 12, validation, evaluation: { checkpoint, examples: 'all' } });
      const within: string[] = [];
      for await (const event of run) if (event.type === 'done') within.push(await right(run));
      return [...within, await right(run)];
    };
    const [within, after] = await score('best');
    expect(within).toBe(after);
    expect((await score('last'))[0]).not.toBe(after);
  });

  test('tr(F) is not estimated while an evaluation has other weights in place', async () => {
    const estimators = ['exact'] as const;
    const before = await whole.estimate({ estimators, examples: 4 });
    expect(before).toHaveLength(lab.layers);
    const [, beside] = await Promise.all([lab.evaluate(whole, ['en']), whole.estimate({ estimators, examples: 4 })]);
    expect(beside).toEqual(before);
  });

  test('stopped while it opens, it does no step', async () => {
    const abort = new AbortController();
    const signal = Symbol.for('fun.cellSignal');
    const kernel = globalThis as Record<symbol, unknown>;
    const own = kernel[signal];
    kernel[signal] = () => abort.signal;
    const all = events(lab.train(choices));
    abort.abort();
    kernel[signal] = own;
    expect((await all).at(-1)).toEqual({ type: 'interrupted', step: 0 });
  });
});

test.each<[string, object, RegExp]>([
  ['a learning rate', { learningRate: 5 }, /A run: unknown "learningRate"\. Allowed: .*optimiser/],
  ['another model', { model: 'xlm-roberta-base' }, /the model is the lab's/],
  ['another task', { task: 'copa' }, /the task is the lab's/],
])('train refuses %s by name', (_, choices, message) => {
  expect(() => lab.train(choices)).toThrow(message);
});

test('with the head of the paper’s scripts, BERT’s own pooler stays frozen and one layer is trained', async () => {
  const run = lab.train({ head: { pooling: 'first', family: 'transformers' }, steps: 2 });
  await events(run);
  const names = run.model.parameters().flatMap(({ name, address }) => (address.role === 'head' ? [name] : []));
  expect(names).toEqual(['static.task.classifier.weight', 'static.task.classifier.bias']);
});

test('full fine-tuning needs no schedule, and tr(F) can be tracked at the interval of the profile', () => {
  const { schedule, trackFisher } = lab.train({ method: { type: 'full' }, trackFisher: 'tracked' }).configuration;
  expect(schedule).toEqual({ name: 'full' });
  expect(trackFisher).toMatchObject({ estimator: 'exact', layers: 'all', every: 4 });
});

test('closed, a lab gives back everything and says so', async () => {
  const before = tf.memory().numTensors;
  const other = await fun.open({ task: 'xnli', profile: 'smoke' });
  const runs = [other.train({ steps: 2 }), other.train({ steps: 2, method: { type: 'full' } })];
  for (const run of runs) await events(run);
  await other.close();
  expect(tf.memory().numTensors).toBe(before);
  expect(runs.map((run) => run.rows().steps.length)).toEqual([2, 2]);
  await expect(other.evaluate(runs[0]!, ['en'])).rejects.toThrow(/This lab is closed/);
  await expect(events(runs[0]!)).rejects.toThrow(/This lab is closed/);
  expect(() => runs[0]!.model).toThrow(/This lab is closed/);
});

test('after close, a run says that it was closed, and how to begin again', async () => {
  const run = lab.train({ steps: 2 });
  expect(() => run.model).toThrow(/has not started/);
  await events(run);
  await run.close();
  const closed = /^This run was closed, and its model freed: iterate it to train it afresh \(for await …\)\.$/;
  expect(() => run.model).toThrow(closed);
  await expect(run.estimate({ estimators: ['exact'], examples: 4 })).rejects.toThrow(closed);
  await expect(run.evaluate('en')).rejects.toThrow(closed);
  await events(run);
  expect(run.model.layers).toBe(4);
});

test('a run that cannot save when its lab is closed says so, and everything is given back all the same', async () => {
  const before = tf.memory().numTensors;
  const other = await fun.open({ task: 'xnli', profile: 'smoke' });
  const run = other.train({ steps: 4 });
  await run[Symbol.asyncIterator]().next();
  const makeRoom = fillDisk();
  await expect(other.close()).rejects.toThrow(/checkpoint of step 0 could not be written/);
  makeRoom();
  expect(tf.memory().numTensors).toBe(before);
});

describe('the identity of a run', () => {
  test.each<[fun.Schedule, object]>([
    [fun.standardTraining(), { name: 'standard' }],
    [fun.gradualUnfreezing({ every: 2 }), { name: 'gradual', every: 2 }],
    [fun.reverseGradualUnfreezing({ every: 2 }), { name: 'gradual-reverse', every: 2 }],
    [fun.linearProbingThenFineTuning({ every: 2 }), { name: 'lpft', every: 2 }],
    [fun.randomUnfreezing({ every: 2 }), { name: 'random', every: 2 }],
    [fun.fixedOrderUnfreezing({ every: 2, order: [1, 0, 2] }), { name: 'fixed', every: 2, order: [1, 0, 2] }],
    [fun.fisherUnfreezing({ every: 2 }), { name: 'fun', every: 2 }],
    [fun.surgicalFineTuning({ layers: [0, 2] }), { name: 'surgical', layers: [0, 2] }],
  ])('is that of the JSON form: $name', (schedule, json) => {
    const run = lab.train({ schedule });
    expect(run.configuration.schedule).toEqual(json);
    expect(run.id).toBe(lab.train({ schedule: json as fun.ScheduleConfig }).id);
    expect(run.id).toBe(runId(run.configuration));
  });

  test('full fine-tuning too', () => {
    const method = { type: 'full' } as const;
    expect(lab.train({ method, schedule: fun.fullFineTuning() }).id).toBe(lab.train({ method }).id);
  });

  test('a fixed order is in the result, with its description', async () => {
    const run = lab.train({ schedule: fun.fixedOrderUnfreezing({ every: 2, order: [2, 0, 1, 3] }), steps: 1 });
    await events(run);
    const { configuration } = run.result();
    expect(configuration.schedule).toEqual({ name: 'fixed', every: 2, order: [2, 0, 1, 3] });
    expect(fun.describeSchedule(configuration)).toBe('fixed 2 0 1 3');
  });

  test('one’s own has its name and interval in the result, whatever stands for it', async () => {
    const once: fun.Schedule = { name: 'once', every: Infinity, needs: 'fisher', select: ({ frozen }) => frozen };
    const run = lab.train({ schedule: once, steps: 1, fisherForSchedule: { estimator: 'mc', examples: 4 } });
    await events(run);
    expect(run.result().configuration).toMatchObject({
      schedule: { name: 'once' },
      fisherForSchedule: { estimator: 'mc', examples: 4 },
    });
    expect(run.result().configuration.schedule).not.toHaveProperty('every');
    expect(run.result().id).toBe(run.id);
  });
});

describe('a schedule of one’s own is refused', () => {
  const select: fun.Schedule['select'] = ({ frozen }) => frozen.slice(0, 1);
  const mine: fun.Schedule = { name: 'mine', every: 2, needs: 'nothing', select };
  const estimate = { estimator: 'exact', examples: 8 } as const;
  test.each<[string, fun.TrainChoices, RegExp]>([
    [
      'as a copy of the paper’s under its name',
      { schedule: { ...fun.gradualUnfreezing({ every: 2 }), select } },
      /"gradual" is the name of a schedule of the paper.*for example "my-gradual"/,
    ],
    [
      'under the name of the paper’s, reading tr(F)',
      { schedule: { ...mine, name: 'random', needs: 'fisher' } },
      /"random" is the name of a schedule of the paper/,
    ],
    [
      'with full fine-tuning',
      { schedule: mine, method: { type: 'full' } },
      /schedule "mine" does not go with method "full"/,
    ],
    [
      'with an estimate that it does not read',
      { schedule: mine, fisherForSchedule: estimate },
      /fisherForSchedule is .*declare needs: 'fisher' in "mine"/,
    ],
  ])('%s', (_, choices, message) => {
    expect(() => lab.train(choices)).toThrow(message);
  });

  test('and so is an estimate for a schedule of the paper that reads none', () => {
    const choices = { schedule: fun.gradualUnfreezing({ every: 2 }), fisherForSchedule: estimate };
    expect(() => lab.train(choices)).toThrow(/fisherForSchedule is for schedule "fun" only.*"gradual"/);
  });
});

describe('what is asked wrongly is refused', () => {
  test.each([[5], ['gradual'], [null], [['gradual']], [true]])('train(%j)', (choices) => {
    expect(() => lab.train(choices as never)).toThrow(
      /^train takes an object as in train\(\{ schedule: 'gradual', seed: 1 \}\); given was (5|"gradual"|null|\["gradual"\]|true)\.$/,
    );
  });

  test('open without an object', async () => {
    for (const options of [undefined, 'nli']) {
      await expect(fun.open(options as never)).rejects.toThrow(
        /^open takes an object with model, task, profile; given was /,
      );
    }
  });

  test('estimates of no examples, by no estimator, and mistyped', async () => {
    const run = lab.train({ steps: 2 });
    await events(run);
    const estimators = ['exact'] as const;
    const wrong: [object, RegExp][] = [
      [{ estimators, examples: 0 }, /^examples must be a whole number of at least 1, not 0\.$/],
      [{ estimators }, /^examples must be a whole number of at least 1, not undefined\.$/],
      [{ estimators, examples: 4, batchSize: 0 }, /^batchSize must be a whole number of at least 1, not 0\.$/],
      [
        { estimators: [], examples: 4 },
        /^estimate needs estimators, a list with at least one of exact, mc, .*; given was \[\]/,
      ],
      [
        { estimators: 'exact', examples: 4 },
        /^estimate needs estimators, a list .*, as in \['exact', .*; given was "exact"/,
      ],
      [{ examples: 4 }, /^estimate needs estimators, a list .*; given was nothing/],
      [{ estimators: [{ estimator: 'mc', mcSample: 3 }], examples: 4 }, /^estimators: unknown "mcSample". Allowed: /],
    ];
    for (const [options, message] of wrong) await expect(run.estimate(options as never)).rejects.toThrow(message);
    await expect(run.probe({ examples: 0 })).rejects.toThrow(
      /^examples must be a whole number of at least 1, not 0\.$/,
    );
    await expect(run.probe({ example: 4 } as never)).rejects.toThrow(
      /^probe: unknown "example". Allowed: examples, language, batchSize\.$/,
    );
  });
});

test('tr(F) on the text of another language is that of its test set', async () => {
  const run = lab.train({ steps: 2, evaluation: { languages: ['en', 'sw'] } });
  await events(run);
  const options = { estimators: ['exact'], examples: 6 } as const;
  const [english, swahili] = [await run.estimate(options), await run.estimate({ ...options, language: 'sw' })];
  expect(swahili).toHaveLength(lab.layers);
  expect(english.map((row) => 'language' in row)).toEqual(swahili.map(() => false));
  expect(swahili.map(({ language, step, examples }) => [language, step, examples])).toEqual(
    swahili.map(() => ['sw', 2, 6]),
  );
  expect(swahili.map(({ trace }) => trace)).not.toEqual(english.map(({ trace }) => trace));
  // The smoke test set has eight examples of a language: asked for more, all are used, and they are those that are
  // scored.
  const batches = await run.probe({ examples: 100, language: 'sw' });
  const gold = batches.flatMap(({ goldLabels }) => [...goldLabels[0]!]).sort();
  const rows = await run.predictTest('sw');
  expect(gold).toEqual(rows.map((row) => fun.nliLabels.indexOf(row.gold as 'neutral')).sort());
  const parameters = run.layerParameters();
  const { trace } = fun.fisher.fisherTrace(run.model, batches, { estimator: 'exact', parameters });
  const all = await run.estimate({ ...options, examples: 8, language: 'sw' });
  all.forEach((row) => expect(row.trace).toBeCloseTo(trace.get(row.layer)!, 9));
  await expect(run.estimate({ ...options, language: 'fr' })).rejects.toThrow(
    /No test data for "fr" was opened. Opened: en, sw\. Name it in train\(\{ evaluation/,
  );
});

test('a language whose test data were not opened is named before any is scored, with what to do', async () => {
  const session = await openSession(lab.train({ evaluation: { languages: ['en', 'sw'] } }).configuration);
  const first = session.evaluate(['en', 'fr'])[Symbol.asyncIterator]().next();
  await expect(first).rejects.toThrow(
    /No test data for "fr" was opened. Opened: en, sw\. Name it in train\(\{ evaluation: \{ languages: \[/,
  );
  await session.close();
});

test('the last state, which is in place, is scored without a copy of it', async () => {
  const run = lab.train({ steps: 2, evaluation: { checkpoint: 'last' } });
  await events(run);
  const copied = run.model.parametersOf('task').map(({ value }) => vi.spyOn(value, 'dataSync'));
  await run.evaluate('en');
  for (const copy of copied) expect(copy).not.toHaveBeenCalled();
});

describe('useBest', () => {
  const weights = ({ model }: fun.Run) =>
    [...model.parametersOf('task'), ...model.head!.parameters].map(({ value }) => [...value.dataSync<'float32'>()]);
  const choices = { seed: 5, steps: 12, validation: { every: 2, examples: 'all' } } as const;

  test.each(['best', 'last'] as const)('puts in the best state; the %s one is scored as before', async (checkpoint) => {
    const run = lab.train({ ...choices, evaluation: { checkpoint, examples: 'all' } });
    const validated: { step: number; accuracy: number; weights: number[][] }[] = [];
    for await (const event of run) {
      if (event.type !== 'validation') continue;
      validated.push({ step: event.step, accuracy: event.metrics.accuracy!, weights: weights(run) });
      expect(() => run.useBest()).toThrow(/The run is under way/);
    }
    const best = validated.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
    const last = weights(run);
    expect(last).not.toEqual(best.weights);

    const pending = run.evaluate('en');
    expect(() => run.useBest()).toThrow(/await it first/);
    const before = await pending;
    run.useBest();
    expect(weights(run)).toEqual(best.weights);
    expect(await run.evaluate('en')).toEqual(before);
    expect(weights(run)).toEqual(best.weights);
    expect((await run.estimate({ estimators: ['exact'], examples: 4 }))[0]).toMatchObject({ step: best.step });

    await events(run.resume());
    expect(weights(run)).toEqual(last);
    expect((await run.estimate({ estimators: ['exact'], examples: 4 }))[0]).toMatchObject({ step: 12 });
  });

  test('a run that was left goes on from its last state', async () => {
    const whole = lab.train(choices);
    await events(whole);
    const run = lab.train(choices);
    for await (const event of run) if (event.type === 'step' && event.step === 8) break;
    run.useBest();
    await events(run.resume());
    expect(weights(run)).toEqual(weights(whole));
  });

  test('needs a run, and a validation', async () => {
    const run = lab.train(choices);
    expect(() => run.useBest()).toThrow(/has not started/);
    for await (const event of run) if (event.type === 'step') break;
    expect(() => run.useBest()).toThrow(/no English validation yet \(there is one every 2 steps\)/);
  });
});

test('two schedules of one’s own of one name are two runs', () => {
  const mine = (pick: number): fun.Schedule => ({
    name: 'mine',
    every: 2,
    needs: 'nothing',
    select: ({ frozen }) => [frozen.at(pick)!],
  });
  const [a, b] = [lab.train({ schedule: mine(0) }), lab.train({ schedule: mine(-1) })];
  expect(a.id).toMatch(/-mine2-s1-/);
  expect(a.id).not.toBe(b.id);
});

describe('results of a notebook in the store', () => {
  const openStore = () => fun.openStore(mkdtempSync(join(folder, 'results-')));
  const choices = { steps: 6, evaluation: { languages: ['en', 'de'] } };

  test('not of a run that was stopped, or not evaluated in all its languages; a whole one is done', async () => {
    const store = openStore();
    const run = lab.train(choices);
    for await (const event of run) if (event.type === 'step' && event.step === 2) break;
    expect(() => store.write(run.result())).toThrow(
      /is no whole result: it took 3 of 6 steps\..*run\.resume\(\).*lab\.evaluate\(run\).*file of your own/s,
    );
    expect(store.has(run.configuration)).toBe(false);
    await events(run.resume());
    expect(() => store.write(run.result())).toThrow(/it was not evaluated in en, de\./);
    await lab.evaluate(run, 'de');
    expect(() => store.write(run.result())).toThrow(/it was not evaluated in en\./);
    expect(store.ids('smoke')).toEqual([]);
    await lab.evaluate(run);
    store.write(run.result());
    expect(store.has(run.configuration)).toBe(true);
    expect(store.ids('smoke')).toEqual([run.id]);
  });

  test('those of schedules of one’s own are listed and read, each by its own id, and stand for no other run', async () => {
    const store = openStore();
    const schedule = { ...fun.gradualUnfreezing({ every: 1 }), name: 'mine' };
    const runs = [lab.train({ ...choices, schedule }), lab.train({ ...choices, schedule })];
    for (const run of runs) {
      await events(run);
      await lab.evaluate(run);
      store.write(run.result());
      expect(store.has(run.result().configuration)).toBe(false);
    }
    expect(store.ids('smoke')).toEqual(runs.map(({ id }) => id).sort());
    expect(store.all('smoke').map(({ id }) => id)).toEqual(store.ids('smoke'));
    for (const { id } of runs) expect(store.read('smoke', id)).toMatchObject({ id, evaluation: [{}, {}] });
  });
});

test('opened again, a lab shares the base of the one before; the last to close frees it', async () => {
  const tensors = () => tf.memory().numTensors;
  const before = tensors();
  process.env.FUN_PRECISION = 'bf16'; // a base that no other lab of this file has open
  const first = await fun.open({ task: 'nli', profile: 'smoke' });
  const withOne = tensors();
  expect(withOne).toBeGreaterThan(before);
  const second = await fun.open({ task: 'copa', profile: 'smoke' });
  delete process.env.FUN_PRECISION;
  expect(tensors()).toBe(withOne);
  await first.close();
  await first.close();
  expect(tensors()).toBe(withOne);
  await events(second.train({ steps: 2 }));
  await second.close();
  expect(tensors()).toBe(before);
});

test('what a kernel that ended left is removed, what others hold is not', async () => {
  const notebook = join(folder, 'notebook');
  const name = (process: number | string) => `${hostname()}-${process}`;
  const others = [name(process.ppid), 'another-host-99999999', `${name('a')}-99999999`];
  for (const left of [name(99_999_999), ...others]) mkdirSync(join(notebook, left), { recursive: true });
  await (await fun.open({ task: 'xnli', profile: 'smoke' })).close();
  const names = readdirSync(notebook);
  expect(names).toEqual(expect.arrayContaining(others));
  expect(names).not.toContain(name(99_999_999));
});
