/** LoRA and the invertible adapter, forward and back, against the Python libraries. */
import { afterEach, describe, expect, test } from 'vitest';
import { invertible, invertibleInverse } from '../../src/adapters/invertible';
import type { LowRank } from '../../src/adapters/lora';
import type { LanguageAdapter, LoraAdapter } from '../../src/adapters/stack';
import { tf } from '../../src/engine/tf';
import type { AdapterModel } from '../../src/models/adapterModel';
import { factorLoss } from '../../src/nn/categorical';
import { nothingWanted } from '../../src/nn/gradientSink';
import { gradientSum } from '../../src/nn/gradientSum';
import type { Linear } from '../../src/nn/linear';
import { hasParity, kinds, readFixture, type Golden } from './fixture';
import { deviation, goldenBatch, goldenModel } from './goldenModel';

/** W + (alpha/r)·B·A [out, in]: the weight of a layer whose update is merged. */
function mergedWeight(base: Linear, { loraA, loraB, scaling }: LowRank): tf.Tensor2D {
  return base.weight.value.add(tf.matMul(loraB.value as tf.Tensor2D, loraA.value as tf.Tensor2D).mul(scaling));
}

describe.skipIf(!hasParity)('adapters at parity', () => {
  let model: AdapterModel | undefined;
  afterEach(() => model?.dispose());

  describe.each(kinds)('%s', (kind) => {
    test('invertible adapter and its inverse', () => {
      model = goldenModel(kind);
      const golden = readFixture(kind).invertible;
      const coupling = (model.adapter('en') as LanguageAdapter).invertible!;
      const { data, shape } = golden.input;
      const x = tf.tensor2d([...data], [data.length / shape.at(-1)!, shape.at(-1)!]);
      const context = { needs: { inputGradient: false, ownGradients: false }, wanted: nothingWanted };
      expect(deviation(invertible(x, coupling, context).y, golden.en)).toBeLessThan(1e-5);
      expect(deviation(invertibleInverse(x, coupling, context).y, golden.en_inverse_of_input)).toBeLessThan(1e-5);
    });

    test.each([
      ['lora', {}],
      ['lora16', {}],
      ['en+lora', { language: 'en' }],
    ] as const)('%s: logits, loss and gradients', (name, language) => {
      model = goldenModel(kind);
      const fixture = readFixture(kind);
      const golden = fixture.lora[name] as Record<string, Golden> & { loss: number; grads: Record<string, Golden> };
      model.activate({ ...language, task: name.replace('en+', ''), head: 'cls' });
      const wanted = new Set(model.parameters().filter((p) => p.name in golden.grads));
      expect(wanted.size).toBe(Object.keys(golden.grads).length);
      const pass = model.forward(goldenBatch(fixture.inputs.cls), { wanted });
      expect(deviation(pass.factors[0]!, golden.logits!)).toBeLessThan(1e-4);
      const { loss, dFactors } = factorLoss(pass.factors, [Int32Array.from(fixture.labels.cls.data)]);
      expect(Math.abs(loss.dataSync()[0]! - golden.loss)).toBeLessThan(1e-4);
      const sum = gradientSum(wanted);
      pass.backwardAndRelease(dFactors, sum);
      for (const parameter of wanted) {
        expect(deviation(sum.gradients.get(parameter)!, golden.grads[parameter.name]!), parameter.name).toBeLessThan(
          1e-4,
        );
      }
    });

    test('a merged LoRA gives the same hidden states', () => {
      model = goldenModel(kind);
      const batch = goldenBatch(readFixture(kind).inputs.cls);
      const last = () => {
        const pass = model!.forward(batch);
        const values = pass.factors[0]!.dataSync<'float32'>().slice();
        pass.release();
        return values;
      };
      model.activate({ task: 'lora16' });
      const apart = last();
      const lora = model.adapter('lora16') as LoraAdapter;
      lora.layers.forEach(({ query, value }, i) => {
        const layer = model!.encoder.layers[i]!;
        layer.query.weight.assign(mergedWeight(layer.query, query));
        layer.value.weight.assign(mergedWeight(layer.value, value));
      });
      model.activate({});
      const merged = last();
      apart.forEach((v, i) => expect(Math.abs(v - merged[i]!)).toBeLessThan(1e-5));
    });
  });
});
