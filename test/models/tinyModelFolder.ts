/** A tiny BERT with random weights as a model's folder: config.json, model.safetensors, vocab.txt. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEncoder, tinyConfig } from '../../src/models/baseModel';
import { disposeEncoder } from '../../src/models/encoder';
import { writeSafetensors, type TensorToWrite } from '../../src/models/formats/safetensors';
import { randomWeights, type WeightSource } from '../../src/models/weights';

/** Writes it, in place of one that is there; `seed` decides the weights. */
export function writeTinyModel(folder: string, seed = 0): string {
  mkdirSync(folder, { recursive: true });
  const config = {
    model_type: 'bert',
    vocab_size: tinyConfig.vocabularySize,
    hidden_size: tinyConfig.hiddenSize,
    num_hidden_layers: tinyConfig.layers,
    num_attention_heads: tinyConfig.heads,
    intermediate_size: tinyConfig.intermediateSize,
    max_position_embeddings: tinyConfig.maxPositions,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const tensors = new Map<string, TensorToWrite>();
  const weights = randomWeights(seed);
  const written: WeightSource = {
    ...weights,
    has: () => true,
    read(name, shape, initial) {
      const data = weights.read(name, shape, initial);
      tensors.set(name, { shape, data });
      return data;
    },
  };
  disposeEncoder(createEncoder(tinyConfig, written, 'device'));
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'The', 'the', 'a', 'is', 'in', '.'];
  const others = Array.from({ length: tinyConfig.vocabularySize - words.length }, (_, i) => `word${i}`);
  writeFileSync(join(folder, 'vocab.txt'), [...words, ...others].join('\n'));
  return folder;
}
