/** The table of results: what counts as a seed of what. */
import { expect, test } from 'vitest';
import { configure, type RunChoices } from '../../src/experiments/profiles';
import { resultsTable } from '../../src/experiments/table';
import { madeUpResult } from '../notebook/madeUpResults';

const table = (...runs: Partial<RunChoices>[]) =>
  resultsTable(
    runs.map((run) =>
      madeUpResult(
        configure('small', { task: 'nli', schedule: { name: 'gradual', every: 16 }, precision: 'bf16', ...run }),
      ),
    ),
  );

test('seeds of one configuration are one line, with their mean and spread', () => {
  const lines = table({ seed: 1 }, { seed: 2 }, { seed: 3 });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ schedule: 'gradual', seeds: 3 });
  expect(lines[0]!.settings).toMatch(/^\d+ steps of \d+, rate [\d.]+, k 16, mean pooling, bf16$/);
  expect(lines[0]!.average).toMatch(/^\d+\.\d ± \d+\.\d$/);
});

test('another precision is another line, and the lines say which', () => {
  const lines = table({ seed: 1 }, { seed: 2 }, { seed: 1, precision: 'float32' });
  expect(lines.map(({ seeds }) => seeds)).toEqual([2, 1]);
  expect(lines.map(({ settings }) => settings.split(', ').at(-1))).toEqual(['bf16', 'float32']);
});

test('a run of the settings search, which was only validated, is no seed of the comparison', () => {
  const lines = table({ seed: 1 }, { seed: 100, evaluation: { languages: [] } });
  expect(lines.map(({ seeds, average }) => [seeds, average === '–'])).toEqual([
    [1, false],
    [1, true],
  ]);
  expect(lines[1]!.settings).toMatch(/, validation alone$/);
});

test('nor is a run that differs in a setting without a column', () => {
  expect(table({ seed: 1 }, { seed: 2, dropout: 0 }).map(({ seeds }) => seeds)).toEqual([1, 1]);
});
