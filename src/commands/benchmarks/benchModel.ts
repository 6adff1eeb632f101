/** The models that benchmarks measure: real sizes, random weights that are quickly made. */
import { tf } from '../../engine/tf';
import { AdapterModel } from '../../models/adapterModel';
import { createEncoder, tinyConfig } from '../../models/baseModel';
import type { EncoderConfig } from '../../models/config';
import { plainEmbeddingTable } from '../../models/embeddingTable';
import type { WeightSource } from '../../models/weights';
import type { ReadTensor } from '../../nn/parameterFactory';
import type { BenchModel } from './benchmark';

export const benchConfigs: Readonly<Record<BenchModel, EncoderConfig>> = {
  'e5-small': bertOf({ vocabularySize: 250_037, hiddenSize: 384, intermediateSize: 1536 }),
  'xlmr-base': bertOf({ vocabularySize: 250_002, hiddenSize: 768, intermediateSize: 3072 }),
};

function bertOf(sizes: Pick<EncoderConfig, 'vocabularySize' | 'hiddenSize' | 'intermediateSize'>): EncoderConfig {
  return { ...tinyConfig, layers: 12, heads: 12, maxPositions: 512, ...sizes };
}

/**
 * With a bottleneck adapter (reduction 16) in every layer and a first-token head of three classes, both called "task".
 */
export function benchModel(size: BenchModel): AdapterModel {
  const model = benchBase(size);
  model.addTaskAdapter('task', { type: 'bottleneck', reductionFactor: 16, activation: 'relu', leaveOut: [] }, quick);
  model.activate({ task: 'task' });
  // Scaled up, because p would else be close to uniform.
  const { weight } = model.head!.layers.at(-1)!.dense;
  weight.assign(tf.mul(weight.value, 10));
  return model;
}

/** With the head alone, for full fine-tuning, whose word table lies on the device. */
export function benchBase(size: BenchModel, placement?: 'device'): AdapterModel {
  const model = new AdapterModel(size, createEncoder(benchConfigs[size], weights, placement));
  const kind = { type: 'classification', classes: 3 } as const;
  model.addHead('task', { kind, family: 'adapters', pooling: 'first' }, quick);
  model.activate({ head: 'task' });
  return model;
}

/** Uniform, with the standard deviation 0.02 of the usual initial values. */
const quick: ReadTensor = (name, shape, initial) => {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (initial === 'zeros') return values;
  if (initial === 'ones') return values.fill(1);
  for (let i = 0, x = name.length; i < values.length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) | 0;
    values[i] = (x / 2 ** 31) * 0.02 * Math.sqrt(3);
  }
  return values;
};

const weights: WeightSource = {
  source: 'random weights',
  has: () => true,
  read: quick,
  table: (name, shape) => plainEmbeddingTable(quick(name, shape, 'normal'), shape[1]),
};
