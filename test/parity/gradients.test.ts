/** Masked-LM through a language adapter, and every base parameter of full fine-tuning, against torch's autograd. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { loadHead, loadLanguageAdapter } from '../../src/models/adapterFiles';
import { AdapterModel } from '../../src/models/adapterModel';
import { openFolder } from '../../src/models/baseModel';
import { maskedLmPass, publishedMaskedLmHead } from '../../src/models/maskedLmHead';
import { wholeVocabulary } from '../../src/models/tiedDecoder';
import type { WeightSource } from '../../src/models/weights';
import { factorLoss } from '../../src/nn/categorical';
import { gradientSum, type GradientSum } from '../../src/nn/gradientSum';
import { denseGradient } from '../denseGradient';
import { hasParity, kinds, parityFolder, readFixture, type Kind } from './fixture';
import { goldenBatch } from './goldenModel';

/** Norm, and products with two waves. */
type GradientGolden = readonly [norm: number, first: number, second: number];
interface Goldens {
  readonly maskedLm: { loss: number; rows: number[]; labels: number[]; gradients: Record<string, GradientGolden> };
  readonly full: { loss: number; gradients: Record<string, GradientGolden> };
}

const goldens = JSON.parse(readFileSync(join(__dirname, 'golden', 'gradients.json'), 'utf8')) as Record<Kind, Goldens>;

/** The formula that the script gives weights by, and measures gradients with. */
const wave = (size: number, k: number) => Float64Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + k));

/** The head's numbers as the script has them. */
const waveHead: Pick<WeightSource, 'has' | 'read'> = {
  has: () => true,
  read: (name, shape) => {
    const isNorm = /norm/i.test(name);
    const [scale, k, shift] = name.endsWith('.weight')
      ? isNorm
        ? [0.1, 4, 1]
        : [0.3, 2, 0]
      : isNorm
        ? [0.1, 5, 0]
        : name.endsWith('dense.bias')
          ? [0.1, 3, 0]
          : [0.5, 6, 0];
    const size = shape.reduce((a, b) => a * b, 1);
    return Float32Array.from(wave(size, k), (x) => shift + scale * x);
  },
};

function compare(sum: GradientSum, expected: Record<string, GradientGolden>): void {
  const byName = new Map([...sum.gradients.keys()].map((parameter) => [parameter.name, parameter]));
  expect([...byName.keys()].sort()).toEqual(Object.keys(expected).sort());
  for (const [name, [norm, first, second]] of Object.entries(expected)) {
    const data = denseGradient(sum, byName.get(name)!);
    const product = (k: number) => wave(data.length, k).reduce((total, x, i) => total + x * data[i]!, 0);
    // What rounding leaves of a gradient that is zero in exact arithmetic (keys' biases) is not compared in proportion.
    const tolerance = 1e-4 * norm + 1e-7 * Math.sqrt(data.length);
    expect(Math.abs(Math.hypot(...data) - norm), `${name}: norm`).toBeLessThan(tolerance);
    expect(Math.abs(product(0) - first), `${name}: first product`).toBeLessThan(10 * tolerance);
    expect(Math.abs(product(1) - second), `${name}: second product`).toBeLessThan(10 * tolerance);
  }
}

describe.skipIf(!hasParity)('gradients at parity', () => {
  describe.each(kinds)('%s', (kind) => {
    let model: AdapterModel | undefined;
    afterEach(() => model?.dispose());
    const folder = join(parityFolder, kind);

    test('masked-LM: loss, and gradients of the language adapter with its invertible part', () => {
      const { loss, rows, labels, gradients } = goldens[kind].maskedLm;
      const encoder = openFolder(folder);
      model = new AdapterModel(kind, encoder);
      loadLanguageAdapter(model, join(folder, 'adapters', 'en'));
      model.activate({ language: 'en' });
      const head = publishedMaskedLmHead(encoder, { source: 'waves', table: () => never(), ...waveHead })!;
      const wanted = new Set([...model.parametersOf('en')]);
      const sum = gradientSum(wanted);
      const masked = { rows: Int32Array.from(rows), labels: Int32Array.from(labels) };
      const batch = goldenBatch(readFixture(kind).inputs.cls);
      const all = wholeVocabulary(encoder.config.vocabularySize);
      const pass = maskedLmPass(model, head, batch, masked, all, { wanted });
      expect(Math.abs(pass.loss.dataSync()[0]! - loss)).toBeLessThan(2e-5);
      pass.backwardAndRelease(sum);
      compare(sum, Object.fromEntries(Object.entries(gradients).filter(([name]) => !name.startsWith('heads.'))));
      sum.dispose();
      pass.loss.dispose();
      head.dispose();
    });

    test('full fine-tuning: loss, and the gradient of every parameter', () => {
      const { loss: expected, gradients } = goldens[kind].full;
      model = new AdapterModel(kind, openFolder(folder, 'device'));
      loadHead(model, join(folder, 'adapters', 'head_cls'), 'cls');
      model.activate({ head: 'cls' });
      const wanted = new Set(model.parameters());
      const fixture = readFixture(kind);
      const pass = model.forward(goldenBatch(fixture.inputs.cls), { wanted });
      const { loss, dFactors } = factorLoss(pass.factors, [Int32Array.from(fixture.labels.cls.data)]);
      expect(Math.abs(loss.dataSync()[0]! - expected)).toBeLessThan(1e-5);
      const sum = gradientSum(wanted);
      pass.backwardAndRelease(dFactors, sum);
      compare(sum, gradients);
      sum.dispose();
      loss.dispose();
      dFactors.forEach((t) => t.dispose());
    });
  });
});

function never(): never {
  throw new Error('The decoder is tied to the encoder’s own table.');
}
