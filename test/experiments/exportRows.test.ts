/** Rows as files that other programs read, by the lab's public name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromArrow } from 'arquero';
import { expect, test } from 'vitest';
import { readParquet } from '../../src/datasets/parquet';
import * as fun from '../../src/index';
import { temporaryFolder } from '../temporaryFolder';

const rows = [
  { language: 'sw', value: 50.5 },
  { language: 'zh', value: 61 },
];

test('CSV, Arrow and Parquet, in a folder that is made', async () => {
  const place = (ending: string) => join(temporaryFolder(), 'tables', `scores.${ending}`);
  const [csv, arrow, parquet] = [place('csv'), place('arrow'), place('parquet')];
  for (const path of [csv, arrow, parquet]) fun.exportRows(rows, path);
  expect(readFileSync(csv, 'utf8')).toBe('language,value\nsw,50.5\nzh,61\n');
  expect(fromArrow(readFileSync(arrow)).objects()).toEqual(rows);
  expect(await readParquet(parquet, ['language', 'value'])).toEqual(rows);
});

test('refused: another ending, and nothing to write', () => {
  expect(() => fun.exportRows(rows, 'scores.xlsx')).toThrow(
    /file format "xlsx" is not known\. Allowed: csv, arrow, parq/,
  );
  expect(() => fun.exportRows([], 'scores.csv')).toThrow(/no rows/);
});

test('figures have a public name, too', () => {
  const svg = fun.exportFigure({ data: [], layout: { title: { text: 'Empty' } } }, { format: 'svg' });
  expect(svg.toString()).toContain('Empty');
});
