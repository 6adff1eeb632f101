/**
 * DeBERTa-v2/v3 (He et al. 2021): disentangled attention with log-bucketed relative positions that share the layer's
 * own query and key projections; no absolute positions, no types; padding embeddings are zero.
 */
import { disentangledScores, relativeBuckets } from '../nn/disentangledAttention';
import { namePrefix, type EncoderConfig } from './config';
import { parameterFactory } from '../nn/parameterFactory';
import { embeddings, wordTable, wordTableParameters, type WordTablePlacement } from './embeddings';
import { attentionNames, encoderLayer, type Encoder } from './encoder';
import type { WeightSource } from './weights';

export function debertaV2(
  config: EncoderConfig,
  weights: WeightSource,
  placement: WordTablePlacement = 'host',
): Encoder {
  const { hiddenSize: H, layerNormEpsilon, hiddenDropout, maxPositions } = config;
  const buckets = config.positionBuckets!;
  const prefix = namePrefix['deberta-v2'];
  const make = parameterFactory(weights.read);
  const base = { role: 'base' } as const;
  const word = wordTable(`${prefix}.embeddings.word_embeddings.weight`, config, weights, placement);
  const norm = make.layerNorm(`${prefix}.embeddings.LayerNorm`, base, H, layerNormEpsilon);
  const table = make.parameter(`${prefix}.encoder.rel_embeddings.weight`, base, [2 * buckets, H], 'normal');
  const tableNorm = make.layerNorm(`${prefix}.encoder.LayerNorm`, base, H, layerNormEpsilon);
  const embedded = { word, padding: config.padTokenId, added: [], norm, hiddenDropout };
  return {
    config,
    words: word,
    layers: Array.from({ length: config.layers }, (_, i) =>
      encoderLayer(make, config, prefix, i, attentionNames.deberta),
    ),
    embeddingParameters: [...wordTableParameters(word), norm.gamma, norm.beta, table, tableNorm.gamma, tableNorm.beta],
    embed: (batch, context) => embeddings(batch.inputIds, [], embedded, context, batch.attentionMask),
    scores: (maskBias, { tokens }, layer, wanted) =>
      disentangledScores({
        ...layer,
        maskBias,
        heads: config.heads,
        buckets: relativeBuckets(tokens, buckets, maxPositions),
        table,
        tableNorm,
        wanted,
      }),
  };
}
