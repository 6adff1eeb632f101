/** BERT (Devlin et al. 2019): multilingual BERT, and multilingual-e5-small, which is a BERT with XLM-R's vocabulary. */
import { absolutePositionEncoder } from './absolutePositions';
import type { EncoderConfig } from './config';
import type { WordTablePlacement } from './embeddings';
import type { Encoder } from './encoder';
import type { WeightSource } from './weights';

/** Positions are 0 … T−1, padding included; types are those of the batch (0 and 1 for the two texts of a pair). */
export function bert(config: EncoderConfig, weights: WeightSource, placement: WordTablePlacement = 'host'): Encoder {
  return absolutePositionEncoder(config, weights, placement, ({ inputIds, tokenTypeIds, tokens }) => [
    inputIds.map((_, i) => i % tokens),
    tokenTypeIds,
  ]);
}
