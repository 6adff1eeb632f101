/** Six AdamW steps with layers opening, against PyTorch: to 1e-5 in loss and weights. */
import { describe, expect, test } from 'vitest';
import { tf } from '../../src/engine/tf';
import { noDropout } from '../../src/nn/dropout';
import type { Batch } from '../../src/tasks/batch';
import { AdamW, adamWDefaults, decayMatrices } from '../../src/training/adamW';
import { trainingStep } from '../../src/training/trainingStep';
import { hasParity, kinds, readFixture } from './fixture';
import { deviation, goldenBatch, goldenModel } from './goldenModel';

describe.skipIf(!hasParity)('AdamW trajectory', () => {
  describe.each(kinds)('%s', (kind) => {
    test.each([
      ['decay_all', () => 0.01],
      ['decay_no_bias', decayMatrices(0.01)],
    ] as const)('%s', (name, weightDecay) => {
      const { batches, [name]: golden } = readFixture(kind).train;
      const model = goldenModel(kind);
      model.activate({ language: 'en', task: 'task', head: 'cls' });
      const optimiser = new AdamW({ ...adamWDefaults, weightDecay });
      const own = [
        ...model.parametersOf('task').filter(({ address }) => address.layer !== undefined),
        ...model.head!.parameters,
      ];
      let tensorsAfterFirst = 0;
      golden.steps.forEach(({ layers, lr, loss, grad_norm }, step) => {
        const { labels, ...inputs } = batches[step % batches.length]!;
        const shape = goldenBatch(inputs);
        const batch: Batch = {
          ...shape,
          exampleIds: Int32Array.from({ length: shape.examples }, (_, i) => i),
          targets: labels.data.map((label) => ({ kind: 'class', label })),
        };
        const result = trainingStep({
          model,
          batch,
          trainable: new Set(
            own.filter(({ address }) => address.layer === undefined || layers.includes(address.layer)),
          ),
          optimiser,
          learningRate: lr,
          clipNorm: 1,
          dropout: noDropout,
          prefixDropout: true,
          step,
        });
        expect(Math.abs(result.loss - loss), `loss of step ${step}`).toBeLessThan(1e-5);
        expect(Math.abs(result.gradNorm - grad_norm) / grad_norm, `gradient norm of step ${step}`).toBeLessThan(1e-5);
        // Nothing is left over but the moments of newly opened parameters.
        if (step === 4) tensorsAfterFirst = tf.memory().numTensors;
        if (step === 5) expect(tf.memory().numTensors).toBe(tensorsAfterFirst);
      });
      for (const [key, value] of Object.entries(golden.final)) {
        const parameter = own.find((p) => p.name === key);
        expect(deviation(parameter!.value, value), key).toBeLessThan(1e-5);
      }
      optimiser.dispose();
      model.dispose();
    });
  });
});
