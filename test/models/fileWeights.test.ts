/** A base model's weights from a file: names, shapes, and no integers for floats. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { fileWeights } from '../../src/models/fileWeights';
import { binaryFileOf } from '../../src/models/formats/binaryFile';
import { readTensorFile } from '../../src/models/formats/openTensorFile';
import { floatBytes, safetensorsBytes } from './formats/samples';

const entry = (dtype: string, begin: number, end: number) => ({ dtype, shape: [2, 4], data_offsets: [begin, end] });
const header = { 'bert.floats': entry('F32', 0, 32), 'bert.bytes': entry('I8', 32, 40) };
const bytes = safetensorsBytes(header, Buffer.concat([floatBytes(1, 2, 3, 4, 5, 6, 7, 8), Buffer.alloc(8, 3)]));
const weights = fileWeights(readTensorFile(binaryFileOf(bytes, 'sample')), 'folder');

test('floats are read whole and by row, with or without the prefix', () => {
  expect([...weights.read('bert.floats', [2, 4], 'normal')]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([...weights.table('bert.floats', [2, 4]).lookup([1])]).toEqual([5, 6, 7, 8]);
  expect(weights.has('roberta.floats')).toBe(false);
});

describe('refused', () => {
  test('integers, which are quantised weights without their scales', () => {
    const message = 'folder: "bert.bytes" holds I8 numbers, and weights are floats';
    expect(() => weights.read('bert.bytes', [2, 4], 'normal')).toThrow(UserError);
    expect(() => weights.read('bert.bytes', [2, 4], 'normal')).toThrow(message);
    expect(() => weights.table('bert.bytes', [2, 4])).toThrow(message);
  });

  test('another shape, and a tensor that is not there', () => {
    expect(() => weights.read('bert.floats', [4, 2], 'normal')).toThrow('is [2, 4]; its config.json asks for [4, 2]');
    expect(() => weights.table('bert.words', [2, 4])).toThrow('folder has no tensor "bert.words"');
  });
});
