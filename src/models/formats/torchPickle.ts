/**
 * What a pickle of PyTorch tensors may ask for, and what we make of it: descriptions of where each tensor lies in which
 * storage. The list is closed; `torch.load(weights_only=True)` has the same idea and a longer list.
 */
import { UserError } from '../../engine/errors';
import { DTYPE_BYTES, type Dtype } from './dtype';
import type { PickleConstructor, PickleObject, PickleRules, PickleValue } from './pickle';
import { elementCount, type StoredTensor } from './tensorFile';

const STORAGE_DTYPES: Readonly<Record<string, Dtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** A named array of numbers in the file; tensors are views of it. */
export interface TorchStorage extends PickleObject {
  readonly kind: 'storage';
  readonly key: string;
  readonly dtype: Dtype;
  /** Numbers, not bytes. */
  readonly count: number;
}

interface TorchTensor extends PickleObject {
  readonly kind: 'tensor';
  readonly storage: TorchStorage;
  readonly start: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

interface StorageType extends PickleObject {
  readonly kind: 'storageType';
  readonly dtype: Dtype;
}

/** The rules for one file, and the storages that it named while it was read. */
export function torchRules(fileName: string): { rules: PickleRules; storages: Map<string, TorchStorage> } {
  const storages = new Map<string, TorchStorage>();
  const wrong = (what: string) => new UserError(`${fileName} is no intact PyTorch file: ${what}.`);

  const rebuildTensor = (args: PickleValue[]): TorchTensor => {
    const [storage, start, shape, strides, , , metadata = null] = args;
    if (!isKind<TorchStorage>(storage, 'storage') || !isCount(start) || !isCounts(shape) || !isCounts(strides)) {
      throw wrong('a tensor is described by what is none');
    }
    if (metadata !== null && !(metadata instanceof Map && metadata.size === 0)) {
      throw new UserError(
        `${fileName} has a tensor that is to be negated or conjugated when it is read, which is not implemented. ` +
          `Save it from Python after resolve_neg() and resolve_conj().`,
      );
    }
    if (shape.length !== strides.length)
      throw wrong(`a tensor has ${shape.length} dimensions and ${strides.length} strides`);
    const count = elementCount(shape, fileName);
    const last = count === 0 ? -1 : shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, start);
    // count ≤ storage: an expanded view could otherwise ask for any amount of memory
    if (last >= storage.count || count > storage.count) {
      throw wrong(`a tensor [${shape.join(', ')}] does not fit into its storage of ${storage.count} numbers`);
    }
    return { kind: 'tensor', storage, start, shape, strides };
  };

  const constructors: Readonly<Record<string, (args: PickleValue[]) => PickleValue>> = {
    'collections.OrderedDict': (args) => {
      if (args.length === 0) return new Map();
      throw new UserError(
        `${fileName} makes an OrderedDict from a list, as Python 2 wrote it, which is not implemented. ` +
          `Load and save it once with torch in Python 3.`,
      );
    },
    'torch._utils._rebuild_tensor': rebuildTensor,
    'torch._utils._rebuild_tensor_v2': rebuildTensor,
    'torch._utils._rebuild_parameter': ([tensor]) => {
      if (!isKind<TorchTensor>(tensor, 'tensor')) throw wrong('a parameter is made from what is no tensor');
      return tensor;
    },
  };

  const global = (name: string): PickleObject => {
    const storage = /^torch(?:\.cuda)?\.(\w+)$/.exec(name)?.[1];
    if (storage !== undefined && Object.hasOwn(STORAGE_DTYPES, storage)) {
      return { kind: 'storageType', dtype: STORAGE_DTYPES[storage]! } as StorageType;
    }
    if (Object.hasOwn(constructors, name)) {
      return { kind: 'constructor', call: constructors[name]! } as PickleConstructor;
    }
    throw new UserError(
      `${fileName} asks for "${name.slice(0, 200)}", which tensors do not need, and was refused; nothing of it was run. ` +
        `Allowed: ${Object.keys(constructors).join(', ')} and torch.{${Object.keys(STORAGE_DTYPES).join(', ')}}.`,
    );
  };

  const persistent = (id: PickleValue): TorchStorage => {
    if (!Array.isArray(id) || id[0] !== 'storage') throw wrong('it refers to something outside that is no storage');
    const [, type, key, , count, view] = id;
    if (!isKind<StorageType>(type, 'storageType') || typeof key !== 'string' || !isCount(count)) {
      throw wrong('a storage is not described');
    }
    if (view !== undefined && view !== null)
      throw wrong(`storage ${key} is a view of another one, which is not read here`);
    const known = storages.get(key);
    if (known !== undefined && (known.dtype !== type.dtype || known.count !== count)) {
      throw wrong(`storage ${key} is described twice, differently`);
    }
    const storage: TorchStorage = known ?? { kind: 'storage', key, dtype: type.dtype, count };
    storages.set(key, storage);
    return storage;
  };

  return { rules: { global, persistent }, storages };
}

/**
 * The tensors of an unpickled state dictionary, given the byte offset of each storage. Other values (an epoch, options)
 * are passed over; a file without any tensor at its top level is an error that says what it has instead.
 */
export function tensorsOf(root: PickleValue, offsetOf: (storage: TorchStorage) => number, fileName: string) {
  if (!(root instanceof Map)) throw new UserError(`${fileName} holds no dictionary of tensors.`);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of root) {
    if (typeof name !== 'string' || !isKind<TorchTensor>(value, 'tensor')) continue;
    const { storage, start, shape, strides } = value;
    const offset = offsetOf(storage) + start * DTYPE_BYTES[storage.dtype];
    tensors.set(name, { dtype: storage.dtype, shape, strides, offset });
  }
  if (tensors.size === 0 && root.size > 0) {
    const keys = [...root.keys()]
      .slice(0, 5)
      .map((key) => (typeof key === 'string' ? key.slice(0, 80) : typeof key))
      .join(', ');
    throw new UserError(
      `${fileName} has no tensors at its top level; it has: ${keys}. A plain state_dict is expected.`,
    );
  }
  return tensors;
}

function isKind<T extends PickleObject>(value: PickleValue | undefined, kind: T['kind']): value is T {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isCounts(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 32 && value.every(isCount);
}
