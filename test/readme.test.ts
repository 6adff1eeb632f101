/**
 * What README promises to tell: every environment variable of the project's own. (Its results:
 * recordedSummary.test.ts.)
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../src/engine/places';

test('every variable that the code reads has a row in the table, and no other has one', () => {
  const src = join(projectRoot(), 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.m?ts$|\.mjs$/.test(name));
  const read = files.flatMap((name) => [
    ...readFileSync(join(src, name), 'utf8').matchAll(/\b(?:environment|env)\.(FUN_[A-Z_]+|PROFILE)\b/g),
  ]);
  const table = readFileSync(join(projectRoot(), 'README.md'), 'utf8').split('\n## Environment variables\n')[1] ?? '';
  const rows = table.split('\n## ')[0]!.matchAll(/^\| (`.*?) \|/gm);
  const told = [...rows].flatMap(([, names]) => [...names!.matchAll(/`(FUN_[A-Z_]+|PROFILE)`/g)]);
  const names = (matches: readonly RegExpMatchArray[]) => [...new Set(matches.map(([, name]) => name))].sort();
  expect(names(read).length).toBeGreaterThan(5);
  expect(names(told)).toEqual(names(read));
});
