import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { randomStream } from '../../src/engine/random';
import {
  createSchedule,
  createUnfreezing,
  fisherUnfreezing,
  fixedOrderUnfreezing,
  gradualUnfreezing,
  linearProbingThenFineTuning,
  randomUnfreezing,
  reverseGradualUnfreezing,
  scheduleNames,
  standardTraining,
  surgicalFineTuning,
  unfreezingTimings,
  type Opening,
  type Schedule,
  type ScheduleConfig,
  type ScheduleName,
  type Unfreezing,
  type UnfreezingTiming,
} from '../../src/schedulers/index';

const paperOrders = Object.entries(
  JSON.parse(readFileSync('data/paper/schedules.json', 'utf8')) as Record<string, number[]>,
).filter(([name]) => name.startsWith('schedule-'));

/** tr(F) that depends on the layer and the step in a known way. */
const traceOf = (layer: number, step: number) => ((layer * 7 + step * 3) % 11) + 0.5;

/** Steps `from` … `to`−1, as a trainer would take them. */
function walk(unfreezing: Unfreezing, from: number, to: number, random: () => number, trace = traceOf): void {
  for (let step = from; step < to; step++) {
    const fisherTrace = unfreezing.needsFisherAt(step)
      ? new Map(unfreezing.frozenLayers.map((layer) => [layer, trace(layer, step)]))
      : undefined;
    unfreezing.open(step, { fisherTrace, random });
  }
}

function openings(
  schedule: Schedule,
  layers: number,
  timing: UnfreezingTiming,
  steps: number,
  trace?: (layer: number, step: number) => number,
): readonly Opening[] {
  const unfreezing = createUnfreezing({ schedule, layers, timing });
  const stream = randomStream(3, 'schedule');
  walk(unfreezing, 0, steps, () => stream.uniform(), trace);
  return unfreezing.openings;
}

const layersInOrder = (list: readonly Opening[]) => list.map(({ layer }) => layer);
const stepsInOrder = (list: readonly Opening[]) => list.map(({ step }) => step);
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** A configuration of each schedule for L layers. */
function configOf(name: ScheduleName, layers: number, every: number): ScheduleConfig {
  switch (name) {
    case 'standard':
    case 'full':
      return { name };
    case 'surgical':
      return { name, layers: [0, layers - 1].slice(0, layers) };
    case 'fixed':
      return { name, every, order: randomStream(layers, 'order').permutation(layers) };
    case 'gradual':
    case 'gradual-reverse':
    case 'lpft':
    case 'random':
    case 'fun':
      return { name, every };
  }
}

const cases = scheduleNames.flatMap((name) =>
  unfreezingTimings.flatMap((timing) =>
    [
      [2, 1],
      [3, 4],
      [12, 5],
    ].map(([layers, every]) => [name, timing, layers!, every!] as const),
  ),
);

describe('what holds for every schedule', () => {
  test.each(cases)('%s, %s, L = %i, k = %i: layers open once, none freezes again', (name, timing, layers, every) => {
    const unfreezing = createUnfreezing({
      schedule: createSchedule(configOf(name, layers, every), layers),
      layers,
      timing,
    });
    const stream = randomStream(1, 'schedule');
    let before: readonly number[] = [];
    for (let step = 0; step <= layers * every + 3; step++) {
      walk(unfreezing, step, step + 1, () => stream.uniform());
      expect(unfreezing.openLayers).toEqual(expect.arrayContaining([...before]));
      expect([...unfreezing.openLayers, ...unfreezing.frozenLayers].sort((a, b) => a - b)).toEqual(range(layers));
      before = unfreezing.openLayers;
    }
    const opened = layersInOrder(unfreezing.openings).sort((a, b) => a - b);
    expect(opened).toEqual(name === 'surgical' ? [0, layers - 1] : range(layers));
  });

  test.each(cases)('%s, %s, L = %i, k = %i: resumed at any step = uninterrupted', (name, timing, layers, every) => {
    const make = () =>
      createUnfreezing({ schedule: createSchedule(configOf(name, layers, every), layers), layers, timing });
    const end = layers * every + 2;
    const whole = make();
    const stream = randomStream(9, 'schedule');
    walk(whole, 0, end, () => stream.uniform());
    for (let cut = 0; cut <= end; cut++) {
      const first = make();
      const before = randomStream(9, 'schedule');
      walk(first, 0, cut, () => before.uniform());
      const second = make();
      second.restore(JSON.parse(JSON.stringify(first.state())) as ReturnType<Unfreezing['state']>);
      walk(second, cut, end, () => before.uniform());
      expect(second.openings).toEqual(whole.openings);
    }
  });
});

