/**
 * Seeded mutations of each weight format end in a UserError or a correct read: never another error, never over 2 s,
 * never over 1 GB. FUN_FUZZ sets the number of mutations per format.
 */
import { expect, test } from 'vitest';
import { UserError } from '../../../src/engine/errors';
import { randomStream, type RandomStream } from '../../../src/engine/random';
import { binaryFileOf } from '../../../src/models/formats/binaryFile';
import { DTYPE_BYTES, isFloat } from '../../../src/models/formats/dtype';
import { readTensorFile } from '../../../src/models/formats/openTensorFile';
import { readSafetensors } from '../../../src/models/formats/safetensors';
import { readTorchLegacy } from '../../../src/models/formats/torchLegacy';
import { readTorchZip } from '../../../src/models/formats/torchZip';
import { floatBytes, legacyBytes, pickle, safetensorsBytes, tensorPickle, torchZipBytes } from './samples';

const MUTATIONS = Number(process.env.FUN_FUZZ ?? 20_000);

const numbers = floatBytes(...Array.from({ length: 24 }, (_, i) => i / 7));
const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const stateDictionary = (legacy?: 'legacy') =>
  pickle.dict(
    ...[
      pickle.text('layer.0.weight'),
      tensorPickle({ key: '0', type: 'FloatStorage', count: 12, legacy }, [3, 4], [4, 1]),
    ],
    ...[
      pickle.text('layer.0.transposed'),
      tensorPickle({ key: '0', type: 'FloatStorage', count: 12, legacy }, [4, 3], [1, 4]),
    ],
    ...[
      pickle.text('layer.1.weight'),
      tensorPickle({ key: '1', type: 'HalfStorage', count: 12, legacy }, [2, 6], [6, 1]),
    ],
    ...[pickle.text('ids'), tensorPickle({ key: '2', type: 'LongStorage', count: 3, legacy }, [3], [1])],
  );
const storages = { 0: numbers.subarray(0, 48), 1: numbers.subarray(0, 24), 2: new Uint8Array(24).fill(1, 0, 1) };
const counts = [12, 12, 3];

const formats = {
  safetensors: {
    read: readSafetensors,
    bytes: safetensorsBytes(
      {
        __metadata__: { format: 'pt' },
        a: entry('F32', [3, 4], 0, 48),
        b: entry('F16', [2, 6], 48, 72),
        c: entry('I64', [3], 72, 96),
      },
      Buffer.concat([storages[0], storages[1], storages[2]]),
    ),
  },
  'torch zip': { read: readTorchZip, bytes: torchZipBytes(stateDictionary(), storages) },
  'torch zip64': { read: readTorchZip, bytes: torchZipBytes(stateDictionary(), storages, { wide: 'zip64' }) },
  'torch legacy': {
    read: readTorchLegacy,
    bytes: legacyBytes(
      stateDictionary('legacy'),
      Object.entries(storages).map(([key, bytes], i) => ({ key, bytes, count: counts[i]! })),
    ),
  },
};

/** One to four edits: flipped bits, telling bytes, wide numbers, cuts, insertions, moved and repeated pieces. */
function mutated(original: Uint8Array, random: RandomStream): Uint8Array {
  let bytes = Uint8Array.from(original);
  for (let edits = 1 + random.integer(4); edits > 0 && bytes.length > 8; edits--) {
    const at = random.integer(bytes.length);
    const length = 1 + random.integer(Math.min(40, bytes.length - at));
    const [head, piece, tail] = [bytes.slice(0, at), bytes.slice(at, at + length), bytes.slice(at + length)];
    switch (random.integer(9)) {
      case 0:
        bytes[at]! ^= 1 << random.integer(8);
        break;
      case 1:
        bytes[at] = random.integer(256);
        break;
      case 2:
        bytes[at] = [0, 1, 0x28, 0x2e, 0x51, 0x52, 0x5d, 0x68, 0x75, 0x7d, 0x7f, 0x80, 0x93, 0xff][random.integer(14)]!;
        break;
      case 3:
        new DataView(bytes.buffer).setUint32(Math.min(at, bytes.length - 4), random.nextUint32(), true);
        break;
      case 4:
        bytes.fill(random.integer(2) * 255, at, at + Math.min(length, 8));
        break;
      case 5:
        bytes = Uint8Array.from([...head, ...tail]);
        break;
      case 6:
        bytes = Uint8Array.from([...head, ...piece, ...piece, ...tail]);
        break;
      case 7:
        bytes = random.integer(8) === 0 ? head : Uint8Array.from([...piece, ...head, ...tail]);
        break;
      default: {
        // another digit in a decimal number, as headers in JSON have them
        const digit = bytes.findIndex((byte, i) => i >= at && byte >= 0x30 && byte <= 0x39);
        if (digit >= 0) bytes[digit] = 0x30 + random.integer(10);
      }
    }
  }
  return bytes;
}

/** Reads every tensor; returns how it ended. Anything but a UserError and a whole read goes through. */
function outcome(bytes: Uint8Array, read: typeof readTensorFile): 'refused' | 'read' {
  try {
    const file = read(binaryFileOf(bytes, 'mutation'));
    for (const name of file.names()) {
      const { dtype, shape } = file.info(name);
      const { data } = file.read(name);
      expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
      expect(data.length * DTYPE_BYTES[dtype]).toBeLessThanOrEqual(bytes.length);
      expect(data instanceof Float32Array).toBe(isFloat(dtype));
    }
    return 'read';
  } catch (error) {
    if (error instanceof UserError) return 'refused';
    throw error;
  }
}

test.each(Object.entries(formats))(`%s: ${MUTATIONS} mutations`, (name, { bytes, read }) => {
  expect(outcome(bytes, read)).toBe('read');
  const random = randomStream(20, `fuzz/${name}`);
  const ends = { refused: 0, read: 0 };
  let slowest = 0;
  let memory = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const mutation = mutated(bytes, random);
    const start = performance.now();
    // every tenth also goes the way of a file whose format is not known
    ends[outcome(mutation, i % 10 === 0 ? readTensorFile : read)]++;
    slowest = Math.max(slowest, performance.now() - start);
    if (i % 100 === 0) memory = Math.max(memory, process.memoryUsage().rss);
  }
  console.log(
    `${name}: ${ends.refused} refused, ${ends.read} read, slowest ${slowest.toFixed(1)} ms, ${(memory / 1e6).toFixed(0)} MB`,
  );
  // the mutations must reach both ends, or they test nothing
  expect(Math.min(ends.refused, ends.read)).toBeGreaterThan(MUTATIONS / 100);
  expect(slowest).toBeLessThan(2000);
  expect(memory).toBeLessThan(1e9);
});
