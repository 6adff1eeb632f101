/** XLM-R (Conneau et al. 2020): BERT's layers; positions start after the padding index. */
import { absolutePositionEncoder, type AddedIds } from './absolutePositions';
import type { EncoderConfig } from './config';
import type { WordTablePlacement } from './embeddings';
import type { Encoder } from './encoder';
import type { WeightSource } from './weights';

/** Types are all 0: XLM-R has one. */
export function xlmRoberta(
  config: EncoderConfig,
  weights: WeightSource,
  placement: WordTablePlacement = 'host',
): Encoder {
  const addedIds: AddedIds = ({ inputIds, tokens }) => [
    positionIds(inputIds, tokens, config.padTokenId),
    new Int32Array(inputIds.length),
  ];
  return absolutePositionEncoder(config, weights, placement, addedIds, config.padTokenId);
}

/** Positions of RoBERTa: padding has the padding index, the i-th other token of a sequence padTokenId + i (from 1). */
export function positionIds(inputIds: Int32Array, tokens: number, padTokenId: number): Int32Array {
  let count = 0;
  return inputIds.map((id, i) => {
    if (i % tokens === 0) count = 0;
    return id === padTokenId ? padTokenId : padTokenId + ++count;
  });
}
