/** Small files of each weight format, made here byte by byte, so that the readers are tested without Python. */
import { crc32 } from 'node:zlib';

export interface Sample {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const text = (s: string) => Buffer.from(s, 'utf8');
const u16 = (n: number) => Buffer.from(Uint16Array.of(n).buffer);
const u32 = (n: number) => Buffer.from(Uint32Array.of(n).buffer);
const u64 = (n: number) => Buffer.from(BigUint64Array.of(BigInt(n)).buffer);
const opcode = (...bytes: number[]) => Buffer.from(bytes);

/** A safetensors file from a header and its numbers. */
export function safetensorsBytes(header: object, data: Uint8Array): Buffer {
  const json = text(JSON.stringify(header));
  return Buffer.concat([u64(json.length), json, data]);
}

/** An archive of stored entries. `wide` writes zip64 fields and a zip64 end record, as PyTorch does for large files. */
export function zipBytes(entries: Record<string, Uint8Array>, { wide }: { wide?: 'zip64' } = {}): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const label = text(name);
    const sum = typeof crc32 === 'function' ? crc32(content) : 0;
    const sizes = Buffer.concat([u32(sum), u32(content.length), u32(content.length)]);
    const local = [u32(0x04034b50), u16(20), u16(0), u16(0), u32(0), sizes, u16(label.length), u16(0), label];
    const file = Buffer.concat([...local, content]);
    const extra = wide
      ? Buffer.concat([u16(1), u16(24), u64(content.length), u64(content.length), u64(offset)])
      : Buffer.alloc(0);
    const numbers = wide ? [u32(sum), u32(0xffffffff), u32(0xffffffff)] : [sizes];
    directory.push(
      Buffer.concat([u32(0x02014b50), u16(20), u16(20), u16(0), u16(0), u32(0), ...numbers, u16(label.length)]),
      Buffer.concat([u16(extra.length), u16(0), u16(0), u16(0), u32(0), u32(wide ? 0xffffffff : offset), label, extra]),
    );
    files.push(file);
    offset += file.length;
  }
  const list = Buffer.concat(directory);
  const count = Object.keys(entries).length;
  const wideEnd = wide
    ? Buffer.concat([
        u32(0x06064b50),
        u64(44),
        u16(45),
        u16(45),
        u32(0),
        u32(0),
        u64(count),
        u64(count),
        u64(list.length),
        u64(offset),
      ])
    : Buffer.alloc(0);
  const locator = wide ? Buffer.concat([u32(0x07064b50), u32(0), u64(offset + list.length), u32(1)]) : Buffer.alloc(0);
  const place = wide
    ? [u16(0xffff), u16(0xffff), u32(0xffffffff), u32(0xffffffff)]
    : [u16(count), u16(count), u32(list.length), u32(offset)];
  return Buffer.concat([...files, list, wideEnd, locator, u32(0x06054b50), u16(0), u16(0), ...place, u16(0)]);
}

/** Pickle opcodes (protocol 2) for the values that a state dictionary has. */
export const pickle = {
  start: opcode(0x80, 2),
  stop: opcode(0x2e),
  text: (s: string) => Buffer.concat([opcode(0x58), u32(text(s).length), text(s)]),
  global: (module: string, name: string) => Buffer.concat([opcode(0x63), text(`${module}\n${name}\n`)]),
  int: (n: number) => Buffer.concat([opcode(0x4a), u32(n)]),
  long: (bytes: Uint8Array) => Buffer.concat([opcode(0x8a, bytes.length), bytes]),
  none: opcode(0x4e),
  yes: opcode(0x88),
  tuple: (...items: Buffer[]) => Buffer.concat([opcode(0x28), ...items, opcode(0x74)]),
  list: (...items: Buffer[]) => Buffer.concat([opcode(0x5d, 0x28), ...items, opcode(0x65)]),
  dict: (...pairs: Buffer[]) => Buffer.concat([opcode(0x7d, 0x28), ...pairs, opcode(0x75)]),
  setItems: (...pairs: Buffer[]) => Buffer.concat([opcode(0x28), ...pairs, opcode(0x75)]),
  call: (made: Buffer, args: Buffer) => Buffer.concat([made, args, opcode(0x52)]),
  build: (state: Buffer) => Buffer.concat([state, opcode(0x62)]),
  persistent: (id: Buffer) => Buffer.concat([id, opcode(0x51)]),
};

/** The pickled description of a tensor; `legacy` storages have one more field, `metadata` is the tensor's. */
export function tensorPickle(
  storage: { key: string; type: string; count: number; legacy?: 'legacy' },
  shape: readonly number[],
  strides: readonly number[],
  start = 0,
  metadata?: Buffer,
): Buffer {
  const { text, tuple, int, none, global, call, persistent } = pickle;
  const fields = [text('storage'), global('torch', storage.type), text(storage.key), text('cpu'), int(storage.count)];
  const id = tuple(...fields, ...(storage.legacy ? [none] : []));
  const numbers = (values: readonly number[]) => tuple(...values.map(int));
  const hooks = call(global('collections', 'OrderedDict'), tuple());
  return call(
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(
      ...[persistent(id), int(start), numbers(shape), numbers(strides), opcode(0x89), hooks],
      ...(metadata ? [metadata] : []),
    ),
  );
}

/** A file as torch.save wrote it before 1.6: five pickles (in frames from protocol 4 on), then the storages. */
export function legacyBytes(
  object: Buffer,
  storages: { key: string; count: number; bytes: Uint8Array }[],
  protocol = 2,
): Buffer {
  const one = (value: Buffer) => {
    const frame = protocol < 4 ? [] : [opcode(0x95), u64(value.length + 1)];
    return Buffer.concat([opcode(0x80, protocol), ...frame, value, pickle.stop]);
  };
  const magic = Buffer.from('6cfc9c46f9206aa85019', 'hex');
  return Buffer.concat([
    one(pickle.long(magic)),
    one(pickle.int(1001)),
    one(pickle.dict(pickle.text('little_endian'), pickle.yes)),
    one(object),
    one(pickle.list(...storages.map(({ key }) => pickle.text(key)))),
    ...storages.flatMap(({ count, bytes }) => [u64(count), Buffer.from(bytes)]),
  ]);
}

/** A zip as torch.save writes it now. */
export function torchZipBytes(
  object: Buffer,
  storages: Record<string, Uint8Array>,
  options: { wide?: 'zip64' } = {},
): Buffer {
  const data = Object.fromEntries(Object.entries(storages).map(([key, bytes]) => [`model/data/${key}`, bytes]));
  const root = Buffer.concat([pickle.start, object, pickle.stop]);
  return zipBytes(
    { 'model/data.pkl': root, 'model/byteorder': text('little'), ...data, 'model/version': text('3\n') },
    options,
  );
}

export const floatBytes = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
