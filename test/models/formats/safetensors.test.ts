import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/engine/errors';
import { binaryFileOf } from '../../../src/models/formats/binaryFile';
import { readTensorFile } from '../../../src/models/formats/openTensorFile';
import { openSafetensors, readSafetensors, writeSafetensors } from '../../../src/models/formats/safetensors';
import { floatBytes, safetensorsBytes } from './samples';
import { temporaryFolder } from '../../temporaryFolder';

const folder = temporaryFolder();
const readBytes = (bytes: Uint8Array) => readSafetensors(binaryFileOf(bytes, 'sample'));
const f32 = (shape: number[], begin: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

describe('writing and reading', () => {
  const tensors = new Map([
    ['b.weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 4, 5, 65504) }],
    ['a.ids', { shape: [2], data: Int32Array.of(-7, 9) }],
    ['empty', { shape: [0, 4], data: new Float32Array(0) }],
    ['scalar', { shape: [], data: Float32Array.of(0.25) }],
  ]);

  test.each(['F32', 'F16', 'BF16'] as const)('what was written as %s is read back', (floats) => {
    const file = path.join(folder, floats, 'x.safetensors');
    writeSafetensors(file, tensors, { floats, metadata: { format: 'pt' } });
    const read = openSafetensors(file);
    expect(read.names()).toEqual(['a.ids', 'b.weight', 'empty', 'scalar']);
    expect(read.info('b.weight')).toEqual({ dtype: floats, shape: [2, 3] });
    expect(read.info('a.ids').dtype).toBe('I64');
    expect(read.read('a.ids')).toEqual({ data: Int32Array.of(-7, 9), shape: [2] });
    expect(read.read('b.weight').data).toEqual(
      floats === 'BF16' ? Float32Array.of(1, -2, 3.5, 4, 5, 65536) : tensors.get('b.weight')!.data,
    );
    expect(read.readRows('b.weight', 1, 2).data.slice(0, 2)).toEqual(Float32Array.of(4, 5));
    expect(read.read('empty')).toEqual({ data: new Float32Array(0), shape: [0, 4] });
    expect(read.read('scalar').data).toEqual(Float32Array.of(0.25));
    read.close();
    expect(fs.readdirSync(path.dirname(file))).toEqual(['x.safetensors']); // no temporary file is left
  });

  test('a header whose length begins with the bytes of a zip, or of a pickle, is no other format', () => {
    for (const length of [0x4b50, 0x028a80]) {
      const one = { x: f32([1], 0, 4) };
      const room = length - JSON.stringify({ __metadata__: { pad: '' }, ...one }).length;
      const bytes = safetensorsBytes({ __metadata__: { pad: ' '.repeat(room) }, ...one }, floatBytes(7));
      expect([...readTensorFile(binaryFileOf(bytes, 'sample')).read('x').data]).toEqual([7]);
    }
  });

  test('a failed write leaves the old file as it was', () => {
    const file = path.join(folder, 'kept.safetensors');
    writeSafetensors(file, new Map([['x', { shape: [1], data: Float32Array.of(1) }]]));
    expect(() => writeSafetensors(file, new Map([['x', { shape: [2], data: Float32Array.of(1) }]]))).toThrow(
      '1 numbers',
    );
    expect(openSafetensors(file).read('x').data).toEqual(Float32Array.of(1));
  });

  test('a name that is not there is answered with names that are', () => {
    const file = readBytes(safetensorsBytes({ 'x.weight': f32([1], 0, 4) }, floatBytes(1)));
    expect(() => file.read('y.weight')).toThrow('sample has no tensor "y.weight". It has 1, such as x.weight.');
    expect(() => file.readRows('x.weight', 0, 2)).toThrow('rows 0 to 2 do not exist');
  });

  test('a file over 4 GiB is read by offset', () => {
    // sparse: it takes no room on the disk
    const rows = 1_200_000;
    const file = path.join(folder, 'large.safetensors');
    const head = safetensorsBytes({ table: f32([rows, 1024], 0, rows * 4096) }, new Uint8Array(0));
    const descriptor = fs.openSync(file, 'w');
    fs.writeSync(descriptor, head);
    fs.writeSync(descriptor, floatBytes(1.5, 2.5), 0, 8, head.length + (rows - 1) * 4096);
    fs.ftruncateSync(descriptor, head.length + rows * 4096);
    fs.closeSync(descriptor);
    const read = openSafetensors(file);
    expect(read.info('table').shape).toEqual([rows, 1024]);
    expect(read.readRows('table', rows - 1, rows).data.slice(0, 3)).toEqual(Float32Array.of(1.5, 2.5, 0));
    read.close();
    fs.rmSync(file);
  });
});

describe('damaged files say what is wrong', () => {
  const data = floatBytes(1, 2);
  test.each<[string, Uint8Array, string]>([
    ['no header', new Uint8Array(3), 'it has 3 bytes'],
    ['huge header', Buffer.from('ffffffffffffff0f7b7d', 'hex'), 'over the limit of 100000000'],
    ['header over the end', safetensorsBytes({}, data).subarray(0, 9), 'its header says 2 bytes'],
    ['no JSON', Buffer.from('0200000000000000' + '7b5b', 'hex'), 'its header is not JSON'],
    [
      'unknown dtype',
      safetensorsBytes({ x: { ...f32([2], 0, 8), dtype: 'F8_E5M2' } }, data),
      'has the dtype "F8_E5M2"',
    ],
    ['size and shape differ', safetensorsBytes({ x: f32([3], 0, 8) }, data), 'needs 12 bytes and has 8'],
    ['negative shape', safetensorsBytes({ x: f32([-2], 0, 8) }, data), 'has no shape'],
    ['huge shape', safetensorsBytes({ x: f32([2 ** 40, 2 ** 40], 0, 8) }, data), 'its shape is'],
    ['overlap', safetensorsBytes({ x: f32([2], 0, 8), y: f32([1], 4, 8) }, data), '"y" overlaps'],
    ['gap', safetensorsBytes({ y: f32([1], 4, 8) }, data), 'a gap of 4 bytes before "y"'],
    ['cut off', safetensorsBytes({ x: f32([2], 0, 8), y: f32([1], 8, 12) }, data), 'it is cut off'],
    ['rest', safetensorsBytes({ x: f32([1], 0, 4) }, data), '4 bytes at its end belong to no tensor'],
  ])('%s', (_, bytes, message) => {
    expect(() => readBytes(bytes)).toThrow(UserError);
    expect(() => readBytes(bytes)).toThrow(message);
  });
});
