/** The encoder that BERT and XLM-R share: learnt absolute positions and plain content attention. They differ in ids. */
import { contentScores } from '../nn/attention';
import { namePrefix, type EncoderConfig } from './config';
import { parameterFactory } from '../nn/parameterFactory';
import { embeddings, wordTable, wordTableParameters, type WordTablePlacement } from './embeddings';
import { attentionNames, encoderLayer, type Encoder, type TokenBatch } from './encoder';
import type { WeightSource } from './weights';

/** Position and type ids of a batch, each [B·T]. */
export type AddedIds = (batch: TokenBatch) => readonly [positions: Int32Array, types: Int32Array];

export function absolutePositionEncoder(
  config: EncoderConfig,
  weights: WeightSource,
  placement: WordTablePlacement,
  addedIds: AddedIds,
  positionPadding?: number,
): Encoder {
  const { hiddenSize: H, heads, layerNormEpsilon, hiddenDropout } = config;
  const prefix = namePrefix[config.modelType];
  const make = parameterFactory(weights.read);
  const base = { role: 'base' } as const;
  const name = (part: string) => `${prefix}.embeddings.${part}`;
  const word = wordTable(name('word_embeddings.weight'), config, weights, placement);
  const position = make.parameter(name('position_embeddings.weight'), base, [config.maxPositions, H], 'normal');
  const type = make.parameter(name('token_type_embeddings.weight'), base, [config.typeVocabularySize, H], 'normal');
  const norm = make.layerNorm(name('LayerNorm'), base, H, layerNormEpsilon);
  const added = [{ table: position, padding: positionPadding }, { table: type }];
  const embedded = { word, padding: config.padTokenId, added, norm, hiddenDropout };
  const poolerName = `${prefix}.pooler.dense`;
  const pooler = weights.has(`${poolerName}.weight`) ? make.linear(poolerName, base, H, H) : undefined;
  return {
    config,
    words: word,
    layers: Array.from({ length: config.layers }, (_, i) => encoderLayer(make, config, prefix, i, attentionNames.bert)),
    embeddingParameters: [...wordTableParameters(word), position, type, norm.gamma, norm.beta],
    ...(pooler === undefined ? {} : { pooler }),
    embed: (batch, context) => embeddings(batch.inputIds, addedIds(batch), embedded, context),
    scores: (maskBias) => contentScores(maskBias, H / heads),
  };
}
