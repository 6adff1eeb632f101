import { describe, expect, test } from 'vitest';
import { padBatch, type EncodedExample } from '../../src/tasks/batch';
import { batchOrder, dataPosition, evaluationOrder } from '../../src/tasks/batchOrder';

function example(id: number, lengths: number[]): EncodedExample {
  const sequences = lengths.map((length, s) => ({
    ids: Int32Array.from({ length }, (_, t) => 100 * (s + 1) + t),
    typeIds: new Int32Array(length).fill(s),
  }));
  return { id, source: id, sequences, target: { kind: 'class', label: id % 3 } };
}

describe('padBatch', () => {
  test('[E, S, T] row by row, padded on the right to the longest', () => {
    const batch = padBatch([example(7, [2, 3]), example(9, [1, 2])], { padId: 1 });
    expect(batch).toMatchObject({ examples: 2, sequencesPerExample: 2, tokens: 3 });
    expect([...batch.exampleIds]).toEqual([7, 9]);
    expect([...batch.inputIds]).toEqual([100, 101, 1, 200, 201, 202, 100, 1, 1, 200, 201, 1]);
    expect([...batch.attentionMask]).toEqual([1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0]);
    expect([...batch.tokenTypeIds]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0]);
    expect(batch.targets).toEqual([
      { kind: 'class', label: 1 },
      { kind: 'class', label: 0 },
    ]);
  });

  test('to a maximum as the paper does, or to a multiple', () => {
    expect(padBatch([example(0, [5])], { padId: 0, padTo: 128 }).tokens).toBe(128);
    expect(padBatch([example(0, [5])], { padId: 0, multipleOf: 8 }).tokens).toBe(8);
    expect(padBatch([example(0, [8])], { padId: 0, multipleOf: 8 }).tokens).toBe(8);
  });

  test('refuses what does not fit', () => {
    expect(() => padBatch([example(0, [5])], { padId: 0, padTo: 4 })).toThrow(/5 tokens, padTo is 4/);
    expect(() => padBatch([], { padId: 0 })).toThrow(/at least one/);
    expect(() => padBatch([example(0, [1, 1]), example(1, [1])], { padId: 0 })).toThrow(/Example 1 has 1 sequences/);
  });
});

describe('batchOrder', () => {
  const examples = Array.from({ length: 1003 }, (_, i) => example(i, [3 + ((i * 37) % 61)]));
  const options = { examples, batchSize: 8, seed: 5, epoch: 0, bucketing: 'byLength' } as const;
  const padding = (batches: number[][]) =>
    batches.reduce((sum, batch) => {
      const lengths = batch.map((i) => examples[i]!.sequences[0]!.ids.length);
      return sum + lengths.length * Math.max(...lengths) - lengths.reduce((a, b) => a + b, 0);
    }, 0);

  test.each(['byLength', 'none'] as const)(
    '%s: every example once, the same for the same seed and epoch',
    (bucketing) => {
      const batches = batchOrder({ ...options, bucketing });
      expect(batches.flat().sort((a, b) => a - b)).toEqual(examples.map((_, i) => i));
      expect(batches.filter((batch) => batch.length !== 8)).toHaveLength(1);
      expect(batchOrder({ ...options, bucketing })).toEqual(batches);
      expect(batchOrder({ ...options, bucketing, epoch: 1 })).not.toEqual(batches);
      expect(batchOrder({ ...options, bucketing, seed: 6 })).not.toEqual(batches);
    },
  );

  test('length buckets save most of the padding, and lengths do not come in order', () => {
    const bucketed = batchOrder(options);
    expect(padding(bucketed)).toBeLessThan(0.1 * padding(batchOrder({ ...options, bucketing: 'none' })));
    const longest = bucketed.map((batch) => Math.max(...batch.map((i) => examples[i]!.sequences[0]!.ids.length)));
    const rises = longest.slice(1).filter((length, i) => length > longest[i]!).length;
    expect(rises / longest.length).toBeGreaterThan(0.3);
    expect(rises / longest.length).toBeLessThan(0.7);
  });

  test('evaluation: longest first, every example once', () => {
    const order = evaluationOrder(examples, { batchSize: 50 });
    const lengths = order.flat().map((i) => examples[i]!.sequences[0]!.ids.length);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
    expect(new Set(order.flat()).size).toBe(examples.length);
  });

  test('evaluation: long sequences in smaller batches, as many as the scores allow and at least one', () => {
    const lengthAt = (i: number) => examples[i]!.sequences[0]!.ids.length;
    const longest = Math.max(...examples.map((_, i) => lengthAt(i)));
    const mostScores = 3 * longest ** 2;
    const order = evaluationOrder(examples, { batchSize: 50, mostScores });
    expect(order.flat()).toEqual(evaluationOrder(examples, { batchSize: 50 }).flat());
    expect(order[0]).toHaveLength(3);
    order.slice(0, -1).forEach((batch) => {
      const most = Math.floor(mostScores / lengthAt(batch[0]!) ** 2);
      expect(batch).toHaveLength(Math.min(50, most));
    });
    expect(evaluationOrder(examples, { batchSize: 50, mostScores: 1 })[0]).toHaveLength(1);
  });

  test('a step is a place in an epoch', () => {
    expect(dataPosition(0, 10)).toEqual({ epoch: 0, index: 0 });
    expect(dataPosition(23, 10)).toEqual({ epoch: 2, index: 3 });
  });
});
