import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { randomStream } from '../../src/engine/random';
import {
  createSchedule,
  createUnfreezing,
  fisherUnfreezing,
  gradualUnfreezing,
  randomUnfreezing,
  scheduleNames,
  unfreezingTimings,
  type PastTurn,
  type Schedule,
  type ScheduleConfig,
  type ScheduleName,
  type Unfreezing,
  type UnfreezingSnapshot,
} from '../../src/schedulers/index';
import { layersInOrder, openings, range, stepsInOrder, walk } from './walk';

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

  test('that reads tr(F) without having asked for it is told so, and one that asks in other words, too', () => {
    expect(
      run(({ frozen, fisherTrace }) => [...frozen].sort((a, b) => fisherTrace.get(a)! - fisherTrace.get(b)!)),
    ).toThrow(/"mine" reads fisherTrace: declare needs: 'fisher'/);
    const refused = (part: object) => () =>
      createUnfreezing({ schedule: { ...own(() => []), ...part }, layers: 3, timing: 'paper' });
    expect(refused({ needs: 'Fisher' })).toThrow(/needs "Fisher".*nothing, fisher/);
    expect(refused({ officialStart: 'headonly' })).toThrow(
      'schedule "mine": officialStart "headonly" is not known. Allowed: topLayer, topLayerTwice, headOnly',
    );
    expect(refused({ select: [2] })).toThrow('schedule "mine": select must be a function');
    expect(refused({ name: undefined })).toThrow('A schedule needs a name');
    const timing = 'official' as 'paper';
    expect(() => createUnfreezing({ schedule: own(() => []), layers: 3, timing })).toThrow(
      /Allowed: paper, officialCode/,
    );
  });

  test('may take from the list of frozen layers that it is given', () => {
    const list = openings(
      own(({ frozen }) => [(frozen as number[]).pop()!]),
      3,
      'paper',
      10,
    );
    expect(list.map(({ layer }) => layer)).toEqual([2, 1, 0]);
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

describe('the turns before', () => {
  /** Opens the layer whose tr(F) has grown most since the turn before; first, the top one. */
  const fastestGrowing: Schedule = {
    name: 'fastest-growing',
    every: 2,
    needs: 'fisher',
    select({ frozen, fisherTrace, past }) {
      const growth = (layer: number) => fisherTrace.get(layer)! / (past.at(-1)?.fisherTrace.get(layer) ?? Infinity);
      return [frozen.reduce((best, layer) => (growth(layer) >= growth(best) ? layer : best))];
    },
  };
  const traces = [
    [1, 1, 1, 1],
    [3, 2, 4, 9],
    [3.3, 8, 4.1, 0],
    [0.1, 0, 0, 0],
  ];
  const make = () => createUnfreezing({ schedule: fastestGrowing, layers: 4, timing: 'paper' });
  const openAt = (unfreezing: Unfreezing, step: number) =>
    unfreezing.open(step, { fisherTrace: new Map(traces[step / 2]?.entries()), random: () => 0 });

  test('are told to a schedule, in a resumed run, too', () => {
    for (let cut = 0; cut <= 8; cut++) {
      let unfreezing = make();
      for (let step = 0; step < 8; step++) {
        if (step === cut) {
          const stored = JSON.stringify(unfreezing.state());
          unfreezing = make();
          unfreezing.restore(JSON.parse(stored) as UnfreezingSnapshot);
        }
        openAt(unfreezing, step);
      }
      // At step 2 layer 2 is at 4 times its trace, at step 4 layer 1.
      expect(layersInOrder(unfreezing.openings)).toEqual([3, 2, 1, 0]);
    }
  });

  test('have what was frozen then, and what was opened', () => {
    const seen: PastTurn[][] = [];
    const select: Schedule['select'] = (state) => {
      seen.push([...state.past]);
      return fastestGrowing.select(state);
    };
    const unfreezing = createUnfreezing({ schedule: { ...fastestGrowing, select }, layers: 4, timing: 'paper' });
    for (let step = 0; step < 5; step++) openAt(unfreezing, step);
    expect(seen).toEqual([
      [],
      [{ step: 0, fisherTrace: new Map(traces[0]!.entries()), opened: [3] }],
      [
        { step: 0, fisherTrace: new Map(traces[0]!.entries()), opened: [3] },
        { step: 2, fisherTrace: new Map(traces[1]!.slice(0, 3).entries()), opened: [2] },
      ],
    ]);
  });

  test('have no tr(F) that was not asked for, in a resumed run neither; a checkpoint of an earlier version has none', () => {
    const reads: Schedule = {
      name: 'reads',
      every: 1,
      needs: 'nothing',
      select: ({ frozen, past }) => [frozen.at(past.at(-1)?.fisherTrace.get(0) ?? -1)!],
    };
    const first = createUnfreezing({ schedule: reads, layers: 3, timing: 'paper' });
    first.open(0, { random: () => 0 });
    const { turns: _, ...earlier } = first.state();
    const resumed = createUnfreezing({ schedule: reads, layers: 3, timing: 'paper' });
    resumed.restore(first.state());
    for (const unfreezing of [first, resumed]) {
      expect(() => unfreezing.open(1, { random: () => 0 })).toThrow(/reads fisherTrace: declare needs: 'fisher'/);
    }
    const old = createUnfreezing({ schedule: reads, layers: 3, timing: 'paper' });
    old.restore(earlier);
    expect(old.open(1, { random: () => 0 }).opened).toEqual([1]);
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
