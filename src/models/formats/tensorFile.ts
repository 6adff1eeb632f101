/**
 * A file of named tensors, whatever its format. Each format's reader only finds out where each tensor lies (a
 * `StoredTensor`); reading, widening and checking happen here, once for all formats.
 */
import { UserError } from '../../engine/errors';
import { readBytes, type BinaryFile } from './binaryFile';
import { decodeInto, DTYPE_BYTES, isFloat, type Dtype, type TensorData } from './dtype';

export interface TensorFile {
  /** Names in the file's order. */
  names(): string[];
  /** dtype as stored and shape. */
  info(name: string): { dtype: Dtype; shape: number[] };
  /** The whole tensor in row-major order; floats widened to float32, integers to int32. */
  read(name: string): { data: TensorData; shape: number[] };
  /** Rows `from` … `to − 1` of the first axis, without reading the others: for embedding tables. */
  readRows(name: string, from: number, to: number): { data: TensorData; shape: number[] };
  close(): void;
}

/** Where a tensor lies. Strides count elements, as in PyTorch; absent means row-major without gaps. */
export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Byte offset of the first element in the file. */
  readonly offset: number;
  readonly strides?: readonly number[];
}

/** Numbers are converted in pieces of this many elements, so that widening needs no second copy of a tensor. */
const PIECE = 1 << 18;

/** The tensor file over `file` with tensors at known places. Ranges must have been checked by the format's reader. */
export function tensorFileOver(file: BinaryFile, tensors: ReadonlyMap<string, StoredTensor>): TensorFile {
  const stored = (name: string) => lookUp(tensors, name, file.name);
  return {
    names: () => [...tensors.keys()],
    info: (name) => ({ dtype: stored(name).dtype, shape: [...stored(name).shape] }),
    read(name) {
      const tensor = stored(name);
      return { data: readTensor(file, name, tensor), shape: [...tensor.shape] };
    },
    readRows(name, from, to) {
      const tensor = stored(name);
      const rows = tensor.shape[0];
      if (
        rows === undefined ||
        !Number.isInteger(from) ||
        !Number.isInteger(to) ||
        from < 0 ||
        to < from ||
        to > rows
      ) {
        throw new UserError(
          `"${name}" has the shape [${tensor.shape.join(', ')}]; rows ${from} to ${to} do not exist.`,
        );
      }
      const shape = [to - from, ...tensor.shape.slice(1)];
      const rowStride = (tensor.strides ?? rowMajor(tensor.shape))[0]!;
      const offset = tensor.offset + from * rowStride * DTYPE_BYTES[tensor.dtype];
      return { data: readTensor(file, name, { ...tensor, shape, offset }), shape };
    },
    close: () => file.close(),
  };
}

/**
 * Refuses a tensor of integers: those of a quantised file mean nothing without their scales. @param source for the
 * message
 */
export function checkFloats(file: TensorFile, name: string, source: string): void {
  const { dtype } = file.info(name);
  if (isFloat(dtype)) return;
  throw new UserError(
    `${source}: "${name}" holds ${dtype} numbers, and weights are floats. ` +
      `Quantised weights are not implemented; take the file in float32, float16 or bfloat16.`,
  );
}

/** The entry under this name, or an error that names the nearest of what there is. */
export function lookUp<T>(entries: ReadonlyMap<string, T>, name: string, where: string): T {
  const found = entries.get(name);
  if (found !== undefined) return found;
  const last = name.slice(name.lastIndexOf('.'));
  const near = [...entries.keys()].filter((key) => key.endsWith(last)).slice(0, 3);
  throw new UserError(
    `${where} has no tensor "${name}". It has ${entries.size}${near.length > 0 ? `, such as ${near.join(', ')}` : ''}.`,
  );
}

/** The product of the dimensions. Throws when it is no exact number. */
export function elementCount(shape: readonly number[], what: string): number {
  let count = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) {
      throw new UserError(`${what} is damaged: its shape is [${shape.join(', ')}].`);
    }
    count *= dimension;
  }
  if (shape.includes(0)) return 0;
  if (!Number.isSafeInteger(count)) throw new UserError(`${what} is damaged: its shape is [${shape.join(', ')}].`);
  return count;
}

/** Strides of a row-major tensor without gaps. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!;
  return strides;
}

function readTensor(file: BinaryFile, name: string, { dtype, shape, offset, strides }: StoredTensor): TensorData {
  const count = elementCount(shape, `"${name}" in ${file.name}`);
  const dense = rowMajor(shape);
  if (strides === undefined || strides.every((stride, i) => stride === dense[i] || shape[i]! <= 1)) {
    return readDense(file, name, dtype, offset, count);
  }
  // A view with gaps (a transpose, a slice): read its whole span, then gather.
  const span = count === 0 ? 0 : 1 + shape.reduce((sum, dimension, i) => sum + (dimension - 1) * strides[i]!, 0);
  const source = readDense(file, name, dtype, offset, span);
  const data = isFloat(dtype) ? new Float32Array(count) : new Int32Array(count);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0, at = 0; i < count; i++) {
    data[i] = source[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return data;
}

function readDense(file: BinaryFile, name: string, dtype: Dtype, offset: number, count: number): TensorData {
  const bytes = DTYPE_BYTES[dtype];
  if (offset + count * bytes > file.size) throw new UserError(`"${name}" lies beyond the end of ${file.name}.`);
  const data = isFloat(dtype) ? new Float32Array(count) : new Int32Array(count);
  if (dtype === 'F32' || dtype === 'I32') {
    file.readInto(new Uint8Array(data.buffer), offset);
    return data;
  }
  try {
    for (let start = 0; start < count; start += PIECE) {
      const length = Math.min(PIECE, count - start);
      decodeInto(data, start, readBytes(file, offset + start * bytes, length * bytes), dtype);
    }
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`"${name}" in ${file.name}: ${error.message}`);
    throw error;
  }
  return data;
}