describe('paper timing: asked at i = 0, k, 2k, … ≤ kL', () => {
  test('gradual: layer 11 at 0, layer 10 at 50, …, layer 0 at 550', () => {
    const list = openings(gradualUnfreezing({ every: 50 }), 12, 'paper', 1000);
    expect(list).toEqual(range(12).map((turn) => ({ step: 50 * turn, layer: 11 - turn })));
  });

  test('gradual-reverse: layer 0 at 0, …, layer 11 at 550', () => {
    const list = openings(reverseGradualUnfreezing({ every: 50 }), 12, 'paper', 1000);
    expect(list).toEqual(range(12).map((turn) => ({ step: 50 * turn, layer: turn })));
  });

  test('lpft: the head alone until k, then every layer', () => {
    const list = openings(linearProbingThenFineTuning({ every: 8 }), 4, 'paper', 100);
    expect(list).toEqual(range(4).map((layer) => ({ step: 8, layer })));
  });

  test('standard opens every layer at step 0, surgical its subset and nothing later', () => {
    expect(openings(standardTraining(), 3, 'paper', 100)).toEqual(range(3).map((layer) => ({ step: 0, layer })));
    expect(openings(surgicalFineTuning({ layers: [2, 0] }), 3, 'paper', 100)).toEqual([
      { step: 0, layer: 2 },
      { step: 0, layer: 0 },
    ]);
  });

  test.each(paperOrders)('fixed: %s as released, the top layer first', (_name, order) => {
    const list = openings(fixedOrderUnfreezing({ every: 7, order }), 12, 'paper', 1000);
    expect(layersInOrder(list)).toEqual([11, ...order]);
    expect(stepsInOrder(list)).toEqual(range(12).map((turn) => 7 * turn));
  });

  test("the paper's schedule-0 is gradual unfreezing", () => {
    const order = paperOrders.find(([name]) => name === 'schedule-0')![1];
    const every = 7;
    expect(openings(fixedOrderUnfreezing({ every, order }), 12, 'paper', 99)).toEqual(
      openings(gradualUnfreezing({ every }), 12, 'paper', 99),
    );
  });

  test('fixed with every layer named obeys its permutation', () => {
    const order = [1, 3, 0, 2];
    expect(layersInOrder(openings(fixedOrderUnfreezing({ every: 2, order }), 4, 'paper', 99))).toEqual(order);
  });

  test('fun opens the largest tr(F) of the moment', () => {
    // At step 0 layer 1 leads, at step 10 layer 0, then only layer 2 is left.
    const table: Record<number, number[]> = { 0: [0.2, 0.9, 0.4], 10: [0.8, 5, 0.1], 20: [0, 0, 0.1] };
    const list = openings(fisherUnfreezing({ every: 10 }), 3, 'paper', 99, (layer, step) => table[step]![layer]!);
    expect(list).toEqual([
      { step: 0, layer: 1 },
      { step: 10, layer: 0 },
      { step: 20, layer: 2 },
    ]);
  });

  test('fun: ties go to the higher layer', () => {
    expect(layersInOrder(openings(fisherUnfreezing({ every: 1 }), 4, 'paper', 9, () => 2))).toEqual([3, 2, 1, 0]);
  });

  test('nothing is asked after k·L, even if a schedule left layers frozen', () => {
    const asked: number[] = [];
    const lazy: Schedule = {
      name: 'lazy',
      every: 5,
      needs: 'nothing',
      select: ({ step }) => {
        asked.push(step);
        return [];
      },
    };
    openings(lazy, 3, 'paper', 100);
    expect(asked).toEqual([0, 5, 10, 15]);
  });
});

