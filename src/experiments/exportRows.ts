/** Rows as files for other programs: CSV, Arrow, Parquet. */
import { writeWhole } from '../engine/atomicFile';
import { oneOf, UserError } from '../engine/errors';
import { rowsOf, type Rows } from './tableRows';

const formats = ['csv', 'arrow', 'parquet'] as const;

/**
 * Writes rows (plain objects, an arquero table or a danfo data frame) in the format of the file's ending: `.csv`,
 * `.arrow` or `.parquet`. Columns are those that any row has; in CSV, a list or an object is written as JSON. Folders
 * are made, and the file appears whole or not at all.
 *
 *     exportRows(run.rows().fisher, 'fisher.parquet');     // pandas.read_parquet('fisher.parquet')
 *
 * @throws UserError on another ending, or without rows.
 */
export function exportRows(rows: Rows, path: string): void {
  const format = oneOf('file format', path.slice(path.lastIndexOf('.') + 1), formats);
  const { objects, names } = rowsOf(rows);
  if (objects.length === 0) throw new UserError(`There are no rows to write to ${path}.`);
  const columns = names.map((name) => ({ name, data: objects.map((row) => row[name] ?? null) }));
  const tableOf = (write: (value: unknown) => unknown) =>
    arquero().table(Object.fromEntries(columns.map(({ name, data }) => [name, data.map(write)])));
  switch (format) {
    case 'csv':
      return writeWhole(path, tableOf(asText).toCSV());
    case 'arrow':
      return writeWhole(path, tableOf((value) => value).toArrowIPC({ format: 'file' }));
    case 'parquet':
      return writeWhole(path, new Uint8Array(parquet().parquetWriteBuffer({ columnData: columns })));
  }
}

const asText = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

// Loaded only when rows are written: most cells write none.
const arquero = () => require('arquero') as typeof import('arquero');
const parquet = () => require('hyparquet-writer') as typeof import('hyparquet-writer');
