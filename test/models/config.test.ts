/** `config.json` of base models: what an absent key means, and what is refused by name. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { readEncoderConfig } from '../../src/models/config';

const sizes = {
  vocab_size: 100,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
};
/** As mDeBERTa's own file, without numbers that are the library's defaults. */
const deberta = {
  model_type: 'deberta-v2',
  ...sizes,
  hidden_act: 'gelu',
  relative_attention: true,
  norm_rel_ebd: 'layer_norm',
  share_att_key: true,
  position_biased_input: false,
  max_relative_positions: -1,
  position_buckets: 16,
  pos_att_type: 'p2c|c2p',
};
const read = (json: object) => readEncoderConfig(json, 'config.json');

describe("absent keys have the Python library's defaults", () => {
  test.each([
    ['bert', { typeVocabularySize: 2, padTokenId: 0, layerNormEpsilon: 1e-12 }],
    ['xlm-roberta', { typeVocabularySize: 2, padTokenId: 1, layerNormEpsilon: 1e-12 }],
    ['roberta', { typeVocabularySize: 2, padTokenId: 1, layerNormEpsilon: 1e-12 }],
  ])('%s', (model_type, own) => {
    const rest = { maxPositions: 512, hiddenDropout: 0.1, attentionDropout: 0.1, tiedDecoder: true };
    expect(read({ model_type, ...sizes })).toMatchObject({ ...own, ...rest });
  });

  test('deberta-v2', () => {
    expect(read(deberta)).toMatchObject({
      typeVocabularySize: 0,
      padTokenId: 0,
      layerNormEpsilon: 1e-7,
      maxPositions: 512,
      positionBuckets: 16,
    });
  });

  test.each([
    ['relative_attention', 'false'],
    ['norm_rel_ebd', '"none"'],
    ['share_att_key', 'false'],
    ['position_biased_input', 'true'],
  ])('deberta-v2 without %s has it as %s, and is refused', (key, value) => {
    const { [key as keyof typeof deberta]: _, ...without } = deberta;
    expect(() => read(without)).toThrow(UserError);
    expect(() => read(without)).toThrow(`${key} = ${value} (the default, as the key is absent) is not implemented`);
  });

  test.each(['max_relative_positions', 'hidden_act'])('deberta-v2 without %s is as with it', (key) => {
    const { [key as keyof typeof deberta]: _, ...without } = deberta;
    expect(read(without)).toEqual(read(deberta));
  });
});

test.each([
  [{ hidden_act: 'relu' }, 'hidden_act = "relu" is not implemented for bert; only "gelu" is'],
  [{ position_embedding_type: 'relative_key' }, 'position_embedding_type = "relative_key"'],
  [{ is_decoder: true }, 'is_decoder = true'],
  [
    { quantization_config: { load_in_8bit: true } },
    'quantization_config = {"load_in_8bit":true} is not implemented for bert',
  ],
  [{ vocab_size: undefined }, 'vocab_size must be a number'],
  [{ num_hidden_layers: 0 }, 'num_hidden_layers must be a whole number of at least 1, not 0'],
  [{ hidden_size: 767.5 }, 'hidden_size must be a whole number of at least 1, not 767.5'],
  [{ pad_token_id: -1 }, 'pad_token_id must be a whole number of at least 0, not -1'],
  [{ hidden_size: 30 }, 'hidden_size 30 is not a multiple'],
  [{ layer_norm_eps: 0 }, 'layer_norm_eps must be a number above 0, not 0'],
  [{ hidden_dropout_prob: 1 }, 'hidden_dropout_prob must be at least 0 and below 1, not 1'],
  [{ attention_probs_dropout_prob: -0.1 }, 'attention_probs_dropout_prob must be at least 0 and below 1, not -0.1'],
])('a bert with %o is refused', (change, message) => {
  expect(() => read({ model_type: 'bert', ...sizes, ...change })).toThrow(message);
});

test.each([
  [{ pos_att_type: ['p2c'] }, 'pos_att_type ["p2c"] is not implemented; only "p2c|c2p" is'],
  [{ position_buckets: -1 }, 'position_buckets -1 is not implemented; give a whole number of at least 2'],
  [{ position_buckets: 2.5 }, 'position_buckets 2.5 is not implemented'],
  [{ position_buckets: undefined }, 'position_buckets nothing is not implemented'],
  [{ type_vocab_size: 2 }, 'type_vocab_size 2 is not implemented for deberta-v2; only 0 is'],
])('a deberta-v2 with %o is refused', (change, message) => {
  expect(() => read({ ...deberta, ...change })).toThrow(message);
});

test('the decoder of its masked-LM head may be one of its own', () => {
  expect(read({ model_type: 'bert', ...sizes, tie_word_embeddings: false }).tiedDecoder).toBe(false);
});
