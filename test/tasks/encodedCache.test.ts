import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeCached, pack, unpack } from '../../src/tasks/encodedCache';
import { maskedLanguageModel } from '../../src/tasks/maskedLanguageModel';
import { multipleChoice } from '../../src/tasks/multipleChoice';
import { nli } from '../../src/tasks/nli';
import { questionAnswering } from '../../src/tasks/questionAnswering';
import { encodeAll } from '../../src/tasks/task';
import { wordTokenizer } from './wordTokenizer';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-encoded-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pairs = [
  { premise: 'a b', hypothesis: 'c', label: 1 },
  { premise: 'd', hypothesis: 'e f g', label: 2 },
] as const;
const question = { id: 'q', question: 'who', context: 'x y z u v w', answers: [{ text: 'u', start: 6 }] };
const choice = { premise: 'p', choices: ['q', 'r s'], asksFor: 'cause', label: 1 } as const;

test('every kind of encoded example survives packing', () => {
  const tokenizer = wordTokenizer('bert');
  const encoded = [
    ...encodeAll(nli, pairs, tokenizer, nli.defaults),
    ...encodeAll(multipleChoice, [choice], tokenizer, multipleChoice.defaults),
    ...encodeAll(questionAnswering, [question], tokenizer, {
      ...questionAnswering.defaults,
      maxLength: 8,
      docStride: 1,
    }),
    ...encodeAll(maskedLanguageModel, [Int32Array.of(0, 10, 11, 2)], tokenizer, maskedLanguageModel.defaults),
  ];
  expect(encoded.length).toBeGreaterThan(5);
  expect(unpack(pack(encoded))).toEqual(encoded);
});

test('the second time nothing is encoded; other examples, settings or tokenizers are other files', () => {
  const tokenizer = wordTokenizer();
  const encode = vi.fn(nli.encode);
  const task = { ...nli, encode };
  const cache = { folder, tokenizerId: 'words' };
  const first = encodeCached(task, pairs, tokenizer, { maxLength: 16 }, cache);
  expect(encodeCached(task, pairs, tokenizer, { maxLength: 16 }, cache)).toEqual(first);
  expect(encode).toHaveBeenCalledTimes(2);
  encodeCached(task, pairs, tokenizer, { maxLength: 12 }, cache);
  encodeCached(task, pairs.slice(1), tokenizer, { maxLength: 16 }, cache);
  encodeCached(task, pairs, tokenizer, { maxLength: 16 }, { folder, tokenizerId: 'other' });
  encodeCached(task, pairs, wordTokenizer('bert'), { maxLength: 16 }, cache);
  expect(encode).toHaveBeenCalledTimes(9);
  expect(readdirSync(folder)).toHaveLength(5);
});

test('a damaged or cut file is encoded anew and replaced', () => {
  const tokenizer = wordTokenizer();
  const run = () => encodeCached(nli, pairs, tokenizer, nli.defaults, { folder, tokenizerId: 'words' });
  const first = run();
  const path = join(folder, readdirSync(folder)[0]!);
  const whole = readFileSync(path);
  const flipped = Uint8Array.from(whole);
  flipped[40]! ^= 1;
  for (const damaged of [flipped, whole.subarray(0, 50), Buffer.alloc(0)]) {
    writeFileSync(path, damaged);
    expect(run()).toEqual(first);
    expect(readFileSync(path)).toEqual(whole);
  }
  expect(readdirSync(folder)).toHaveLength(1);
});

test('a folder that cannot be written is a warning', () => {
  const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const cache = { folder: join(file, 'below'), tokenizerId: 'words' };
  expect(encodeCached(nli, pairs, wordTokenizer(), nli.defaults, cache)).toHaveLength(2);
  expect(warning).toHaveBeenCalledOnce();
  warning.mockRestore();
});
