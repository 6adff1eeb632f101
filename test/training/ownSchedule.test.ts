/** A schedule of one's own, right and wrong, and surgical fine-tuning, from `lab.train` to the trained parameters. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as fun from '../../src/index';
import type { TrainingEvent } from '../../src/training/events';

let folder: string;
let lab: fun.Lab;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fun-own-'));
  process.env.FUN_RUNS = folder;
  lab = await fun.open({ task: 'nli', profile: 'smoke' });
});
afterAll(async () => {
  await lab.close();
  delete process.env.FUN_RUNS;
  rmSync(folder, { recursive: true, force: true });
});

async function events(run: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const all: TrainingEvent[] = [];
  for await (const event of run) all.push(event);
  return all;
}

/** Steps at which each layer's adapter was among those updated. */
const firstOpen = (all: readonly TrainingEvent[], layers: number) =>
  Array.from({ length: layers }, (_, layer) => all.find((e) => e.type === 'step' && e.open.includes(layer))).map(
    (event) => (event?.type === 'step' ? event.step : undefined),
  );

const adapterValues = (run: fun.Run) =>
  run.model
    .parametersOf('task')
    .map(({ address, value }) => ({ layer: address.layer!, values: [...value.dataSync()] }));

test('five lines: outside in, trained as previewed', async () => {
  const outsideIn: fun.Schedule = {
    name: 'outside-in',
    every: 2,
    needs: 'nothing',
    select: ({ frozen, layers }) => (frozen.length % 2 === layers % 2 ? frozen.slice(-1) : frozen.slice(0, 1)),
  };
  const run = lab.train({ schedule: outsideIn, steps: 10, seed: 1 });
  const opened = firstOpen(await events(run), 4);
  expect(opened).toEqual([2, 6, 4, 0]);
  const previewed = new Map(fun.preview(outsideIn, { layers: 4, steps: 10 }).openings.map((o) => [o.layer, o.step]));
  expect(opened).toEqual([0, 1, 2, 3].map((layer) => previewed.get(layer)));
  expect(run.id).toContain('outside-in2');
  expect(run.rows().scores).toEqual([]);
});

test('one that reads tr(F) is given it', async () => {
  const seen: number[] = [];
  const leastFirst: fun.Schedule = {
    name: 'least-first',
    every: 2,
    needs: 'fisher',
    select: ({ fisherTrace }) => {
      seen.push(fisherTrace.size);
      return [[...fisherTrace].reduce((a, b) => (b[1] < a[1] ? b : a))[0]];
    },
  };
  const all = await events(lab.train({ schedule: leastFirst, steps: 8, seed: 1 }));
  expect(seen).toEqual([4, 3, 2, 1]);
  for (const event of all) {
    if (event.type !== 'unfreeze') continue;
    const least = event.scores!.reduce((a, b) => (b.trace < a.trace ? b : a));
    expect(event.layers).toEqual([least.layer]);
  }
});

test.each([fun.surgicalFineTuning({ layers: [0, 2] }), { name: 'surgical', layers: [0, 2] } as const])(
  'surgical fine-tuning (%o): the subset is trained from step 0, the others keep their initial values',
  async (schedule) => {
    const untrained = lab.train({ schedule: { name: 'lpft', every: 100 }, steps: 1, seed: 1 });
    await events(untrained);
    const run = lab.train({ schedule, steps: 6, seed: 1 });
    expect(firstOpen(await events(run), 4)).toEqual([0, undefined, 0, undefined]);
    const before = adapterValues(untrained);
    adapterValues(run).forEach(({ layer, values }, i) => {
      if (layer === 0 || layer === 2) expect(values).not.toEqual(before[i]!.values);
      else expect(values).toEqual(before[i]!.values);
    });
  },
);

test.each([fun.surgicalFineTuning({ layers: [3, 4] }), { name: 'surgical', layers: [3, 4] } as const])(
  'surgical fine-tuning (%o) of a layer that the model does not have is refused',
  (schedule) => {
    expect(() => lab.train({ schedule, steps: 2, seed: 1 })).toThrow('the model has layers 0 … 3; it has no 4');
  },
);

