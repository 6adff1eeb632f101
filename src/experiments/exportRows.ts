/** Rows as files for other programs: CSV, Arrow, Parquet. */
import { table } from 'arquero';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { writeWhole } from '../engine/atomicFile';
import { oneOf, UserError } from '../engine/errors';

const formats = ['csv', 'arrow', 'parquet'] as const;

/** Writes the rows in the format of the file's ending. @throws UserError on another ending, or without rows. */
export function exportRows(rows: readonly object[], path: string): void {
  const format = oneOf('file format', path.slice(path.lastIndexOf('.') + 1), formats);
  if (rows.length === 0) throw new UserError(`There are no rows to write to ${path}.`);
  const names = Object.keys(rows[0]!);
  const columns = names.map((name) => ({ name, data: rows.map((row) => (row as Record<string, unknown>)[name]) }));
  const asTable = () => table(Object.fromEntries(columns.map(({ name, data }) => [name, data])));
  switch (format) {
    case 'csv':
      return writeWhole(path, asTable().toCSV());
    case 'arrow':
      return writeWhole(path, asTable().toArrowIPC({ format: 'file' }));
    case 'parquet':
      return writeWhole(path, new Uint8Array(parquetWriteBuffer({ columnData: columns })));
  }
}
