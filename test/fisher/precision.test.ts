/** When an estimate is good enough, and how close the choice between two layers is. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';
import { checkUntil, isEnough, leadOf, standardError } from '../../src/fisher/precision';
import { fisherTrace, type FisherBatch } from '../../src/fisher/trace';
import { padBatch } from '../../src/tasks/batch';
import { fisherBatch } from '../../src/training/fisherSamples';
import { tinyExamples, tinyModel } from './tiny';

test('the standard error of a mean', () => {
  expect(standardError([1, 2, 3, 4])).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12);
  expect(standardError([7])).toBeNaN();
});

describe('the lead of the largest trace', () => {
  test('is paired: what the examples have in common does not count', () => {
    const common = Array.from({ length: 50 }, (_, i) => 100 * ((i * 7) % 11));
    const values = new Map([
      [0, common.map((x, i) => x + (i % 2))],
      [1, common.map((x) => x + 3)],
      [2, common.map((x) => x / 2)],
    ]);
    const lead = leadOf(values)!;
    expect([lead.first, lead.second]).toEqual([1, 0]);
    expect(lead.lead).toBeCloseTo(2.5, 10);
    expect(lead.standardError).toBeCloseTo(0.5 / Math.sqrt(49), 10);
    expect(isEnough(values, 'sure')).toBe(true);
    expect(isEnough(values, { relativeError: 0.05 })).toBe(false); // each trace by itself is far from known
  });

  test('ties go to the higher layer, as FUN breaks them, and are never sure before there is some spread to judge', () => {
    const same = [1, 2, 1, 2, 1, 2, 1, 2];
    expect(leadOf(new Map([[0, same], [3, same]]))).toEqual({ first: 3, second: 0, lead: 0, standardError: 0 }); // prettier-ignore
    const noisy = new Map([[0, same], [1, [2, 1, 2, 1, 2, 1, 2, 1.1]]]); // prettier-ignore
    expect(isEnough(noisy, 'sure')).toBe(false);
    expect(leadOf(new Map([[4, same]]))).toBeUndefined();
    expect(isEnough(new Map([[4, same]]), 'sure')).toBe(true); // one layer is left: nothing to choose
    expect(isEnough(new Map([[4, same.slice(1)]]), 'sure')).toBe(false); // too few examples for any error
  });
});

test('rules that cannot be kept are refused', () => {
  expect(() => checkUntil({ relativeError: 5 }, 'exact')).toThrow(/between 0 and 1, not 5/);
  expect(() => checkUntil({ relativeErorr: 0.05 } as never, 'exact')).toThrow(/unknown "relativeErorr"/);
  expect(() => checkUntil('certain' as never, 'exact')).toThrow(/"sure" or \{ relativeError \}/);
  expect(() => checkUntil('sure', 'officialCode')).toThrow(/leave out until/);
});

describe('drawing batches until', () => {
  const tiny = tinyModel('nli', 'bottleneck');
  let drawn = 0;
  function* batches(count: number): Generator<FisherBatch> {
    const examples = tinyExamples('nli', 4 * count);
    for (drawn = 0; drawn < count;) {
      drawn += 1;
      yield fisherBatch(padBatch(examples.slice(4 * (drawn - 1), 4 * drawn), { padId: 0 }));
    }
  }
  const { model, parameters } = tiny;

  test('the relative error is reached, and no batch is drawn after that', () => {
    const until = { relativeError: 0.2 };
    const result = fisherTrace(model, batches(60), { estimator: 'exact', parameters, until });
    expect(drawn).toBeLessThan(60);
    expect(result.examples).toBe(4 * drawn);
    for (const [layer, trace] of result.trace)
      expect(result.standardError.get(layer)! / trace).toBeLessThanOrEqual(0.2);
    const before = fisherTrace(model, batches(drawn - 1), { estimator: 'exact', parameters });
    const worst = Math.max(...[...before.trace].map(([layer, trace]) => before.standardError.get(layer)! / trace));
    expect(worst).toBeGreaterThan(0.2);
  });

  test('the budget ends it otherwise', () => {
    const until = { relativeError: 1e-4 };
    expect(fisherTrace(model, batches(5), { estimator: 'exact', parameters, until }).examples).toBe(20);
  });

  test('a sure choice, and how sure', () => {
    const stream = randomStream(1, 'sure');
    const sure = fisherTrace(model, batches(60), { estimator: 'sketch', parameters, until: 'sure', stream });
    expect(drawn).toBeLessThan(60);
    expect(sure.lead!.lead).toBeGreaterThanOrEqual(2 * sure.lead!.standardError);
    expect(sure.trace.get(sure.lead!.first)! - sure.trace.get(sure.lead!.second)!).toBeCloseTo(sure.lead!.lead, 3);
    const all = fisherTrace(model, batches(60), { estimator: 'exact', parameters });
    expect(all.lead!.first).toBe(sure.lead!.first);
  });
});
