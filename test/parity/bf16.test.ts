/** What bf16 mode changes on the fixtures: the logits stay within the error of 8 bits of mantissa, and do change. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../src/engine/places';
import { hasParity, kinds } from './fixture';

const script = `
const { openEngine } = require('./src/engine/tf.ts');
const { kinds, readFixture } = require('./test/parity/fixture.ts');
const { deviation, goldenBatch, goldenModel } = require('./test/parity/goldenModel.ts');
openEngine().then(() => console.log(JSON.stringify(kinds.map((kind) => {
  const fixture = readFixture(kind);
  const model = goldenModel(kind);
  model.activate({ language: 'en', task: 'task', head: 'cls' });
  const golden = fixture.heads.cls.logits;
  return deviation(model.forward(goldenBatch(fixture.inputs.cls)).factors[0], golden) / Math.max(...golden.data.map(Math.abs));
}))));`;

function deviations(precision: 'float32' | 'bf16'): number[] {
  const output = execFileSync('node', ['--import', 'tsx', '-e', script], {
    cwd: projectRoot(),
    env: { ...process.env, FUN_PRECISION: precision },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as number[];
}

describe.skipIf(!hasParity)('bf16 mode', () => {
  test('changes logits by a few percent at most, float32 by less than 1e-4', () => {
    const [rounded, exact] = [deviations('bf16'), deviations('float32')];
    expect(rounded).toHaveLength(kinds.length);
    console.log(
      `Largest change of a logit, of the largest logit: ${rounded.map((x) => `${(100 * x).toFixed(2)}%`).join(', ')}`,
    );
    for (const deviation of rounded) {
      expect(deviation).toBeGreaterThan(1e-4);
      expect(deviation).toBeLessThan(0.05);
    }
    for (const deviation of exact) expect(deviation).toBeLessThan(1e-4);
  });
});