describe('officialCode timing: the top layer from step 0, asked when (i + 1) mod k = 0', () => {
  test('gradual: the first turn names layer 11 again, so layer 10 opens at the second', () => {
    const list = openings(gradualUnfreezing({ every: 50 }), 12, 'officialCode', 1000);
    expect(list.slice(0, 3)).toEqual([
      { step: 0, layer: 11 },
      { step: 99, layer: 10 },
      { step: 149, layer: 9 },
    ]);
    expect(list.at(-1)).toEqual({ step: 599, layer: 0 });
  });

  test.each(paperOrders)('fixed: %s opens a new layer at the first turn', (_name, order) => {
    const list = openings(fixedOrderUnfreezing({ every: 7, order }), 12, 'officialCode', 1000);
    expect(list).toEqual([
      { step: 0, layer: 11 },
      ...order.map((layer, turn) => ({ step: 7 * (turn + 1) - 1, layer })),
    ]);
  });

  test('fun and random open a new layer at the first turn', () => {
    const fun = openings(fisherUnfreezing({ every: 10 }), 3, 'officialCode', 99, (layer) => layer);
    expect(fun).toEqual([
      { step: 0, layer: 2 },
      { step: 9, layer: 1 },
      { step: 19, layer: 0 },
    ]);
    expect(stepsInOrder(openings(randomUnfreezing({ every: 10 }), 3, 'officialCode', 99))).toEqual([0, 9, 19]);
  });

  test('lpft: the head alone until its first turn', () => {
    const list = openings(linearProbingThenFineTuning({ every: 8 }), 2, 'officialCode', 99);
    expect(list).toEqual(range(2).map((layer) => ({ step: 7, layer })));
  });

  test('a schedule that is asked once is the same in both timings', () => {
    expect(openings(surgicalFineTuning({ layers: [0] }), 3, 'officialCode', 99)).toEqual([{ step: 0, layer: 0 }]);
    expect(stepsInOrder(openings(standardTraining(), 3, 'officialCode', 99))).toEqual([0, 0, 0]);
  });
});

describe('random', () => {
  test('the same stream gives the same order; every layer is equally likely to be first', () => {
    const schedule = randomUnfreezing({ every: 1 });
    expect(openings(schedule, 12, 'paper', 20)).toEqual(openings(schedule, 12, 'paper', 20));
    const stream = randomStream(5, 'schedule');
    const first = [0, 0, 0, 0];
    for (let run = 0; run < 4000; run++) {
      const unfreezing = createUnfreezing({ schedule, layers: 4, timing: 'paper' });
      first[unfreezing.open(0, { random: () => stream.uniform() }).opened[0]!]!++;
    }
    // Binomial(4000, 1/4): sd 27; five of them.
    first.forEach((count) => expect(Math.abs(count - 1000)).toBeLessThan(137));
  });

  test('the stream is drawn from only when the schedule is asked', () => {
    let draws = 0;
    const unfreezing = createUnfreezing({ schedule: randomUnfreezing({ every: 5 }), layers: 3, timing: 'paper' });
    walk(unfreezing, 0, 30, () => {
      draws++;
      return 0.3;
    });
    expect(draws).toBe(3);
  });
});

