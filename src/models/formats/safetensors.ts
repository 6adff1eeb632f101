/**
 * The safetensors format: 8 bytes of header length, a JSON header `name → { dtype, shape, data_offsets }`, the numbers.
 * Reading checks what the format promises: known dtypes, sizes that fit their shapes, no overlap, no gap, no rest.
 */
import * as fs from 'node:fs';
import { writeAtomically } from '../../engine/atomicFile';
import { messageOf, shown, UserError } from '../../engine/errors';
import { openBinaryFile, readBytes, type BinaryFile } from './binaryFile';
import { isJsonObject, type JsonObject } from './jsonFile';
import { DTYPE_BYTES, encode, isDtype, type TensorData } from './dtype';
import { elementCount, tensorFileOver, type StoredTensor, type TensorFile } from './tensorFile';

/** The format's own limit of its header, bytes. */
const LARGEST_HEADER = 100_000_000;

export function openSafetensors(path: string): TensorFile {
  const file = openBinaryFile(path);
  try {
    return readSafetensors(file);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The tensors of a safetensors file; throws a UserError that says what is wrong with it. */
export function readSafetensors(file: BinaryFile): TensorFile {
  const wrong = damage(file);
  const { header, start } = readHeader(file, wrong);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name !== METADATA) tensors.set(name, storedTensor(name, entry, start, wrong));
  }
  checkLayout(tensors, start, file.size, wrong);
  return tensorFileOver(file, tensors);
}

/** The free text entries of a file's header. */
export function readMetadata(path: string): Readonly<Record<string, string>> {
  const file = openBinaryFile(path);
  try {
    const metadata = readHeader(file, damage(file)).header[METADATA];
    return isJsonObject(metadata) ? (metadata as Record<string, string>) : {};
  } finally {
    file.close();
  }
}

const METADATA = '__metadata__';

type Wrong = (what: string) => UserError;
const damage =
  (file: BinaryFile): Wrong =>
  (what) =>
    new UserError(`${file.name} is no intact safetensors file: ${what}.`);

/** The header, and where the numbers start. */
function readHeader(file: BinaryFile, wrong: Wrong): { header: JsonObject; start: number } {
  if (file.size < 8) throw wrong(`it has ${file.size} bytes`);
  const length = Number(new DataView(readBytes(file, 0, 8).buffer).getBigUint64(0, true));
  if (length > LARGEST_HEADER) throw wrong(`a header of ${length} bytes is over the limit of ${LARGEST_HEADER}`);
  if (8 + length > file.size) throw wrong(`its header says ${length} bytes, the file has ${file.size}`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readBytes(file, 8, length)));
  } catch (error) {
    throw wrong(`its header is not JSON (${messageOf(error)})`);
  }
  if (!isJsonObject(header)) throw wrong('its header is no JSON object');
  return { header, start: 8 + length };
}

function storedTensor(name: string, entry: unknown, start: number, wrong: Wrong): StoredTensor {
  if (!isJsonObject(entry)) throw wrong(`"${name}" is not described`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDtype(dtype)) {
    throw wrong(`"${name}" has the dtype ${shown(dtype)}; readable are ${Object.keys(DTYPE_BYTES).join(', ')}`);
  }
  if (!isNumbers(shape)) throw wrong(`"${name}" has no shape`);
  if (!isNumbers(offsets) || offsets.length !== 2) throw wrong(`"${name}" has no data_offsets`);
  const bytes = elementCount(shape, `"${name}"`) * DTYPE_BYTES[dtype];
  const [begin, end] = offsets as [number, number];
  if (end - begin !== bytes) throw wrong(`"${name}" needs ${bytes} bytes and has ${end - begin}`);
  return { dtype, shape, offset: start + begin };
}

/** The tensors must tile the file's data exactly: neither overlaps nor bytes that no tensor owns. */
function checkLayout(tensors: ReadonlyMap<string, StoredTensor>, start: number, size: number, wrong: Wrong): void {
  let end = start;
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || byteLength(a) - byteLength(b));
  for (const [name, tensor] of inOrder) {
    if (tensor.offset < end) throw wrong(`"${name}" overlaps the tensor before it`);
    if (tensor.offset > end) throw wrong(`there is a gap of ${tensor.offset - end} bytes before "${name}"`);
    end = tensor.offset + byteLength(tensor);
  }
  if (end > size) throw wrong(`it is cut off: ${end} bytes are described, it has ${size}`);
  if (end < size) throw wrong(`${size - end} bytes at its end belong to no tensor`);
}

const byteLength = ({ shape, dtype }: StoredTensor) => elementCount(shape, 'A tensor') * DTYPE_BYTES[dtype];

export interface TensorToWrite {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface WriteSafetensorsOptions {
  /** How floats are stored; integers are stored as I64, as PyTorch does. Default F32. */
  readonly floats?: 'F32' | 'F16' | 'BF16';
  /** Free text entries of the header. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes tensors, sorted by name, to a temporary file that is then renamed to `path`. */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorToWrite>,
  { floats = 'F32', metadata }: WriteSafetensorsOptions = {},
): void {
  const entries = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const header: Record<string, unknown> = metadata === undefined ? {} : { [METADATA]: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of entries) {
    if (elementCount(shape, `"${name}"`) !== data.length) {
      throw new Error(`"${name}" has ${data.length} numbers and the shape [${shape.join(', ')}].`);
    }
    const dtype = storedAs(data, floats);
    const end = offset + data.length * DTYPE_BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces after the JSON align the numbers to 8 bytes.
  const head = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  head.set(json, 8);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  writeAtomically(path, (descriptor) => {
    writeAll(descriptor, head);
    for (const [, { data }] of entries) writeAll(descriptor, encode(data, storedAs(data, floats)));
  });
}

const storedAs = (data: TensorData, floats: 'F32' | 'F16' | 'BF16') => (data instanceof Float32Array ? floats : 'I64');

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;)
    done += fs.writeSync(descriptor, bytes, done, Math.min(bytes.length - done, 1 << 30));
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && (item as number) >= 0);
}
