/** Opens a base model: the encoder of a Hugging Face folder, of the embedded model's file, or a tiny random one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../engine/errors';
import { bert } from './bert';
import { readEncoderConfig, type EncoderConfig } from './config';
import { debertaV2 } from './debertaV2';
import { loadQ4Weights } from './embedded/q4Names';
import { openQ4File } from './embedded/q4File';
import type { WordTablePlacement } from './embeddings';
import type { Encoder } from './encoder';
import { fileWeights } from './fileWeights';
import { openWeights } from './formats/openTensorFile';
import { lookUp } from './formats/tensorFile';
import { randomWeights, type WeightSource } from './weights';
import { xlmRoberta } from './xlmRoberta';

export function createEncoder(config: EncoderConfig, weights: WeightSource, placement?: WordTablePlacement): Encoder {
  switch (config.modelType) {
    case 'bert':
      return bert(config, weights, placement);
    case 'xlm-roberta':
      return xlmRoberta(config, weights, placement);
    case 'deberta-v2':
      return debertaV2(config, weights, placement);
  }
}

/**
 * An encoder and the weights that it was read from: other parts of the same file (a masked-LM head) are read from them.
 */
export interface OpenedEncoder {
  readonly encoder: Encoder;
  readonly weights: WeightSource;
}

/** The encoder of a folder with `config.json` and weights in any of the usual files. */
export const openFolder = (folder: string, placement?: WordTablePlacement): Encoder =>
  openFolderWithWeights(folder, placement).encoder;

export function openFolderWithWeights(folder: string, placement?: WordTablePlacement): OpenedEncoder {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) {
    throw new UserError(`${folder} is not a model folder: it has no config.json.`);
  }
  const config = readEncoderConfig(parseJson(path), path);
  const weights = fileWeights(openWeights(folder), folder);
  return { encoder: createEncoder(config, weights, placement), weights };
}

/** multilingual-e5-small from its 4-bit file; the word table stays quantised in memory unless it is to be trained. */
export function openEmbedded(
  path: string,
  placement?: WordTablePlacement,
): OpenedEncoder & { file: ReturnType<typeof openQ4File> } {
  const file = openQ4File(path);
  const { hiddenSize, layers, heads, feedForwardSize, vocabularySize, positions, tokenTypes } = file.config;
  const config: EncoderConfig = {
    modelType: 'bert',
    vocabularySize,
    hiddenSize,
    layers,
    heads,
    intermediateSize: feedForwardSize,
    maxPositions: positions,
    typeVocabularySize: tokenTypes,
    padTokenId: file.tokenizer.pad,
    layerNormEpsilon: file.config.layerNormEpsilon,
    hiddenDropout: 0.1,
    attentionDropout: 0.1,
  };
  const tensors = loadQ4Weights(file);
  const bare = (name: string) => name.slice(name.indexOf('.') + 1);
  const weights: WeightSource = {
    source: path,
    has: (name) => tensors.has(bare(name)),
    read: (name) =>
      bare(name) === 'embeddings.word_embeddings.weight'
        ? file.tensor('emb.word')
        : lookUp(tensors, bare(name), path).data,
    table: () => file.embeddingTable(),
  };
  return { encoder: createEncoder(config, weights, placement), weights, file };
}

/** Sizes of the tiny random model of tests and of the smoke profile. */
export const tinyConfig: EncoderConfig = {
  modelType: 'bert',
  vocabularySize: 512,
  hiddenSize: 32,
  layers: 4,
  heads: 4,
  intermediateSize: 64,
  maxPositions: 128,
  typeVocabularySize: 2,
  padTokenId: 0,
  layerNormEpsilon: 1e-12,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
};

export const tinyEncoder = (config: Partial<EncoderConfig> = {}, seed = 0, placement?: WordTablePlacement): Encoder =>
  createEncoder({ ...tinyConfig, ...config }, randomWeights(seed), placement);

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path} is not valid JSON: ${messageOf(error)}`);
  }
}