describe("a user's own schedule", () => {
  const own = (select: Schedule['select']): Schedule => ({ name: 'mine', every: 2, needs: 'nothing', select });
  const run = (select: Schedule['select']) => () => openings(own(select), 3, 'paper', 10);

  test('is a plain object', () => {
    const twoAtOnce = own(({ frozen }) => frozen.slice(-2));
    expect(openings(twoAtOnce, 3, 'paper', 10)).toEqual([
      { step: 0, layer: 1 },
      { step: 0, layer: 2 },
      { step: 2, layer: 0 },
    ]);
  });

  test.each<[string, Schedule['select'], RegExp]>([
    ['opens twice', () => [2], /"mine" at step 2: select named layer 2, which is open already.*\[0, 1\]/],
    ['names one layer twice in a turn', () => [1, 1], /"mine" at step 0: select named layer 1 twice/],
    ['names a layer above the top', () => [3], /"mine" at step 0: select named layer 3, which does not exist.*0 … 2/],
    ['names a negative layer', () => [-1], /layer -1, which does not exist/],
    ['names half a layer', () => [0.5], /layer 0\.5, which does not exist/],
    ['returns nothing at all', () => undefined as unknown as number[], /select returned undefined, not a list/],
    ['returns one number', () => 2 as unknown as number[], /select returned 2, not a list/],
    [
      'wants to refreeze, by listing what shall be open',
      ({ step }) => (step === 0 ? [2, 1] : [1, 0]),
      /open already; nothing can be opened twice or frozen again/,
    ],
  ])('that %s gets a clear error', (_what, select, message) => {
    expect(run(select)).toThrow(UserError);
    expect(run(select)).toThrow(message);
  });

  test('a wrong interval is refused when the machine is made', () => {
    const schedule: Schedule = { name: 'mine', every: 0, needs: 'nothing', select: () => [] };
    expect(() => createUnfreezing({ schedule, layers: 3, timing: 'paper' })).toThrow(
      /"mine": every.*at least 1, not 0/,
    );
  });
});

describe('Fisher traces', () => {
  test('are needed exactly when fun is asked, and for frozen layers alone', () => {
    const unfreezing = createUnfreezing({ schedule: fisherUnfreezing({ every: 3 }), layers: 2, timing: 'paper' });
    const needed: number[] = [];
    for (let step = 0; step < 9; step++) {
      if (unfreezing.needsFisherAt(step)) needed.push(step);
      const fisherTrace = new Map(unfreezing.frozenLayers.map((layer) => [layer, layer]));
      unfreezing.open(step, { fisherTrace, random: () => 0 });
    }
    expect(needed).toEqual([0, 3]);
    expect(
      createUnfreezing({ schedule: gradualUnfreezing({ every: 3 }), layers: 2, timing: 'paper' }).needsFisherAt(0),
    ).toBe(false);
  });

  test.each([
    ['missing', new Map([[0, 1]]), /tr\(F\) of layer 1 is missing/],
    [
      'not a number',
      new Map([
        [0, 1],
        [1, NaN],
      ]),
      /tr\(F\) of layer 1 is NaN/,
    ],
    [
      'infinite',
      new Map([
        [0, Infinity],
        [1, 1],
      ]),
      /tr\(F\) of layer 0 is Infinity/,
    ],
  ])('%s: an error, not a wrong choice', (_what, fisherTrace, message) => {
    const unfreezing = createUnfreezing({ schedule: fisherUnfreezing({ every: 3 }), layers: 2, timing: 'paper' });
    expect(() => unfreezing.open(0, { fisherTrace, random: () => 0 })).toThrow(message);
  });
});

describe('life cycle', () => {
  test('a snapshot of another configuration is refused', () => {
    const snapshot = createUnfreezing({
      schedule: gradualUnfreezing({ every: 3 }),
      layers: 2,
      timing: 'paper',
    }).state();
    const other = createUnfreezing({ schedule: gradualUnfreezing({ every: 4 }), layers: 2, timing: 'officialCode' });
    expect(() => other.restore(snapshot)).toThrow(
      /every is 3 there and 4 here; timing is paper there and officialCode here/,
    );
  });

  test('steps only go up', () => {
    const unfreezing = createUnfreezing({ schedule: gradualUnfreezing({ every: 3 }), layers: 2, timing: 'paper' });
    unfreezing.open(0, { random: () => 0 });
    expect(() => unfreezing.open(0, { random: () => 0 })).toThrow(/steps only go up/);
  });

  test('k = 1 opens a layer at every step', () => {
    expect(stepsInOrder(openings(gradualUnfreezing({ every: 1 }), 3, 'paper', 9))).toEqual([0, 1, 2]);
    expect(stepsInOrder(openings(fisherUnfreezing({ every: 1 }), 3, 'officialCode', 9))).toEqual([0, 0, 1]);
  });
});