describe('layers that are frozen after the last turn', () => {
  const warnings = async (run: fun.Run, leaveAt?: number): Promise<string[]> => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    for await (const event of run) if (event.type === 'step' && event.step === leaveAt) break;
    if (leaveAt !== undefined) await events(run.resume());
    const said = warned.mock.calls.map(([text]) => String(text));
    warned.mockRestore();
    return said;
  };
  const topPair: fun.Schedule['select'] = ({ step, frozen }) => (step === 0 ? frozen.slice(-2) : []);
  const all: fun.Schedule['select'] = ({ frozen }) => frozen;
  const last = 'Schedule "mine" was asked for the last time at step';

  test.each<[string, Partial<fun.Schedule>, fun.TrainChoices, number | undefined, string | undefined]>([
    ['two', { select: topPair }, {}, undefined, `${last} 8 (k·L) and layers 0, 1 stay frozen.`],
    [
      'one',
      { select: ({ step, frozen }) => (step === 0 ? frozen.slice(-3) : []) },
      {},
      undefined,
      `layer 0 stays frozen.`,
    ],
    [
      'in officialCode timing',
      { select: () => [] },
      { timing: 'officialCode' },
      undefined,
      `${last} 7 (k·L − 1) and layers 0, 1, 2`,
    ],
    ['stopped before it and resumed', { select: topPair }, {}, 6, `${last} 8 (k·L) and layers 0, 1 stay frozen.`],
    ['stopped after it and resumed', { select: topPair }, {}, 9, `${last} 8 (k·L) and layers 0, 1 stay frozen.`],
    ['none: all are open', { select: all }, {}, undefined, undefined],
    ['none: asked once', { select: topPair, every: Infinity }, {}, undefined, undefined],
    ['none: the run ends before', { select: topPair }, { steps: 8 }, undefined, undefined],
  ])('are warned of once: %s', async (_, part, choices, leaveAt, message) => {
    const schedule: fun.Schedule = { name: 'mine', every: 2, needs: 'nothing', select: all, ...part };
    const said = await warnings(lab.train({ schedule, steps: 10, seed: 1, ...choices }), leaveAt);
    expect(said).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
  });

  test('the paper’s have opened all by then, in both timings', async () => {
    for (const timing of ['paper', 'officialCode'] as const) {
      const schedule = fun.gradualUnfreezing({ every: 2 });
      expect(await warnings(lab.train({ schedule, timing, steps: 10, seed: 1 }))).toEqual([]);
    }
  });
});

describe('wrong ones end the run with what was named and what could have been', () => {
  test.each<[string, fun.Schedule['select'], RegExp]>([
    [
      'unfreezing twice',
      ({ layers }) => [layers - 1],
      /at step 1: select named layer 3, which is open already; nothing can be opened twice or frozen again.*\[0, 1, 2\]/,
    ],
    [
      'refreezing: naming what is open, to close it',
      ({ step, frozen }) => (step === 0 ? frozen.slice(-2) : [2]),
      /at step 1: select named layer 2, which is open already; nothing can be opened twice or frozen again/,
    ],
    [
      'a layer that does not exist',
      ({ layers }) => [layers],
      /at step 0: select named layer 4, which does not exist; the model has layers 0 … 3/,
    ],
    ['a negative layer', () => [-1], /named layer -1, which does not exist/],
    ['half a layer', () => [1.5], /named layer 1.5, which does not exist/],
    ['the same layer twice at once', ({ frozen }) => [frozen[0]!, frozen[0]!], /named layer 0 twice/],
    ['a number, no list', () => 3 as never, /select returned 3, not a list of layers/],
    ['nothing at all', () => undefined as never, /select returned undefined, not a list of layers/],
  ])('%s', async (_, select, message) => {
    const schedule = { name: 'mistaken', every: 1, needs: 'nothing', select } as const;
    const run = events(lab.train({ schedule, steps: 4, seed: 1 }));
    await expect(run).rejects.toThrow(fun.UserError);
    await expect(run).rejects.toThrow(message);
    await expect(run).rejects.toThrow('schedule "mistaken"');
  });

  test('an interval that is no whole number', async () => {
    const schedule: fun.Schedule = { name: 'mistaken', every: 0.5, needs: 'nothing', select: () => [] };
    const run = Promise.resolve().then(() => events(lab.train({ schedule, steps: 4, seed: 1 })));
    await expect(run).rejects.toThrow(/every.*whole number/);
  });
});

test('two of one name write TensorBoard’s files into folders of their own, resumed into the same', async () => {
  const watched = join(folder, 'tensorboard');
  vi.stubEnv('FUN_TENSORBOARD', watched);
  const mine = (pick: number): fun.Schedule => ({
    name: 'mine',
    every: 2,
    needs: 'nothing',
    select: ({ frozen }) => [frozen.at(pick)!],
  });
  const runs = [mine(0), mine(-1)].map((schedule) => lab.train({ schedule, steps: 8, seed: 1 }));
  for (const run of runs) {
    for await (const event of run) if (event.type === 'step' && event.step === 2) break;
    await events(run.resume());
  }
  vi.unstubAllEnvs();
  // Another kernel counts its runs from 1 again: its process tells them apart.
  expect(readdirSync(watched).sort()).toEqual(runs.map(({ id }) => `${id}-${process.pid}`).sort());
});
