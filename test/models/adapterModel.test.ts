/** What a model refuses, before anything is computed or made; what it holds of its base. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { tf } from '../../src/engine/tf';
import { openAdapterModel } from '../../src/lab';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';

const model = new AdapterModel('tiny-random', tinyEncoder());

describe('an empty batch', () => {
  test.each([
    ['examples', { examples: 0, sequencesPerExample: 1, tokens: 5 }],
    ['sequences', { examples: 2, sequencesPerExample: 0, tokens: 5 }],
    ['tokens', { examples: 2, sequencesPerExample: 1, tokens: 0 }],
  ])('without %s', (_, sizes) => {
    const none = new Int32Array(0);
    const batch = { ...sizes, inputIds: none, attentionMask: none, tokenTypeIds: none };
    expect(() => model.forward(batch)).toThrow(UserError);
    expect(() => model.forward(batch)).toThrow(/is empty; give at least one of each/);
    expect(() => model.runLayers(batch, 1, () => undefined)).toThrow(/is empty/);
  });
});

test('a name that is taken is refused before parameters are made for it', () => {
  const config = { type: 'bottleneck', reductionFactor: 2, activation: 'relu', leaveOut: [] } as const;
  model.addTaskAdapter('mine', config, 1);
  const before = tf.memory().numTensors;
  expect(() => model.addTaskAdapter('mine', config, 1)).toThrow('There is an adapter "mine" already.');
  expect(() => model.addTaskAdapter('mine', { type: 'lora', rank: 2, alpha: 2 }, 1)).toThrow('"mine" already');
  expect(() => model.addLanguageAdapter('mine', config, 1)).toThrow('"mine" already');
  expect(tf.memory().numTensors).toBe(before);
});

test('opened again by name, a model shares its base, which the last one frees', async () => {
  const held = () => tf.memory().numTensors;
  const before = held();
  const first = await openAdapterModel('tiny-random');
  const withOne = held();
  expect(withOne).toBeGreaterThan(before);
  const second = await openAdapterModel('tiny-random');
  expect(held()).toBe(withOne);
  first.dispose();
  first.dispose(); // twice is once
  expect(held()).toBe(withOne);
  second.dispose();
  expect(held()).toBe(before);
});
