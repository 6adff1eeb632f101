import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  createUnfreezing,
  fisherUnfreezing,
  fixedOrderUnfreezing,
  gradualUnfreezing,
  linearProbingThenFineTuning,
  randomUnfreezing,
  reverseGradualUnfreezing,
  standardTraining,
  surgicalFineTuning,
  type Schedule,
  type UnfreezingTiming,
} from '../../src/schedulers/index';
import { layersInOrder, openings, range, stepsInOrder } from './walk';

const paperOrders = Object.entries(
  JSON.parse(readFileSync('data/paper/schedules.json', 'utf8')) as Record<string, number[]>,
).filter(([name]) => name.startsWith('schedule-'));

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

  test('lpft with k = 1: that turn is at step 0, and one step later in paper timing', () => {
    const steps = (timing: UnfreezingTiming, layers: number) =>
      stepsInOrder(openings(linearProbingThenFineTuning({ every: 1 }), layers, timing, 9));
    expect([steps('officialCode', 1), steps('officialCode', 2)]).toEqual([[0], [0, 0]]);
    expect([steps('paper', 1), steps('paper', 2)]).toEqual([[1], [1, 1]]);
  });

  test('fun with k = 1: at its turn at step 0, tr(F) is wanted of all layers but the top one, which is open', () => {
    const unfreezing = (layers: number) =>
      createUnfreezing({ schedule: fisherUnfreezing({ every: 1 }), layers, timing: 'officialCode' });
    expect(unfreezing(3).needsFisherAt(0)).toBe(true);
    expect(unfreezing(3).frozenLayers).toEqual([0, 1]);
    expect(unfreezing(1).needsFisherAt(0)).toBe(false);
    expect(stepsInOrder(openings(fisherUnfreezing({ every: 1 }), 3, 'officialCode', 9))).toEqual([0, 0, 1]);
  });

  test('a schedule that is asked once is the same in both timings', () => {
    expect(openings(surgicalFineTuning({ layers: [0] }), 3, 'officialCode', 99)).toEqual([{ step: 0, layer: 0 }]);
    expect(stepsInOrder(openings(standardTraining(), 3, 'officialCode', 99))).toEqual([0, 0, 0]);
  });
});
