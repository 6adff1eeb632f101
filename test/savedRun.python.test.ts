/** What `run.save` writes is used in Python by the usual calls, and says there what it says here. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as fun from '../src/index';
import { writeTinyModel } from './models/tinyModelFolder';
import { temporaryFolder } from './temporaryFolder';

const python = process.env.FUN_PARITY_PYTHON;
const skipped = python === undefined ? ' (skipped: run it by npm run test:parity)' : '';

const pairs = [
  { premise: 'The word1 is in a word2 word3 .', hypothesis: 'word1 word4 .' },
  { premise: 'word7 word8', hypothesis: 'The word9 word8 is word7 .' },
];

describe.skipIf(python === undefined)(`adapters library${skipped}`, () => {
  test.each<[string, fun.TrainChoices['method']]>([
    ['bottleneck', { type: 'bottleneck', reductionFactor: 4 }],
    ['LoRA', { type: 'lora', rank: 4, alpha: 16 }],
  ])(
    '%s and a head on the first token: model.load_adapter(FOLDER) gives the probabilities',
    async (_, method) => {
      const folder = temporaryFolder();
      const model = writeTinyModel(join(folder, 'model'));
      writeFileSync(
        join(model, 'tokenizer_config.json'),
        '{"tokenizer_class": "BertTokenizer", "do_lower_case": false}',
      );
      const lab = await fun.open({ task: 'nli', profile: 'smoke', model });
      const run = lab.train({ method, head: { pooling: 'first' }, optimiser: { learningRate: 0.02 }, seed: 3 });
      for await (const _ of run);
      const saved = join(folder, 'saved');
      await run.save(saved);
      const ours = await run.predict(pairs);
      const input = JSON.stringify(pairs.map(({ premise, hypothesis }) => [premise, hypothesis]));
      const printed = execFileSync(python!, [resolve('test/predictSaved.py'), model, saved], { input });
      const theirs = JSON.parse(printed.toString()) as Record<string, number>[];
      expect(theirs.map((row) => Object.keys(row))).toEqual(pairs.map(() => [...fun.nliLabels]));
      ours.forEach(({ probabilities }, i) => {
        for (const label of fun.nliLabels) expect(theirs[i]![label]).toBeCloseTo(probabilities[label]!, 5);
      });
      // An adapter or a head that was left out would give something else.
      const of = (row: object) => Math.max(...Object.values(row as Record<string, number>));
      expect(Math.max(...ours.map(({ probabilities }) => of(probabilities)))).toBeGreaterThan(0.4);
      await lab.close();
    },
    300_000,
  );

  test('a head on the mean is not written for Python, which would read it as one on the first token', async () => {
    const lab = await fun.open({ task: 'nli', profile: 'smoke' });
    const run = lab.train({ head: { pooling: 'mean' }, steps: 20 });
    for await (const _ of run);
    const saved = join(temporaryFolder(), 'saved');
    await run.save(saved);
    await lab.close();
    expect(existsSync(join(saved, 'adapter_config.json'))).toBe(true);
    expect(existsSync(join(saved, 'head_config.json'))).toBe(false);
  });
});
