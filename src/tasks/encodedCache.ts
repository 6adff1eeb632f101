/**
 * Encoded sets on disk, keyed by what they were made from: examples, task, settings, tokenizer. Everything in them is
 * whole numbers, so a file is one Int32Array behind a checksum; a damaged file is encoded anew.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../engine/atomicFile';
import { messageOf } from '../engine/errors';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { EncodedExample, Target } from './batch';
import type { QuestionWindow } from './questionAnswering';
import { encodeAll, type Task } from './task';

/** Raise when encoding or the file's layout changes. */
const layoutVersion = 2;
const checksumBytes = 32;

export interface EncodedCache {
  /** For example `$FUN_HOME/encoded`. */
  readonly folder: string;
  /** What tells this tokenizer from others of the same kind: the model's name and revision, or its file's hash. */
  readonly tokenizerId: string;
}

/** `encodeAll`, from the cache when the same was encoded before. A cache that cannot be written is not an error. */
export function encodeCached<Example, Settings, Encoded extends EncodedExample>(
  task: Pick<Task<Example, Settings, Encoded, never, never>, 'name' | 'encode'>,
  examples: readonly Example[],
  tokenizer: Tokenizer,
  settings: Settings,
  { folder, tokenizerId }: EncodedCache,
): Encoded[] {
  const { kind, template, special, vocabularySize } = tokenizer;
  const madeFrom = [layoutVersion, task.name, settings, tokenizerId, kind, template, special, vocabularySize, examples];
  const path = join(folder, `${task.name}-${sha256(JSON.stringify(madeFrom)).toString('hex').slice(0, 32)}.bin`);
  const stored = read(path);
  if (stored) return stored as Encoded[];
  const encoded = encodeAll(task, examples, tokenizer, settings);
  write(path, encoded);
  return encoded;
}

function read(path: string): EncodedExample[] | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return undefined;
  }
  const content = file.subarray(checksumBytes);
  if (!sha256(content).equals(file.subarray(0, checksumBytes))) return undefined;
  // Copied, since the words must start at a multiple of four bytes.
  return unpack(new Int32Array(Uint8Array.from(content).buffer));
}

function write(path: string, encoded: readonly EncodedExample[]): void {
  const content = Buffer.from(pack(encoded).buffer);
  try {
    writeWhole(path, Buffer.concat([sha256(content), content]));
  } catch (error) {
    process.emitWarning(`The encoded set was not cached: ${messageOf(error)}`);
  }
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

/** [n], then per example: id, source, sequences [n, ids, typeIds]…, target, spans or −1. */
export function pack(encoded: readonly EncodedExample[]): Int32Array {
  const parts: (Int32Array | number[])[] = [[encoded.length]];
  for (const example of encoded) {
    parts.push([example.id, example.source, example.sequences.length]);
    for (const { ids, typeIds } of example.sequences) parts.push([ids.length], ids, typeIds);
    parts.push(...packTarget(example.target));
    const { spans } = example as Partial<QuestionWindow>;
    if (spans) parts.push([spans.starts.length], spans.starts, spans.ends);
    else parts.push([-1]);
  }
  const words = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    words.set(part, at);
    at += part.length;
  }
  return words;
}

function packTarget(target: Target): (Int32Array | number[])[] {
  switch (target.kind) {
    case 'class':
      return [[0, target.label]];
    case 'span':
      return [[1, target.start, target.end]];
    case 'tokens':
      return [[2, target.positions.length], target.positions, target.labels];
  }
}

/** The inverse of `pack`. */
export function unpack(words: Int32Array): EncodedExample[] {
  let at = 0;
  const next = (): number => words[at++]!;
  const array = (length: number): Int32Array => words.slice(at, (at += length));
  const target = (): Target => {
    const kind = next();
    if (kind === 0) return { kind: 'class', label: next() };
    if (kind === 1) return { kind: 'span', start: next(), end: next() };
    const length = next();
    return { kind: 'tokens', positions: array(length), labels: array(length) };
  };
  return Array.from({ length: next() }, () => {
    const [id, source, sequenceCount] = [next(), next(), next()];
    const sequences = Array.from({ length: sequenceCount }, () => {
      const length = next();
      return { ids: array(length), typeIds: array(length) };
    });
    const example = { id, source, sequences, target: target() };
    const length = next();
    return length === -1 ? example : { ...example, spans: { starts: array(length), ends: array(length) } };
  });
}
