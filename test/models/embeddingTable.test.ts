import { expect, test } from 'vitest';
import { plainEmbeddingTable } from '../../src/models/embeddingTable';

const table = plainEmbeddingTable(
  Float32Array.from({ length: 12 }, (_, i) => i),
  3,
);

test('rows in the order of the ids, into a new or a given array', () => {
  expect([table.rows, table.width]).toEqual([4, 3]);
  expect([...table.lookup([2, 0, 2])]).toEqual([6, 7, 8, 0, 1, 2, 6, 7, 8]);
  const into = new Float32Array(7).fill(-1);
  expect(table.lookup(Int32Array.of(3, 1), into)).toBe(into);
  expect([...into]).toEqual([9, 10, 11, 3, 4, 5, -1]);
});

test('what does not fit is refused', () => {
  expect(() => table.lookup([4])).toThrow(/id 4 .* 0 to 3/);
  expect(() => table.lookup([-1])).toThrow(/id -1/);
  expect(() => table.lookup([0.5])).toThrow(/id 0.5/);
  expect(() => table.lookup([0, 1], new Float32Array(5))).toThrow(/need 6 floats, not 5/);
  expect(() => plainEmbeddingTable(new Float32Array(10), 3)).toThrow(/10 floats/);
});
