/**
 * FUN's turns in a training run: sure choices, how close they were, fresh examples; what other estimators would open.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { gatherLogs } from '../../src/experiments/logs';
import { estimatorTurns, turnReading, turnTable } from '../../src/figures/estimatorChoices';
import type { AdapterModel } from '../../src/models/adapterModel';
import { fisherUnfreezing } from '../../src/schedulers/index';
import type { TrainingEvent } from '../../src/training/events';
import { fisherSample } from '../../src/training/fisherSamples';
import type { TrainingSettings } from '../../src/training/trainingOptions';
import { runThrough, tinyExamples, tinyModel, tinyOptions, tinySettings } from '../training/tiny';

let model: AdapterModel | undefined;
afterEach(() => model?.dispose());

async function events(more: Partial<TrainingSettings>): Promise<TrainingEvent[]> {
  model = tinyModel();
  const seen: TrainingEvent[] = [];
  const settings = { ...tinySettings, schedule: fisherUnfreezing({ every: 3 }), ...more };
  await runThrough(tinyOptions(model, { settings }), (event) => seen.push(event));
  return seen;
}

const openings = (seen: readonly TrainingEvent[]) =>
  seen.flatMap((event) => (event.type === 'unfreeze' ? [event] : []));

describe('FUN', () => {
  test('says how close each choice was', async () => {
    const seen = await events({ fisherForSchedule: { estimator: 'exact', examples: 12 } });
    const turns = openings(seen);
    expect(turns.map(({ layers }) => layers.length)).toEqual([1, 1, 1, 1]);
    turns.forEach(({ layers, scores, choice }, turn) => {
      expect(choice!.examples).toBe(12);
      expect(scores).toHaveLength(4 - turn);
      if (turn === 3) return expect(choice!.lead).toBeUndefined(); // one layer was left
      const { first, second, lead, standardError } = choice!.lead!;
      expect(first).toBe(layers[0]);
      const trace = (of: number) => scores!.find(({ layer }) => layer === of)!.trace;
      expect(lead).toBeCloseTo(trace(first) - trace(second), 10);
      expect(standardError).toBeGreaterThan(0);
      const ranked = [...scores!].sort((a, b) => b.trace - a.trace).map(({ layer }) => layer);
      expect([first, second]).toEqual(ranked.slice(0, 2));
    });
    const entries = seen.map((event) => ({ type: 'event', at: 0, event, rssBytes: 0 }) as const);
    expect(gatherLogs(entries).choices!.step).toEqual([0, 3, 6]);
  });

  test('draws until it is sure, within the budget', async () => {
    const budget = 40;
    const turns = openings(
      await events({ fisherForSchedule: { estimator: 'exact', examples: budget, until: 'sure' } }),
    );
    for (const { choice } of turns) {
      const sure = choice!.lead === undefined || choice!.lead.lead >= 2 * choice!.lead.standardError;
      expect(sure || choice!.examples === budget).toBe(true);
    }
    expect(Math.min(...turns.map(({ choice }) => choice!.examples))).toBe(8); // the last turn has nothing to choose
  });
});

test('tracking: one probe set, or fresh examples at each point', async () => {
  const tracked = async (sample: 'probe' | 'fresh') => {
    // A learning rate of nothing: the model stays what it is, so that only the examples can make a difference.
    const learningRate = () => 0;
    const trackFisher = { estimator: 'exact', examples: 6, every: 4, layers: 'all', sample } as const;
    const fisherForSchedule = { estimator: 'mode', examples: 4 } as const;
    const seen = await events({ learningRate, trackFisher, fisherForSchedule });
    return seen.flatMap((event) => (event.type === 'fisher' ? [event.traces.map(({ trace }) => trace)] : []));
  };
  const [first, ...others] = await tracked('probe');
  expect(others.length).toBeGreaterThan(2);
  for (const other of others) expect(other).toEqual(first);
  const fresh = await tracked('fresh');
  expect(new Set(fresh.map((traces) => traces[0])).size).toBe(fresh.length);
});

describe('samples', () => {
  const examples = tinyExamples(40);
  const options = { examples, count: 12, batchSize: 5, padId: 0, seed: 3, draw: 'x' } as const;
  const ids = (order: 'byLength' | 'drawn', count = 12) =>
    [...fisherSample({ ...options, count, order })].map((batch) => [
      ...(batch as unknown as { exampleIds: Int32Array }).exampleIds,
    ]);

  test('the same examples in both orders; by length, or as drawn', () => {
    expect(ids('byLength').map(({ length }) => length)).toEqual([5, 5, 2]);
    expect(ids('byLength').flat().sort()).toEqual(ids('drawn').flat().sort());
    const lengths = ids('byLength').flat().map((id) => examples[id]!.sequences[0]!.ids.length); // prettier-ignore
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  });

  test('as drawn, a smaller sample is the beginning of a larger one', () => {
    expect(ids('drawn', 30).flat().slice(0, 12)).toEqual(ids('drawn').flat());
  });
});

describe('what other estimators would have opened', () => {
  const row = (step: number, estimator: string, layer: number, trace: number) => ({
    ...{ runId: 'r', schedule: 'fun', seed: 1, step, estimator, layer, trace },
    ...{ standardError: 0.1, examples: 4, batchSize: 2 },
  });
  const opening = (step: number, layer: number, order: number) => ({
    runId: 'r',
    schedule: 'fun',
    seed: 1,
    step,
    layer,
    order,
  });
  const traces = (step: number, estimator: string, of: readonly number[]) => of.map((trace, layer) => row(step, estimator, layer, trace)); // prettier-ignore
  const rows = [
    ...[...traces(0, 'exact', [1, 2, 9]), ...traces(0, 'officialCode', [5, 2, 1])],
    ...[...traces(10, 'exact', [1, 2, 9]), ...traces(10, 'officialCode', [2, 3, 9])],
    ...[...traces(20, 'exact', [1, 2, 9]), ...traces(20, 'officialCode', [9, 3, 1])],
  ];
  const unfreezing = [opening(0, 2, 0), opening(10, 1, 1), opening(20, 0, 2)];

  test('each among the layers that were frozen by then', () => {
    const turns = estimatorTurns(rows, unfreezing);
    expect(turnTable(turns)).toEqual([
      { step: 0, frozen: 3, opened: 2, exact: 2, officialCode: 0 },
      { step: 10, frozen: 2, opened: 1, exact: 1, officialCode: 1 },
      { step: 20, frozen: 1, opened: 0, exact: 0, officialCode: 0 },
    ]);
    expect(turnReading(turns)).toEqual(['officialCode: another layer than exact in 1 of 2 turns (step 0).']);
  });

  test('without estimates there is nothing to say', () => {
    expect(() => estimatorTurns(rows, [opening(5, 1, 0)])).toThrow(/estimate at the event "unfreeze"/);
  });
});
