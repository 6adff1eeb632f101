/**
 * MNLI and XNLI: tab-separated rows with a header, without quoting (a quotation mark is text like any other), and
 * the rows of the hub's parquet files.
 */
import { shown } from '../engine/errors';
import { nliLabels, type NliExample } from './examples';
import { malformed, splitLines } from './textFiles';

/** How many rows came from where, for files that say so in a column `source`; undefined for others. */
export function rowsBySource(text: string): string | undefined {
  const [header = '', ...rows] = splitLines(text);
  const column = header.split('\t').indexOf('source');
  if (column === -1) return undefined;
  const counts = new Map<string, number>();
  for (const row of rows) {
    const source = row.split('\t')[column] ?? '';
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return [...counts].map(([source, count]) => `${source} ${count}`).join(', ');
}

/** Columns `premise`, `hypothesis`, `label` in any order; further columns are ignored. `name` is for errors. */
export function parseNliTsv(text: string, name: string): NliExample[] {
  const [header = '', ...rows] = splitLines(text);
  const columns = header.split('\t');
  const [premise, hypothesis, label] = ['premise', 'hypothesis', 'label'].map((column) => columns.indexOf(column));
  if (premise === -1 || hypothesis === -1 || label === -1) {
    throw malformed(`${name}, line 1`, 'a header with the columns premise, hypothesis, label', shown(header));
  }
  return rows.map((row, index) => {
    const where = `${name}, line ${index + 2}`;
    const cells = row.split('\t');
    if (cells.length !== columns.length) {
      throw malformed(where, `${columns.length} columns separated by tabs`, `${cells.length}: ${shown(row)}`);
    }
    return nliExample({ premise: cells[premise!], hypothesis: cells[hypothesis!], label: cells[label!] }, where);
  });
}

/** One row: texts that are not empty and a label, by name or by the hub's number. */
export function nliExample(row: Readonly<Record<string, unknown>>, where: string): NliExample {
  const { premise, hypothesis } = row;
  if (typeof premise !== 'string' || premise === '') throw malformed(where, 'a premise', shown(premise));
  if (typeof hypothesis !== 'string' || hypothesis === '') throw malformed(where, 'a hypothesis', shown(hypothesis));
  return { premise, hypothesis, label: nliLabel(row.label, where) };
}

function nliLabel(given: unknown, where: string): 0 | 1 | 2 {
  const label = nliLabels.findIndex((name, number) => given === name || String(given) === String(number));
  if (label === -1) throw malformed(where, `a label (${nliLabels.join(', ')}, or 0, 1, 2)`, shown(String(given)));
  return label as 0 | 1 | 2;
}
