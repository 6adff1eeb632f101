/** Which schedule transfers better, as cells say it: the headline, the details, and the case of no runs. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findSweep } from '../../src/experiments/definitions/index';
import { expandSweep } from '../../src/experiments/sweep';
import { sayComparisons, showComparisons } from '../../src/notebook/showComparisons';
import { madeUpResult } from './madeUpResults';

// Outside a notebook, Markdown and tables are printed.
let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
});
afterEach(() => vi.restoreAllMocks());

const results = expandSweep(findSweep('table-12'), 'small').map((run) => madeUpResult(run));

test('a line a claim, each condition under its verdict; then both differences, ours and the paper’s', () => {
  sayComparisons(results, { better: ['gradual'], than: 'gradual-reverse' });
  const [headline, ...details] = said[0]!.split('\n').filter((line) => line.startsWith('-') || line.startsWith('  -'));
  expect(headline).toMatch(/^- \*\*gradual \(GU\) transfers better than gradual, reversed\*\* – /);
  for (const place of ['mnli → nli, all examples', 'squad → qa-xquad, all examples', 'squad → qa-mlqa, all examples']) {
    expect(headline).toContain(place);
  }
  expect(details.filter((line) => line.includes('Transfer average'))).toHaveLength(3);
  expect(details.filter((line) => line.includes('The paper, XLM-R base'))).toHaveLength(3);
});

test('a schedule without runs is said to have none', () => {
  sayComparisons(results, { better: ['fun'] });
  expect(said[0]).toContain('no runs of both: mnli → nli, all examples');
});

test('no runs at all: nothing is claimed and nothing shown', () => {
  sayComparisons([], { better: ['fun'] });
  expect(said).toEqual(['There are no such runs yet, so nothing can be said.']);
  showComparisons([]);
  expect(said).toHaveLength(1);
});

test('a table a condition, with the paper beside ours', () => {
  showComparisons(results, { against: 'gradual-reverse' });
  expect(said).toHaveLength(3);
  expect(said[0]).toMatch(/^mnli → nli · multilingual-e5-small · bottleneck16 · all examples: accuracy, %\n/);
  expect(said[0]).toContain('average (paper)');
  expect(said[0]).toContain('− gradual, reversed');
});
