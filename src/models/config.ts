/** A base model's configuration, read from Hugging Face's `config.json`; what is not implemented is refused by name. */
import { shown, UserError, wholeNumber } from '../engine/errors';

export type ModelType = 'bert' | 'xlm-roberta' | 'deberta-v2';

export interface EncoderConfig {
  readonly modelType: ModelType;
  readonly vocabularySize: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediateSize: number;
  readonly maxPositions: number;
  readonly typeVocabularySize: number;
  readonly padTokenId: number;
  readonly layerNormEpsilon: number;
  readonly hiddenDropout: number;
  readonly attentionDropout: number;
  /** Whether the masked-LM head's decoder is the word table. Default true. */
  readonly tiedDecoder?: boolean;
  /** deberta-v2 only: number of log buckets on each side of relative position 0. */
  readonly positionBuckets?: number;
}

/** How parameter names begin in the Python libraries. */
export const namePrefix = { bert: 'bert', 'xlm-roberta': 'roberta', 'deberta-v2': 'deberta' } as const;

type Values = Readonly<Record<string, unknown>>;

/** Keys that must have one value, because nothing else is implemented. */
const commonRules: Values = {
  hidden_act: 'gelu',
  is_decoder: false,
  add_cross_attention: false,
  quantization_config: null,
};

const rules: Readonly<Record<ModelType, Values>> = {
  bert: { ...commonRules, position_embedding_type: 'absolute' },
  'xlm-roberta': { ...commonRules, position_embedding_type: 'absolute' },
  'deberta-v2': {
    ...commonRules,
    relative_attention: true,
    norm_rel_ebd: 'layer_norm',
    share_att_key: true,
    position_biased_input: false,
    max_relative_positions: -1,
    conv_kernel_size: 0,
  },
};

const usual: Values = {
  max_position_embeddings: 512,
  type_vocab_size: 2,
  pad_token_id: 0,
  layer_norm_eps: 1e-12,
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
};

/**
 * What an absent key means, in the Python libraries and so here. A rule's key that is not among these has the rule's
 * value; that of some of DeBERTa's is another, so that a file without them is refused.
 */
const defaults: Readonly<Record<ModelType, Values>> = {
  bert: usual,
  'xlm-roberta': { ...usual, pad_token_id: 1 },
  'deberta-v2': {
    ...usual,
    type_vocab_size: 0,
    layer_norm_eps: 1e-7,
    relative_attention: false,
    norm_rel_ebd: 'none',
    share_att_key: false,
    position_biased_input: true,
  },
};

/** @param json the parsed file; @param source its path, for messages. */
export function readEncoderConfig(json: unknown, source: string): EncoderConfig {
  if (typeof json !== 'object' || json === null) throw new UserError(`${source} is not a JSON object.`);
  const stated = json as Values;
  const modelType = stated.model_type === 'roberta' ? 'xlm-roberta' : stated.model_type;
  if (modelType !== 'bert' && modelType !== 'xlm-roberta' && modelType !== 'deberta-v2') {
    throw new UserError(
      `${source}: model_type "${String(stated.model_type)}" is not implemented. Implemented: bert, xlm-roberta, deberta-v2.`,
    );
  }
  const given: Values = { ...rules[modelType], ...defaults[modelType], ...stated };
  for (const [key, value] of Object.entries(rules[modelType])) {
    if (given[key] !== value) {
      throw new UserError(
        `${source}: ${key} = ${shown(given[key])}${key in stated ? '' : ' (the default, as the key is absent)'} ` +
          `is not implemented for ${modelType}; only ${JSON.stringify(value)} is.`,
      );
    }
  }
  const number = (
    key: string,
    allowed = 'a number',
    isAllowed: (value: number) => boolean = Number.isFinite,
  ): number => {
    const value = given[key];
    if (typeof value === 'number' && isAllowed(value)) return value;
    throw new UserError(`${source}: ${key} must be ${allowed}, not ${shown(value)}.`);
  };
  const rate = (key: string) => number(key, 'at least 0 and below 1', (value) => value >= 0 && value < 1);
  const whole = (key: string, least: number) => wholeNumber(`${source}: ${key}`, number(key), least);
  const config: EncoderConfig = {
    modelType,
    vocabularySize: whole('vocab_size', 1),
    hiddenSize: whole('hidden_size', 1),
    layers: whole('num_hidden_layers', 1),
    heads: whole('num_attention_heads', 1),
    intermediateSize: whole('intermediate_size', 1),
    maxPositions: whole('max_position_embeddings', 1),
    typeVocabularySize: whole('type_vocab_size', 0),
    padTokenId: whole('pad_token_id', 0),
    layerNormEpsilon: number('layer_norm_eps', 'a number above 0', (value) => value > 0 && value < Infinity),
    hiddenDropout: rate('hidden_dropout_prob'),
    attentionDropout: rate('attention_probs_dropout_prob'),
    tiedDecoder: given.tie_word_embeddings !== false,
  };
  if (config.hiddenSize % config.heads !== 0) {
    throw new UserError(
      `${source}: hidden_size ${config.hiddenSize} is not a multiple of num_attention_heads ${config.heads}.`,
    );
  }
  return modelType === 'deberta-v2' ? { ...config, positionBuckets: positionBuckets(given, source) } : config;
}

function positionBuckets(given: Values, source: string): number {
  const { pos_att_type: type } = given;
  const kinds = Array.isArray(type) ? type : typeof type === 'string' ? type.split('|') : [];
  if (kinds.length !== 2 || !kinds.includes('c2p') || !kinds.includes('p2c')) {
    throw new UserError(`${source}: pos_att_type ${JSON.stringify(type)} is not implemented; only "p2c|c2p" is.`);
  }
  const buckets = given.position_buckets;
  if (typeof buckets !== 'number' || !Number.isInteger(buckets) || buckets < 2) {
    throw new UserError(
      `${source}: position_buckets ${shown(buckets)} is not implemented; give a whole number of at least 2.`,
    );
  }
  if (typeof given.type_vocab_size === 'number' && given.type_vocab_size > 0) {
    throw new UserError(
      `${source}: type_vocab_size ${given.type_vocab_size} is not implemented for deberta-v2; only 0 is.`,
    );
  }
  return buckets;
}
