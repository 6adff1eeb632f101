/** The hub's parquet files as rows. */
import { readFile } from 'node:fs/promises';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { UserError, messageOf } from '../engine/errors';

/** Rows of a parquet file, only the named columns. Whole numbers come as numbers, not bigint. */
export async function readParquet(path: string, columns: readonly string[]): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  try {
    const rows = await parquetReadObjects({ file, columns: [...columns], compressors });
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, asNumber(value)])));
  } catch (error) {
    throw new UserError(`${path}: not a readable parquet file (${messageOf(error)}). Fetch it again.`);
  }
}

function asNumber(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
