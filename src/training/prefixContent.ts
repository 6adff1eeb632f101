/** What the hidden states of a frozen prefix are made from, as one hash: equal content gives equal states. */
import { createHash, type Hash } from 'node:crypto';
import { bottleneckParameters } from '../adapters/bottleneck';
import { loraParameters } from '../adapters/lora';
import { bottlenecksOf, loraOf } from '../adapters/stack';
import { hasFusedOps, tf } from '../engine/tf';
import type { AdapterModel, ModelBatch } from '../models/adapterModel';
import { parametersOfLayer } from '../models/encoder';
import type { Parameter } from '../nn/parameter';

/** Of every weight of the layers below `end`, and of what else decides the last bits: engine and threads. */
export function prefixWeights({ encoder, stack }: AdapterModel, end: number): string {
  const hash = createHash('sha256').update(JSON.stringify([engineContent(), encoder.config]));
  addParameters(hash, encoder.embeddingParameters); // relative positions act in every layer
  for (let layer = 0; layer < end; layer++) {
    const lora = loraOf(stack, layer);
    addParameters(hash, [
      ...parametersOfLayer(encoder.layers[layer]!),
      ...bottlenecksOf(stack, layer).flatMap(bottleneckParameters),
      ...(lora === undefined ? [] : loraParameters(lora)),
    ]);
  }
  return hash.digest('hex');
}

/**
 * Of the weights, and of what enters the lowest layer: the embeddings, after an invertible adapter where there is one.
 */
export function prefixContent(weights: string, model: AdapterModel, batch: ModelBatch): string {
  const hash = createHash('sha256').update(weights).update(batch.attentionMask);
  model.runLayers(batch, 0, (_, embedded) => hash.update(embedded.dataSync<'float32'>()));
  return hash.digest('hex');
}

function addParameters(hash: Hash, parameters: readonly Parameter[]): void {
  for (const { name, shape, products, value } of parameters) {
    hash.update(JSON.stringify([name, shape, products])).update(value.dataSync<'float32'>());
  }
}

const engineContent = (): readonly unknown[] => [
  tf.getBackend(),
  hasFusedOps(),
  ...['TF_NUM_INTRAOP_THREADS', 'TF_ENABLE_ONEDNN_OPTS'].map((name) => process.env[name] ?? ''),
];
