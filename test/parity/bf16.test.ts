/** What bf16 changes on the fixtures: the logits stay near what 8 bits of mantissa allow, and do change. */
import { describe, expect, test } from 'vitest';
import type { Precision } from '../../src/engine/precision';
import { openEngine } from '../../src/engine/tf';
import { computeProductsIn } from '../../src/models/encoder';
import { hasParity, kinds, readFixture, type Golden, type Kind } from './fixture';
import { deviation, goldenBatch, goldenModel } from './goldenModel';

await openEngine();

/** The largest difference of a logit from the golden one, of the largest logit. */
function logitDeviation(kind: Kind, precision: Precision): number {
  const fixture = readFixture(kind);
  const model = goldenModel(kind);
  computeProductsIn(precision, model.encoder);
  model.activate({ language: 'en', task: 'task', head: 'cls' });
  const golden = fixture.heads.cls.logits as Golden;
  const pass = model.forward(goldenBatch(fixture.inputs.cls));
  const largest = Math.max(...golden.data.map(Math.abs));
  return deviation(pass.factors[0]!, golden) / largest;
}

describe.skipIf(!hasParity)('bf16', () => {
  test.each(kinds)('%s: changes logits by 2% at most, float32 by less than 1e-4', (kind) => {
    const [rounded, exact] = [logitDeviation(kind, 'bf16'), logitDeviation(kind, 'float32')];
    console.log(`${kind}: a logit changes by ${(100 * rounded).toFixed(2)}% of the largest.`);
    expect(rounded).toBeGreaterThan(1e-4);
    expect(rounded).toBeLessThan(0.02);
    expect(exact).toBeLessThan(1e-4);
  });
});
