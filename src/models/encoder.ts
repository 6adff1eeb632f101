/**
 * What the three base models have in common: embeddings, then L Transformer layers of post-norm attention and
 * feed-forward blocks. Each model's own file says how it embeds, how its attention scores positions, and what its
 * parameters are called.
 */
import { UserError } from '../engine/errors';
import type { Precision } from '../engine/precision';
import { hasRawOps, type tf } from '../engine/tf';
import type { AttentionScores } from '../nn/attention';
import type { Block, Needs } from '../nn/block';
import type { DropoutSource } from '../nn/dropout';
import type { FeedForward } from '../nn/feedForward';
import type { Wanted } from '../nn/gradientSink';
import type { LayerNorm } from '../nn/layerNorm';
import { linearParameters, type Linear, type Projection } from '../nn/linear';
import type { Parameter } from '../nn/parameter';
import type { ParameterFactory } from '../nn/parameterFactory';
import type { EncoderConfig } from './config';
import type { WordTable } from './embeddings';

/** Token ids of a batch of sequences, padded to the same length: all [B·T], row by row. */
export interface TokenBatch {
  readonly sequences: number;
  readonly tokens: number;
  readonly inputIds: Int32Array;
  /** 1 for a token, 0 for padding. */
  readonly attentionMask: Int32Array;
  readonly tokenTypeIds: Int32Array;
}

export interface EncoderLayer {
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly attentionOutput: Linear;
  readonly attentionNorm: LayerNorm;
  readonly feedForward: FeedForward;
  readonly outputNorm: LayerNorm;
}

export interface QueryAndKey {
  readonly query: Projection;
  readonly key: Projection;
}

export interface EmbeddingContext {
  readonly needs: Needs;
  readonly wanted: Wanted;
  readonly dropout: DropoutSource;
}

export interface Encoder {
  readonly config: EncoderConfig;
  readonly layers: readonly EncoderLayer[];
  /** The word table, which a masked-LM decoder is tied to. */
  readonly words: WordTable;
  /** Parameters of the embeddings, absolute or relative positions included. */
  readonly embeddingParameters: readonly Parameter[];
  /** The pooler of BERT and XLM-R (dense and tanh on the first token), used by the plain transformers heads. */
  readonly pooler?: Linear;
  /** → [B·T, H]; its pullback sends to the embedding parameters only. */
  embed(batch: TokenBatch, context: EmbeddingContext): Block;
  /** How a layer with these projections turns queries and keys into attention probabilities on this batch. */
  scores(maskBias: tf.Tensor2D, batch: TokenBatch, layer: QueryAndKey, wanted: Wanted): AttentionScores;
}

/** Names of a layer's linear maps, which differ between BERT and DeBERTa. */
export const attentionNames = {
  bert: { query: 'attention.self.query', key: 'attention.self.key', value: 'attention.self.value' },
  deberta: { query: 'attention.self.query_proj', key: 'attention.self.key_proj', value: 'attention.self.value_proj' },
} as const;

export function encoderLayer(
  make: ParameterFactory,
  config: EncoderConfig,
  prefix: string,
  layer: number,
  names: (typeof attentionNames)[keyof typeof attentionNames],
): EncoderLayer {
  const { hiddenSize: H, intermediateSize, layerNormEpsilon } = config;
  const at = { role: 'base', layer } as const;
  const name = (part: string) => `${prefix}.encoder.layer.${layer}.${part}`;
  return {
    query: make.linear(name(names.query), at, H, H),
    key: make.linear(name(names.key), at, H, H),
    value: make.linear(name(names.value), at, H, H),
    attentionOutput: make.linear(name('attention.output.dense'), at, H, H),
    attentionNorm: make.layerNorm(name('attention.output.LayerNorm'), at, H, layerNormEpsilon),
    feedForward: {
      intermediate: make.linear(name('intermediate.dense'), at, H, intermediateSize),
      output: make.linear(name('output.dense'), at, intermediateSize, H),
    },
    outputNorm: make.layerNorm(name('output.LayerNorm'), at, H, layerNormEpsilon),
  };
}

export const parametersOfLayer = (layer: EncoderLayer): Parameter[] => [
  ...linearParameters(layer.query),
  ...linearParameters(layer.key),
  ...linearParameters(layer.value),
  ...linearParameters(layer.attentionOutput),
  layer.attentionNorm.gamma,
  layer.attentionNorm.beta,
  ...linearParameters(layer.feedForward.intermediate),
  ...linearParameters(layer.feedForward.output),
  layer.outputNorm.gamma,
  layer.outputNorm.beta,
];

export const baseParameters = (encoder: Encoder): Parameter[] => [
  ...encoder.embeddingParameters,
  ...encoder.layers.flatMap(parametersOfLayer),
  ...(encoder.pooler === undefined ? [] : linearParameters(encoder.pooler)),
];

/**
 * Chooses the precision of the products with the weights of the layers, which take nearly all of the time.
 *
 * @throws UserError for bf16 on an engine that has no bfloat16.
 */
export function computeProductsIn(precision: Precision, encoder: Encoder): void {
  if (precision === 'bf16' && !hasRawOps()) {
    throw new UserError(
      "Precision bf16 needs the native engine. Choose precision: 'float32' (or FUN_PRECISION=float32); npm run doctor says what runs here.",
    );
  }
  for (const { query, key, value, attentionOutput, feedForward } of encoder.layers) {
    const linears = [query, key, value, attentionOutput, feedForward.intermediate, feedForward.output];
    for (const { weight } of linears) weight.products = precision;
  }
}

export function disposeEncoder(encoder: Encoder): void {
  for (const parameter of baseParameters(encoder)) parameter.dispose();
}
