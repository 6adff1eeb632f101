/** Forward passes, losses and gradients against the Python libraries: to 1e-4 in float32. */
import { afterEach, describe, expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import { factorLoss } from '../../src/nn/categorical';
import { gradientSum } from '../../src/nn/gradientSum';
import type { AdapterModel } from '../../src/models/adapterModel';
import { hasParity, kinds, readFixture, type Golden } from './fixture';
import { addStaticHead, deviation, goldenBatch, goldenModel } from './goldenModel';

describe.skipIf(!hasParity)('parity with transformers and adapters', () => {
  let model: AdapterModel | undefined;
  afterEach(() => model?.dispose());

  describe.each(kinds)('%s', (kind) => {
    const fixture = hasParity ? readFixture(kind) : undefined!;
    const stacks = {
      base: {},
      task: { task: 'task' },
      en: { language: 'en' },
      'en+task': { language: 'en', task: 'task' },
      'sw+task': { language: 'sw', task: 'task' },
      'en_drop_last+task': { language: 'en_drop_last', task: 'task' },
      lora: { task: 'lora' },
      lora16: { task: 'lora16' },
      'en+lora': { language: 'en', task: 'lora' },
    };

    test.each(Object.entries(stacks))('hidden states of %s', (name, stack) => {
      model = goldenModel(kind);
      model.activate(stack);
      const hidden: Float32Array[] = [];
      const pass = model.forward(goldenBatch(fixture.inputs.cls), {
        onHidden: (_, h) => hidden.push(h.dataSync<'float32'>()),
      });
      const golden = fixture.hidden[name]!;
      const got = golden.length === hidden.length ? hidden : [hidden[0]!, hidden.at(-1)!];
      golden.forEach((g, i) => expect(deviation(got[i]!, g), `state ${i}`).toBeLessThan(1e-4));
      pass.release();
    });

    const heads = fixture === undefined ? {} : { cls: ['cls'], mc: ['mc'], qa: ['qa_start', 'qa_end'] };
    test.each(Object.entries(heads))(
      'head %s: logits, loss, gradients of every adapter and head parameter',
      (task, labelNames) => {
        model = goldenModel(kind);
        model.activate({ language: 'en', task: 'task', head: task });
        const golden = fixture.heads[task as 'cls'] as Record<string, Golden> & {
          loss: number;
          grads: Record<string, Golden>;
        };
        const inputs = fixture.inputs[task as 'cls'];
        const wanted = new Set(
          model.parameters().filter(({ address, name }) => address.role !== 'base' && name in golden.grads),
        );
        expect([...wanted].map(({ name }) => name).sort()).toEqual(Object.keys(golden.grads).sort());
        const before = tf.memory().numTensors;
        const pass = model.forward(goldenBatch(inputs), { wanted });
        const logits = task === 'qa' ? [golden.start_logits!, golden.end_logits!] : [golden.logits!];
        logits.forEach((g, i) => expect(deviation(pass.factors[i]!, g)).toBeLessThan(1e-4));
        const labels = (labelNames as readonly string[]).map((name) =>
          Int32Array.from(fixture.labels[name as 'cls'].data),
        );
        const { loss, dFactors } = factorLoss(pass.factors, labels);
        expect(Math.abs(loss.dataSync()[0]! - golden.loss)).toBeLessThan(1e-4);
        const sum = gradientSum(wanted);
        pass.backwardAndRelease(dFactors, sum);
        for (const parameter of wanted) {
          expect(deviation(sum.gradients.get(parameter)!, golden.grads[parameter.name]!), parameter.name).toBeLessThan(
            1e-4,
          );
        }
        sum.dispose();
        tf.dispose([loss, ...dFactors]);
        expect(tf.memory().numTensors).toBe(before);
      },
    );

    test.each(['cls', 'mc', 'qa'] as const)('plain transformers head %s', (task) => {
      model = goldenModel(kind);
      addStaticHead(model, kind, task);
      model.activate({ language: 'en', task: 'task', head: 'static' });
      const golden = fixture.static[task] as Record<string, Golden>;
      const pass = model.forward(goldenBatch(fixture.inputs[task]));
      const logits = task === 'qa' ? [golden.start_logits!, golden.end_logits!] : [golden.logits!];
      logits.forEach((g, i) => expect(deviation(pass.factors[i]!, g)).toBeLessThan(1e-4));
      pass.release();
    });
  });
});
