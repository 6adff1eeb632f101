/**
 * Writing PyTorch's `.bin`: a dictionary of contiguous float tensors, each with a storage of its own. The Python
 * libraries load this file unless they are told to take safetensors.
 */
import * as fs from 'node:fs';
import { zipSync, type Zippable } from 'fflate';
import { writeAtomically } from '../../engine/atomicFile';
import { encode } from './dtype';
import { elementCount, rowMajor } from './tensorFile';

const STORAGES = { F32: 'FloatStorage', F16: 'HalfStorage', BF16: 'BFloat16Storage' } as const;

/** Pickle opcodes of protocol 2. */
const OP = {
  PROTO: 0x80,
  STOP: 0x2e,
  MARK: 0x28,
  EMPTY_DICT: 0x7d,
  SETITEMS: 0x75,
  TUPLE: 0x74,
  GLOBAL: 0x63,
  REDUCE: 0x52,
  BINPERSID: 0x51,
  BINUNICODE: 0x58,
  BININT: 0x4a,
  NEWFALSE: 0x89,
} as const;

export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Writes the tensors as `torch.save` of a state dictionary does. For adapters and heads: all is in memory at once. */
export function writeTorchZip(
  path: string,
  tensors: ReadonlyMap<string, FloatTensor>,
  floats: keyof typeof STORAGES = 'F32',
): void {
  const entries: Zippable = {
    'archive/data.pkl': pickled(tensors, STORAGES[floats]),
    'archive/byteorder': Buffer.from('little'),
  };
  [...tensors.values()].forEach(({ data }, key) => (entries[`archive/data/${key}`] = encode(data, floats)));
  entries['archive/version'] = Buffer.from('3\n');
  const bytes = zipSync(entries, { level: 0 }); // stored, as PyTorch reads its entries by offset
  writeAtomically(path, (descriptor) => fs.writeFileSync(descriptor, bytes));
}

/** The dictionary name → `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`. */
function pickled(tensors: ReadonlyMap<string, FloatTensor>, storage: string): Buffer {
  const parts: Buffer[] = [];
  const op = (...codes: number[]) => parts.push(Buffer.from(codes));
  const global = (module: string, name: string) =>
    parts.push(Buffer.of(OP.GLOBAL), Buffer.from(`${module}\n${name}\n`));
  const counted = (code: number, value: number) => {
    const bytes = Buffer.alloc(5, code);
    bytes.writeInt32LE(value, 1);
    parts.push(bytes);
  };
  const text = (value: string) => {
    counted(OP.BINUNICODE, Buffer.byteLength(value));
    parts.push(Buffer.from(value));
  };
  const integers = (values: readonly number[]) => {
    op(OP.MARK);
    for (const value of values) counted(OP.BININT, value);
    op(OP.TUPLE);
  };

  op(OP.PROTO, 2, OP.EMPTY_DICT, OP.MARK);
  [...tensors].forEach(([name, { shape }], key) => {
    text(name);
    global('torch._utils', '_rebuild_tensor_v2');
    op(OP.MARK, OP.MARK);
    text('storage');
    global('torch', storage);
    text(String(key));
    text('cpu');
    counted(OP.BININT, elementCount(shape, name));
    op(OP.TUPLE, OP.BINPERSID);
    counted(OP.BININT, 0);
    integers(shape);
    integers(rowMajor(shape));
    op(OP.NEWFALSE);
    global('collections', 'OrderedDict');
    op(OP.MARK, OP.TUPLE, OP.REDUCE, OP.TUPLE, OP.REDUCE);
  });
  op(OP.SETITEMS, OP.STOP);
  return Buffer.concat(parts);
}
