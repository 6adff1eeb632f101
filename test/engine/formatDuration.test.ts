import { expect, test } from 'vitest';
import { formatDuration } from '../../src/engine/formatDuration';

test.each([
  [44.6, '45 s'],
  [89, '89 s'],
  [91, '2 min'],
  [200, '3 min'],
  [3600, '60 min'],
  [5399, '1 h 30 min'],
  [5460, '1 h 31 min'],
  [90_000, '25 h 0 min'],
])('%f seconds are %s', (seconds, words) => expect(formatDuration(seconds)).toBe(words));
