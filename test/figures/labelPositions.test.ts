import { expect, test } from 'vitest';
import { labelPositions } from '../../src/figures/labelPositions';

const size = { width: 600, height: 300 };

test('far from each other, labels stand above their dots', () => {
  expect(labelPositions([0, 1, 2], [0, 2, 1], ['a', 'b', 'c'], size)).toEqual(Array(3).fill('top center'));
});

test('of two dots one above the other, the lower has its label below', () => {
  // 300 px for a range of 100: one unit is 3 px.
  expect(labelPositions([5, 5, 0, 10], [50, 54, 0, 100], ['low', 'high', '', ''], size).slice(0, 2)).toEqual([
    'bottom center',
    'top center',
  ]);
});

test('of two dots side by side, the labels go to different rows', () => {
  // 600 px for a range of 100: one unit is 6 px.
  const [first, second] = labelPositions([50, 52, 0, 100], [5, 5, 0, 10], ['order 1', 'order 2', '', ''], size);
  expect([first, second]).toEqual(['top center', 'bottom center']);
});

test('equal dots, a single one and none are no error', () => {
  expect(new Set(labelPositions([1, 1, 1], [2, 2, 2], ['a', 'b', 'c'], size)).size).toBe(3);
  expect(labelPositions([1], [2], ['a'], size)).toEqual(['top center']);
  expect(labelPositions([], [], [], size)).toEqual([]);
});
