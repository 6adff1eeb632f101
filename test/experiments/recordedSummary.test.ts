/** What is written about the recorded results is what the recorded results say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../src/engine/places';
import { transferAverage } from '../../src/experiments/conditions';
import { runId } from '../../src/experiments/configuration';
import { findSweep } from '../../src/experiments/definitions/index';
import { openStore } from '../../src/experiments/store';
import { summaryText } from '../../src/experiments/summary';
import { expandSweep } from '../../src/experiments/sweep';

const store = openStore(join(projectRoot(), 'data/results'));
const results = store.all('small');
const summary = summaryText(results, 'small');

test('SUMMARY.md is that of the result files beside it (else: npm run results -- summary)', () => {
  const path = join(store.folder, 'small/SUMMARY.md');
  expect(readFileSync(path, 'utf8')).toBe(summary);
});

test('README has the status of every claim', () => {
  const readme = readFileSync(join(projectRoot(), 'README.md'), 'utf8');
  const stated = [...readme.matchAll(/\bC\d: [\w ]+\w/g)].map(([text]) => text);
  const computed = [...summary.matchAll(/^\| (C\d) \| [^|]+ \| ([^|]+) \|/gm)].map(
    ([, id, status]) => `${id}: ${status}`,
  );
  expect(computed).toHaveLength(8);
  expect(stated.sort()).toEqual(computed.sort());
});

test('README has the averages of nli-schedules, and how many runs there are', () => {
  const readme = readFileSync(join(projectRoot(), 'README.md'), 'utf8');
  const names = ['standard', 'gradual', 'fun', 'lpft', 'gradual-reverse', 'random'];
  const wanted = expandSweep(findSweep('nli-schedules'), 'small');
  const average = (seed: number, name: string): string => {
    const id = wanted.filter((run) => run.seed === seed && run.schedule.name === name).map(runId);
    const result = results.find((one) => id.includes(one.id));
    return result === undefined ? '' : transferAverage(result)!.toFixed(1);
  };
  const rows = [...readme.matchAll(/^\| (\d) \|(.*)\|$/gm)].map(([, seed, cells]) => [
    Number(seed),
    ...cells!.split('|').map((cell) => cell.trim()),
  ]);
  const seeds = [1, 2, 3, 4].filter((seed) => names.some((name) => average(seed, name) !== ''));
  expect(rows).toEqual(seeds.map((seed) => [seed, ...names.map((name) => average(seed, name))]));
  const done = wanted.filter((run) => results.some(({ id }) => id === runId(run))).length;
  expect(readme).toContain(`${done} of the ${wanted.length} runs of NLI`);
});
