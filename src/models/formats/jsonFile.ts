/** Small JSON files that others wrote: read with a limit, and their fields asked for by type. */
import * as fs from 'node:fs';
import { messageOf, UserError } from '../../engine/errors';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Bytes; the index of a checkpoint with 10,000 tensors has 1 MB. */
const LARGEST = 100 << 20;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in a JSON file, or an error that names the file and what is wrong with it. */
export function readJsonObject(path: string): JsonObject {
  let value: unknown;
  try {
    if (fs.statSync(path).size > LARGEST) throw new Error(`it is larger than ${LARGEST} bytes`);
    value = JSON.parse(fs.readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}.`);
  }
  if (!isJsonObject(value)) throw new UserError(`${path} is no JSON object.`);
  return value;
}
