/** Encodings are cached under the hash of the tokenizer's files: other files, another hash. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tokenizerHash } from '../../src/tokenizers/loadTokenizer';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-tokenizer-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('changes with the vocabulary and with the configuration, and with nothing else', () => {
  writeFileSync(join(folder, 'vocab.txt'), '[PAD]\none\ntwo\n');
  const first = tokenizerHash(folder);
  writeFileSync(join(folder, 'README.md'), 'a model');
  expect(tokenizerHash(folder)).toBe(first);
  writeFileSync(join(folder, 'vocab.txt'), '[PAD]\ntwo\none\n');
  const second = tokenizerHash(folder);
  writeFileSync(join(folder, 'tokenizer_config.json'), '{"do_lower_case": false}');
  expect(new Set([first, second, tokenizerHash(folder)]).size).toBe(3);
});
