/** What a benchmark asks of its ratios, and its report. */
import { relative } from 'node:path';
import { projectRoot } from '../../engine/places';
import { tableText } from '../../notebook/table';
import { isBusy, record, type BenchRow, type Workload } from './benchmark';

/** This much of the other's time, or memory, at most. */
export interface Goal {
  readonly what: string;
  readonly of: string;
  readonly by: 'seconds' | 'peakMegabytes';
  readonly goal: number;
}

export interface GoalRatio extends Pick<Workload, 'model' | 'examples' | 'length'>, Goal {
  readonly ratio: number;
}

/** The ratios that have a goal, of rows of the same workload. */
export function compareRows(rows: readonly BenchRow[], goals: readonly Goal[]): GoalRatio[] {
  return rows.flatMap((row) =>
    goals.flatMap(({ what, of, by, goal }) => {
      const other = rows.find(
        ({ name, model, examples, length }) =>
          name === of && model === row.model && examples === row.examples && length === row.length,
      );
      if (row.name !== what || other === undefined) return [];
      const { model, examples, length } = row;
      return [{ model, examples, length, what, of, by, ratio: row[by] / other[by], goal }];
    }),
  );
}

/** Prints the rows and their ratios, and writes both to a file. */
export function report(
  benchmark: string,
  rows: readonly BenchRow[],
  goals: readonly Goal[],
  readable: (row: BenchRow) => object,
): void {
  const comparisons = compareRows(rows, goals);
  console.log(tableText(rows.map(readable), {}));
  const ratios = comparisons.map((c) => ({ ...c, ratio: c.ratio.toFixed(2), reached: c.ratio <= c.goal }));
  if (ratios.length > 0) console.log(`\n${tableText(ratios, {})}`);
  if (isBusy(rows)) console.log('The machine was busy: these numbers are no measurement of speed.');
  console.log(`Written: ${relative(projectRoot(), record(benchmark, rows, comparisons))}`);
}
