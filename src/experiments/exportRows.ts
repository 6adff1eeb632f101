/** Rows as files for other programs: CSV, Arrow, Parquet. */
import { writeWhole } from '../engine/atomicFile';
import { oneOf, UserError } from '../engine/errors';

const formats = ['csv', 'arrow', 'parquet'] as const;

/**
 * Writes plain rows in the format of the file's ending: `.csv`, `.arrow` or `.parquet`. Columns are those of the first
 * row; folders are made, and the file appears whole or not at all.
 *
 *     exportRows(run.rows().fisher, 'fisher.parquet');     // pandas.read_parquet('fisher.parquet')
 *
 * @throws UserError on another ending, or without rows.
 */
export function exportRows(rows: readonly object[], path: string): void {
  const format = oneOf('file format', path.slice(path.lastIndexOf('.') + 1), formats);
  if (rows.length === 0) throw new UserError(`There are no rows to write to ${path}.`);
  const names = Object.keys(rows[0]!);
  const columns = names.map((name) => ({ name, data: rows.map((row) => (row as Record<string, unknown>)[name]) }));
  const asTable = () => arquero().table(Object.fromEntries(columns.map(({ name, data }) => [name, data])));
  switch (format) {
    case 'csv':
      return writeWhole(path, asTable().toCSV());
    case 'arrow':
      return writeWhole(path, asTable().toArrowIPC({ format: 'file' }));
    case 'parquet':
      return writeWhole(path, new Uint8Array(parquet().parquetWriteBuffer({ columnData: columns })));
  }
}

// Loaded only when rows are written: most cells write none.
const arquero = () => require('arquero') as typeof import('arquero');
const parquet = () => require('hyparquet-writer') as typeof import('hyparquet-writer');
