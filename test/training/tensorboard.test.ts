/** A run's event files, read back: TFRecord frames, whose payloads hold tags and float values. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import type { TrainingEvent } from '../../src/training/events';
import { eventFiles } from '../../src/training/tensorboard';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-tensorboard-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Frames: length (8 bytes), its checksum (4), payload, its checksum (4). */
function payloads(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    found.push(file.subarray(at + 12, at + 12 + length));
    at += 16 + length;
  }
  return found;
}

const step = (index: number): TrainingEvent => ({
  type: 'step',
  step: index,
  loss: 1 / (index + 1),
  learningRate: 1e-3,
  gradNorm: 2,
  open: [3, 2],
  tokensPerSecond: 1000,
  secondsLeft: 1,
});

test('every kind of value is in the file, under its tag', () => {
  const files = eventFiles(folder);
  const before = tf.memory().numTensors;
  for (let i = 0; i < 20; i++) files.write(step(i));
  const trace = (layer: number) => ({ layer, trace: layer / 10, standardError: 0, trainable: true });
  files.write({ type: 'fisher', step: 4, traces: [trace(0), trace(11)] });
  files.write({ type: 'validation', step: 5, metrics: { accuracy: 61 } });
  files.write({ type: 'done', step: 20, seconds: 1 });
  const [name] = readdirSync(folder);
  const records = payloads(readFileSync(join(folder, name!)));
  const tagged = (tag: string) => records.filter((record) => record.includes(tag)).length;
  expect(tagged('train/loss')).toBe(20);
  expect(tagged('train/learning rate')).toBe(20);
  expect(tagged('trace of F/layer 00')).toBe(1);
  expect(tagged('trace of F/layer 11')).toBe(1);
  expect(tagged('validation/accuracy')).toBe(1);
  expect(tf.memory().numTensors).toBe(before);
});
