/** A language adapter trained here is loaded by the adapters library, and gives the same hidden states there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { saveAdapter } from '../../src/models/adapterFiles';
import { AdapterModel } from '../../src/models/adapterModel';
import { openFolder } from '../../src/models/baseModel';
import { transformMaskedLmHead } from '../../src/models/maskedLmHead';
import { hashingTokenizer } from '../../src/tokenizers/hashing';
import { packText, seqBnInv, trainLanguageAdapter } from '../../src/training/languageAdapter';
import { hasParity, kinds, parityFolder, readFixture } from '../parity/fixture';
import { goldenBatch } from '../parity/goldenModel';

const python = process.env.FUN_PARITY_PYTHON;
const skip = python === undefined || !hasParity;

interface Checked {
  readonly status: number;
  readonly output: { readonly layers: readonly { sum: number; abs: number }[] };
}

describe.skipIf(skip)(`adapters library${skip ? ' (skipped: run it by npm run test:parity)' : ''}`, () => {
  test.each(kinds)(
    '%s: trained, saved, loaded in Python: the same hidden states in every layer',
    async (kind) => {
      const folder = mkdtempSync(join(tmpdir(), 'fun-language-'));
      const fixture = join(parityFolder, kind);
      const encoder = openFolder(fixture);
      const model = new AdapterModel(kind, encoder);
      model.addLanguageAdapter('sw', seqBnInv, 2);
      model.activate({ language: 'sw' });
      const tokenizer = hashingTokenizer(encoder.config.vocabularySize);
      const lines = Array.from({ length: 60 }, (_, i) => `na w${i % 7} na w${i % 5} na w${i % 3}`);
      const head = transformMaskedLmHead(encoder);
      const events = trainLanguageAdapter({
        ...{ model, head, tokenizer, text: packText({ train: lines, validation: lines.slice(0, 5) }, tokenizer, 16) },
        settings: {
          ...{ steps: 5, batchSize: 4, learningRate: 1e-2, maskProbability: 0.15, candidates: 'all', seed: 1 },
          validation: { every: 5, sequences: 4, patience: 9 },
        },
      });
      for (let next = await events.next(); !next.done;) next = await events.next();
      saveAdapter(model, 'sw', folder);

      const sums: { sum: number; abs: number }[] = [];
      const onHidden = (index: number, hidden: { dataSync(): ArrayLike<number> }) => {
        const values = Array.from(hidden.dataSync());
        sums[index] = { sum: values.reduce((a, b) => a + b, 0), abs: values.reduce((a, b) => a + Math.abs(b), 0) };
      };
      model.forward(goldenBatch(readFixture(kind).inputs.cls), { onHidden }).release();

      const jobs = [{ kind: 'adapter', arguments: [folder, '--fixture', fixture] }];
      const script = resolve('test/parity/checkFolders.py');
      const check = join(parityFolder, '..', 'check_adapter.py');
      const printed = execFileSync(python!, [script, check], { input: JSON.stringify(jobs) }).toString();
      const [{ status, output }] = JSON.parse(printed) as [Checked];
      rmSync(folder, { recursive: true });
      expect(status).toBe(0);
      expect(output.layers).toHaveLength(sums.length);
      output.layers.forEach(({ sum, abs }, i) => {
        expect(Math.abs(sums[i]!.sum - sum) / abs).toBeLessThan(1e-5);
        expect(Math.abs(sums[i]!.abs - abs) / abs).toBeLessThan(1e-5);
      });
    },
    120_000,
  );
});
