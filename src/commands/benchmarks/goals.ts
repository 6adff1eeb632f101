/** What a benchmark asks of its ratios. */
import type { BenchRow, Workload } from './benchmark';

/** This much of the other's time, or memory, at most. */
export interface Goal {
  readonly what: string;
  readonly of: string;
  readonly by: 'seconds' | 'peakMegabytes';
  readonly goal: number;
}

export interface Comparison extends Pick<Workload, 'model' | 'examples' | 'length'>, Goal {
  readonly ratio: number;
}

/** The ratios that have a goal, of rows of the same workload. */
export function compareRows(rows: readonly BenchRow[], goals: readonly Goal[]): Comparison[] {
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
