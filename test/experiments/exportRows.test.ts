/** Rows as files that other programs read, by the lab's public name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromArrow, table as arqueroTable } from 'arquero';
import { DataFrame } from 'danfojs-node';
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

test('an arquero table and a danfo data frame are written as the rows that they hold', () => {
  const written = (table: Parameters<typeof fun.exportRows>[0]) => {
    const path = join(temporaryFolder(), 'table.csv');
    fun.exportRows(table, path);
    return readFileSync(path, 'utf8');
  };
  const table = arqueroTable({ language: ['sw', 'zh'], value: [50.5, 61] });
  expect(written(table)).toBe('language,value\nsw,50.5\nzh,61\n');
  expect(written(table.filter((row: { value: number }) => row.value > 60))).toBe('language,value\nzh,61\n');
  expect(written(new DataFrame(rows))).toBe('language,value\nsw,50.5\nzh,61\n');
});

test('nothing is lost: a column that only later rows have, and what a column of objects holds', async () => {
  const told = [
    { label: 'neutral', probabilities: { neutral: 0.75, entailment: 0.25 } },
    { label: 'entailment', probabilities: { neutral: 0.5, entailment: 0.5 }, sure: false },
  ];
  const place = (ending: string) => join(temporaryFolder(), `told.${ending}`);
  const [csv, arrow, parquet] = [place('csv'), place('arrow'), place('parquet')];
  for (const path of [csv, arrow, parquet]) fun.exportRows(told, path);
  expect(readFileSync(csv, 'utf8').split('\n')).toEqual([
    'label,probabilities,sure',
    'neutral,"{""neutral"":0.75,""entailment"":0.25}",',
    'entailment,"{""neutral"":0.5,""entailment"":0.5}",false',
    '',
  ]);
  const whole = told.map((row) => ({ ...row, sure: row.sure ?? null }));
  expect(fromArrow(readFileSync(arrow)).objects()).toEqual(whole);
  expect(await readParquet(parquet, ['label', 'probabilities', 'sure'])).toEqual(whole);
});

test('refused: another ending, and nothing to write', () => {
  expect(() => fun.exportRows(rows, 'scores.xlsx')).toThrow(
    /file format "xlsx" is not known\. Allowed: csv, arrow, parq/,
  );
  expect(() => fun.exportRows([], 'scores.csv')).toThrow(/no rows/);
  expect(() => fun.exportRows(new DataFrame(rows)['value'] as object[], 'scores.csv')).toThrow(/rows must be/);
});

test('figures have a public name, too', () => {
  const svg = fun.exportFigure({ data: [], layout: { title: { text: 'Empty' } } }, { format: 'svg' });
  expect(svg.toString()).toContain('Empty');
});
