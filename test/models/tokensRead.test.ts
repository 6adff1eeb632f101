/** The top layer computes only the tokens that the head reads: the same logits and gradients as if it computed all. */
import { describe, expect, test } from 'vitest';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import { disposeEncoder } from '../../src/models/encoder';
import { gradientSum } from '../../src/nn/gradientSum';
import { tf } from '../../src/engine/tf';

const bases = [
  { modelType: 'bert' },
  { modelType: 'xlm-roberta', maxPositions: 40 },
  { modelType: 'deberta-v2', positionBuckets: 8, maxPositions: 32 },
] as const;

describe.each(bases)('$modelType', (config) => {
  test.each(['bottleneck', 'lora'] as const)('%s', (type) => {
    const encoder = tinyEncoder({ ...config, layers: 2 }, 3, 'device');
    const model = new AdapterModel('tiny', encoder);
    model.addHead('h', { kind: { type: 'classification', classes: 3 }, family: 'adapters', pooling: 'first' }, 4);
    const bottleneck = { type, reductionFactor: 16, activation: 'relu', leaveOut: [] } as const;
    model.addTaskAdapter('t', type === 'lora' ? { type, rank: 2, alpha: 2 } : { ...bottleneck, type: 'bottleneck' }, 5);
    model.activate({ task: 't', head: 'h' });
    const batch = {
      examples: 2,
      sequencesPerExample: 1,
      tokens: 5,
      inputIds: Int32Array.of(7, 8, 9, 10, 11, 12, 13, 14, 0, 0),
      attentionMask: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0),
      tokenTypeIds: new Int32Array(10),
    };
    const wanted = new Set(model.parameters());
    const dLogits = tf.tensor2d([0.2, -0.5, 0.3, -0.1, 0.4, -0.3], [2, 3]);
    const run = (onHidden?: () => void) => {
      const pass = model.forward(batch, { wanted, ...(onHidden === undefined ? {} : { onHidden }) });
      const logits = [...pass.factors[0]!.dataSync()];
      const sum = gradientSum(wanted);
      pass.backwardAndRelease([dLogits], sum);
      const gradients = new Map([...sum.gradients].map(([{ name }, g]) => [name, g.dataSync<'float32'>()]));
      sum.dispose();
      return { logits, gradients };
    };
    const seen = run();
    const all = run(() => undefined); // somebody looks at the hidden states: every token is computed
    seen.logits.forEach((value, i) => expect(value).toBeCloseTo(all.logits[i]!, 5));
    expect([...seen.gradients.keys()].sort()).toEqual([...all.gradients.keys()].sort());
    for (const [name, gradient] of seen.gradients) {
      const whole = all.gradients.get(name)!;
      const size = Math.max(1e-6, ...whole.map(Math.abs));
      gradient.forEach((g, i) => expect(Math.abs(g - whole[i]!) / size, name).toBeLessThan(1e-4));
    }
    dLogits.dispose();
    model.dispose();
    disposeEncoder(encoder);
  });
});
