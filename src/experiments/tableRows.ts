/** Rows in whatever form a cell has them: plain objects, an arquero table, a danfo data frame. */
import { UserError } from '../engine/errors';

export type Row = Readonly<Record<string, unknown>>;

/** An arquero table, as far as it is needed here. */
interface ArqueroTable {
  columnNames(): string[];
  objects(): object[];
}

/** A danfo data frame, as far as it is needed here. */
interface DanfoFrame {
  readonly columns: string[];
  /** Rows; arrays of values for a frame. */
  readonly values: readonly unknown[];
  readonly $isSeries: boolean;
}

export type Rows = readonly object[] | ArqueroTable | DanfoFrame;

/** Whether a value is an arquero table or a danfo data frame. */
export function isTable(value: unknown): value is ArqueroTable | DanfoFrame {
  return isArquero(value) || isDanfo(value);
}

const isArquero = (value: unknown): value is ArqueroTable =>
  typeof (value as ArqueroTable | undefined)?.objects === 'function' &&
  typeof (value as ArqueroTable).columnNames === 'function';

const isDanfo = (value: unknown): value is DanfoFrame => (value as DanfoFrame | undefined)?.$isSeries === false;

/**
 * The rows as plain objects, and the names of their columns in the order in which rows first have them.
 *
 * @throws UserError for what holds no rows, such as a danfo series.
 */
export function rowsOf(rows: Rows): { objects: readonly Row[]; names: readonly string[] } {
  if (isArquero(rows)) return { objects: rows.objects() as Row[], names: rows.columnNames() };
  if (isDanfo(rows)) {
    const { columns, values } = rows;
    const lines = values as readonly (readonly unknown[])[];
    return { objects: lines.map((line) => Object.fromEntries(line.map((v, i) => [columns[i]!, v]))), names: columns };
  }
  if (!Array.isArray(rows)) {
    throw new UserError(
      'rows must be a list of plain objects, an arquero table or a danfo data frame. ' +
        "Of a danfo series, take the frame: frame.loc({ columns: ['NAME'] }).",
    );
  }
  const objects = rows as readonly Row[];
  return { objects, names: [...new Set(objects.flatMap((row) => Object.keys(row)))] };
}
