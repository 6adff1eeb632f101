/** The encoder made from the 4-bit file against the package's own embeddings: ten sentences in five languages. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tf } from '../../../src/engine/tf';
import { AdapterModel } from '../../../src/models/adapterModel';
import { openEmbedded } from '../../../src/models/baseModel';
import { embeddedModelPath } from '../../tokenizers/embedded';

const path = embeddedModelPath();

interface Sentence {
  readonly ids: number[];
  readonly embedding: number[];
}

describe.skipIf(!existsSync(path))('multilingual-e5-small', () => {
  const fixture = JSON.parse(readFileSync(join(__dirname, 'fixture.json'), 'utf8')) as { sentences: Sentence[] };

  test('agrees with the package to a cosine of 0.9998', () => {
    const model = new AdapterModel('multilingual-e5-small', openEmbedded(path).encoder);
    expect(fixture.sentences.length).toBe(10);
    for (const { ids, embedding } of fixture.sentences) {
      const length = ids.length;
      const pass = model.forward({
        examples: 1,
        sequencesPerExample: 1,
        tokens: length,
        inputIds: Int32Array.from(ids),
        attentionMask: new Int32Array(length).fill(1),
        tokenTypeIds: new Int32Array(length),
      });
      const mean = tf.tidy(() => pass.factors[0]!.mean(0).dataSync());
      pass.release();
      expect(cosine(mean, embedding)).toBeGreaterThan(0.9998);
    }
  });
});

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}
