/**
 * PyTorch's `.bin` before 1.6: five pickles one after the other (magic number, protocol, system, the object, the keys
 * of the storages), then each storage in that order: its count of numbers in 8 bytes, and the numbers.
 */
import { UserError } from '../../engine/errors';
import type { BinaryFile } from './binaryFile';
import { ByteCursor } from './byteCursor';
import { DTYPE_BYTES } from './dtype';
import { LARGEST_PICKLE, readPickle, type PickleRules } from './pickle';
import { tensorFileOver, type TensorFile } from './tensorFile';
import { tensorsOf, torchRules } from './torchPickle';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

export function readTorchLegacy(file: BinaryFile): TensorFile {
  const wrong = (what: string) => new UserError(`${file.name} is no intact PyTorch file: ${what}.`);
  const cursor = new ByteCursor(file, 0, Math.min(file.size, LARGEST_PICKLE));
  const { rules, storages } = torchRules(file.name);
  const plain: PickleRules = { ...rules, persistent: () => fail(wrong('its head refers to a storage')) };

  if (readPickle(cursor, plain, file.name) !== MAGIC) throw wrong('its magic number is not there');
  const protocol = readPickle(cursor, plain, file.name);
  if (protocol !== PROTOCOL) throw wrong(`its protocol is not ${PROTOCOL}`);
  const system = readPickle(cursor, plain, file.name);
  if (!(system instanceof Map) || system.get('little_endian') !== true) throw wrong('it is not little-endian');
  const root = readPickle(cursor, rules, file.name);
  const keys = readPickle(cursor, plain, file.name);
  if (!Array.isArray(keys)) throw wrong('the keys of its storages are missing');

  const offsets = new Map<string, number>();
  let position = cursor.position;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw wrong('one of its storages belongs to no tensor');
    const count = new ByteCursor(file, position, file.size).uint64();
    if (count !== storage.count) throw wrong(`storage ${storage.key} has ${count} numbers instead of ${storage.count}`);
    offsets.set(storage.key, position + 8);
    position += 8 + count * DTYPE_BYTES[storage.dtype];
    if (position > file.size)
      throw wrong(`it is cut off: storage ${storage.key} ends at byte ${position}, the file at ${file.size}`);
  }
  const offsetOf = ({ key }: { key: string }) => offsets.get(key) ?? fail(wrong(`storage ${key} is missing`));
  return tensorFileOver(file, tensorsOf(root, offsetOf, file.name));
}

function fail(error: UserError): never {
  throw error;
}
