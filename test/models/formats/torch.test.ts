import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/engine/errors';
import { binaryFileOf } from '../../../src/models/formats/binaryFile';
import { openTensorFile, openWeights, readTensorFile } from '../../../src/models/formats/openTensorFile';
import { writeSafetensors } from '../../../src/models/formats/safetensors';
import { adapterFolder, fixturesExist, fixturesTitle, modelKinds } from './fixtureFolder';
import { floatBytes, legacyBytes, pickle, tensorPickle, torchZipBytes, zipBytes } from './samples';
import { temporaryFolder } from '../../temporaryFolder';

const folder = temporaryFolder();
const read = (bytes: Uint8Array) => readTensorFile(binaryFileOf(bytes, 'sample'));
const six = floatBytes(1, 2, 3, 4, 5, 6);
const storage = { key: '0', type: 'FloatStorage', count: 6 };
const matrix = tensorPickle(storage, [2, 3], [3, 1]);
const dictionary = (...pairs: Buffer[]) => pickle.dict(...pairs);

describe('both containers', () => {
  const containers = {
    zip: torchZipBytes(dictionary(pickle.text('w'), matrix), { 0: six }),
    zip64: torchZipBytes(dictionary(pickle.text('w'), matrix), { 0: six }, { wide: 'zip64' }),
    legacy: legacyBytes(dictionary(pickle.text('w'), tensorPickle({ ...storage, legacy: 'legacy' }, [2, 3], [3, 1])), [
      { key: '0', count: 6, bytes: six },
    ]),
  };
  test.each(Object.entries(containers))('%s', (_, bytes) => {
    const file = read(bytes);
    expect(file.names()).toEqual(['w']);
    expect(file.info('w')).toEqual({ dtype: 'F32', shape: [2, 3] });
    expect([...file.read('w').data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...file.readRows('w', 1, 2).data]).toEqual([4, 5, 6]);
  });

  test.each([3, 4, 5])('legacy with pickles of protocol %i', (protocol) => {
    const tensor = tensorPickle({ ...storage, legacy: 'legacy' }, [2, 3], [3, 1]);
    const bytes = legacyBytes(dictionary(pickle.text('w'), tensor), [{ key: '0', count: 6, bytes: six }], protocol);
    expect([...read(bytes).read('w').data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('views: a transpose, a column and two tensors of one storage', () => {
    const file = read(
      torchZipBytes(
        dictionary(
          ...[pickle.text('transposed'), tensorPickle(storage, [3, 2], [1, 3])],
          ...[pickle.text('column'), tensorPickle(storage, [2], [3], 1)],
          ...[pickle.text('tied'), matrix],
        ),
        { 0: six },
      ),
    );
    expect([...file.read('transposed').data]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...file.readRows('transposed', 1, 3).data]).toEqual([2, 5, 3, 6]);
    expect([...file.read('column').data]).toEqual([2, 5]);
    expect([...file.read('tied').data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('mixed halves and floats in one file, parameters, an OrderedDict with attributes', () => {
    const half = tensorPickle({ key: 'h', type: 'HalfStorage', count: 2 }, [2], [1]);
    const parameter = pickle.call(
      pickle.global('torch._utils', '_rebuild_parameter'),
      pickle.tuple(matrix, pickle.yes, pickle.none),
    );
    const root = Buffer.concat([
      pickle.call(pickle.global('collections', 'OrderedDict'), pickle.tuple()),
      pickle.setItems(
        pickle.text('half'),
        half,
        pickle.text('parameter'),
        parameter,
        pickle.text('epoch'),
        pickle.int(3),
      ),
      pickle.build(pickle.dict(pickle.text('_metadata'), pickle.none)),
    ]);
    const file = read(torchZipBytes(root, { 0: six, h: Uint8Array.of(0, 0x3c, 0, 0xc0) }));
    expect(file.names()).toEqual(['half', 'parameter']);
    expect(file.info('half').dtype).toBe('F16');
    expect([...file.read('half').data]).toEqual([1, -2]);
    expect([...file.read('parameter').data]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('what a pickle must not ask for is refused by its name, and nothing is run', () => {
  test.each([
    ['os', 'system'],
    ['builtins', 'eval'],
    ['torch.storage', '_load_from_bytes'],
    ['torch', 'load'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['constructor', 'prototype'],
    ['__proto__', 'toString'],
  ])('%s.%s', (module, name) => {
    const evil = pickle.call(pickle.global(module, name), pickle.tuple(pickle.text('touch owned')));
    for (const bytes of [torchZipBytes(evil, {}), legacyBytes(evil, [])]) {
      expect(() => read(bytes)).toThrow(UserError);
      expect(() => read(bytes)).toThrow(`asks for "${module}.${name}", which tensors do not need`);
    }
  });

  test('by STACK_GLOBAL of later protocols too', () => {
    const evil = Buffer.concat([pickle.text('posix'), pickle.text('system'), Buffer.of(0x93)]);
    expect(() => read(torchZipBytes(evil, {}))).toThrow('asks for "posix.system"');
  });
});

describe('damaged files say what is wrong', () => {
  const zip = (tensor: Buffer, bytes = six) => torchZipBytes(dictionary(pickle.text('w'), tensor), { 0: bytes });
  test.each<[string, Uint8Array, string]>([
    ['storage too short', zip(matrix, six.subarray(0, 20)), 'storage 0 needs 24 bytes and has 20'],
    ['storage missing', torchZipBytes(dictionary(pickle.text('w'), matrix), {}), 'storage 0 is missing'],
    ['tensor over its storage', zip(tensorPickle(storage, [2, 4], [3, 1])), 'does not fit into its storage'],
    ['expanded to fill memory', zip(tensorPickle(storage, [2 ** 30], [0])), 'does not fit into its storage'],
    [
      'a tensor that is to be negated',
      zip(tensorPickle(storage, [6], [1], 0, dictionary(pickle.text('neg'), pickle.yes))),
      'resolve_neg()',
    ],
    [
      'an OrderedDict of Python 2',
      torchZipBytes(pickle.call(pickle.global('collections', 'OrderedDict'), pickle.tuple(pickle.list())), {}),
      'as Python 2 wrote it',
    ],
    ['a pickle of a later protocol', Buffer.from([0x80, 6, ...Array<number>(20)]), 'protocol 6; 2 to 5 can be read'],
    ['cut off', zip(matrix).subarray(0, 200), 'no end record'],
    ['no tensors', torchZipBytes(dictionary(pickle.text('state_dict'), pickle.dict()), {}), 'it has: state_dict'],
    ['no state dictionary', zipBytes({ 'a.txt': six }), '0 entries NAME/data.pkl'],
    ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1'), 'git lfs pull'],
    ['a self-containing list', torchZipBytes(Buffer.from('5d71006800' + '61', 'hex'), {}), 'holds no dictionary'],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(UserError);
    expect(() => read(bytes)).toThrow(message);
  });

  test('names that lead out of the archive are never written anywhere', () => {
    const evil = zipBytes({ '../../escaped/data.pkl': six, '/etc/data.pkl': six });
    expect(() => read(evil)).toThrow('0 entries NAME/data.pkl');
  });

  test('a long pickle that makes only empty dictionaries ends in an error within memory', () => {
    const before = process.memoryUsage().rss;
    expect(() => read(torchZipBytes(Buffer.alloc(30_000_000, 0x7d), {}))).toThrow('more than 1000000 operations');
    expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
  });
});

describe('shards and folders', () => {
  const one = new Map([['a', { shape: [1], data: Float32Array.of(1) }]]);
  const two = new Map([['b', { shape: [2, 1], data: Float32Array.of(2, 3) }]]);

  test('tensors come from the file that the index names; others are not opened', () => {
    const model = path.join(folder, 'sharded');
    writeSafetensors(path.join(model, 'm-1.safetensors'), one);
    writeSafetensors(path.join(model, 'm-2.safetensors'), two);
    const map = { a: 'm-1.safetensors', b: 'm-2.safetensors', c: 'm-3.safetensors', d: 'm-1.safetensors' };
    fs.writeFileSync(path.join(model, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    const weights = openWeights(model);
    expect(weights.names()).toEqual(['a', 'b', 'c', 'd']);
    expect([...weights.readRows('b', 1, 2).data]).toEqual([3]);
    expect([...weights.read('a').data]).toEqual([1]);
    expect(() => weights.read('c')).toThrow('m-3.safetensors cannot be read');
    expect(() => weights.read('d')).toThrow('has no tensor "d"');
    weights.close();
  });

  test.each(['../m.safetensors', '/etc/passwd', 'a\\b', '..', 3])('an index that names %s is refused', (file) => {
    const model = path.join(folder, `bad-${String(file).length}`);
    fs.mkdirSync(model, { recursive: true });
    fs.writeFileSync(path.join(model, 'pytorch_model.bin.index.json'), JSON.stringify({ weight_map: { a: file } }));
    expect(() => openWeights(model)).toThrow('only files beside it are read');
  });

  test('a folder without weights names what it was searched for', () => {
    const empty = fs.mkdtempSync(path.join(folder, 'empty-'));
    expect(() => openWeights(empty)).toThrow(
      'Looked for: model.safetensors, model.safetensors.index.json, pytorch_model.bin',
    );
  });
});

describe.skipIf(!fixturesExist)(fixturesTitle, () => {
  const adapters = ['en', 'sw', 'en_drop_last', 'task', 'lora', 'lora16'];
  test.each(modelKinds.flatMap((kind) => adapters.map((name) => [kind, name])))(
    '%s/%s: torch.save and safetensors hold the same numbers',
    (kind, name) => {
      const bin = openTensorFile(path.join(adapterFolder(kind, name), 'pytorch_adapter.bin'));
      const safe = openTensorFile(path.join(adapterFolder(kind, name), 'adapter.safetensors'));
      expect(bin.names().sort()).toEqual(safe.names().sort());
      expect(safe.names().length).toBeGreaterThan(0);
      for (const tensor of safe.names()) expect(bin.read(tensor)).toEqual(safe.read(tensor));
    },
  );

  test.each(modelKinds)('%s: the pickle from before 1.6 holds the numbers of the new file, under old names', (kind) => {
    const old = openTensorFile(path.join(adapterFolder(kind, 'en_old_hub'), 'pytorch_adapter.bin'));
    const now = openTensorFile(path.join(adapterFolder(kind, 'en'), 'pytorch_adapter.bin'));
    const renamed = (name: string) =>
      name.replace('layer_text_lang_adapters', 'adapters').replace('invertible_lang_adapters', 'invertible_adapters');
    expect(old.names().map(renamed).sort()).toEqual(now.names().sort());
    for (const name of old.names()) expect(old.read(name)).toEqual(now.read(renamed(name)));
  });
});
