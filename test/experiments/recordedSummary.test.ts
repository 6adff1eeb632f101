/** What is written about the recorded results is what the recorded results say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../src/engine/places';
import { openStore } from '../../src/experiments/store';
import { claimStatuses, summaryText } from '../../src/experiments/summary';

const store = openStore(join(projectRoot(), 'data/results'));
const results = store.all('small');

test('SUMMARY.md is that of the result files beside it (else: npm run results -- summary)', () => {
  const path = join(store.folder, 'small/SUMMARY.md');
  expect(readFileSync(path, 'utf8')).toBe(summaryText(results, 'small'));
});

test('README has the status of every claim', () => {
  const readme = readFileSync(join(projectRoot(), 'README.md'), 'utf8');
  const stated = [...readme.matchAll(/\bC\d: [\w ]+\w/g)].map(([text]) => text);
  const computed = claimStatuses(results, 'small').map(({ id, status }) => `${id}: ${status}`);
  expect(stated.sort()).toEqual(computed.filter((text) => text.startsWith('C')).sort());
});
