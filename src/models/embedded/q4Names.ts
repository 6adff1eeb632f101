/**
 * The tensors of the embedded model: their shapes, and what Hugging Face's BERT calls them.
 *
 *     l3.q.w  →  encoder.layer.3.attention.self.query.weight        [out, in] row-major, as in torch
 */
import { UserError } from '../../engine/errors';
import type { Q4Config, Q4File } from './q4File';

/** Parts of a layer: the short name, and BERT's. */
const LAYER_PARTS = {
  q: 'attention.self.query',
  k: 'attention.self.key',
  v: 'attention.self.value',
  ao: 'attention.output.dense',
  aln: 'attention.output.LayerNorm',
  fi: 'intermediate.dense',
  fo: 'output.dense',
  oln: 'output.LayerNorm',
} as const;

const EMBEDDING_NAMES: Readonly<Record<string, string>> = {
  'emb.word': 'embeddings.word_embeddings.weight',
  'emb.pos': 'embeddings.position_embeddings.weight',
  'emb.type': 'embeddings.token_type_embeddings.weight',
  'emb.ln.w': 'embeddings.LayerNorm.weight',
  'emb.ln.b': 'embeddings.LayerNorm.bias',
};

/** Every tensor of an encoder of these sizes, with its shape. */
export function tensorShapes(
  config: Pick<Q4Config, 'hiddenSize' | 'layers' | 'feedForwardSize' | 'vocabularySize' | 'positions' | 'tokenTypes'>,
): Map<string, number[]> {
  const { hiddenSize: H, feedForwardSize: F } = config;
  const shapes = new Map<string, number[]>([
    ['emb.word', [config.vocabularySize, H]],
    ['emb.pos', [config.positions, H]],
    ['emb.type', [config.tokenTypes, H]],
    ['emb.ln.w', [H]],
    ['emb.ln.b', [H]],
  ]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const part of Object.keys(LAYER_PARTS)) {
      const out = part === 'fi' ? F : H;
      const weight = part.endsWith('ln') ? [H] : [out, part === 'fo' ? F : H];
      shapes.set(`l${layer}.${part}.w`, weight);
      shapes.set(`l${layer}.${part}.b`, [out]);
    }
  }
  return shapes;
}

/** BERT's name (without the "bert." prefix) of a tensor of the embedded model. */
export function bertName(name: string): string {
  const embedding = EMBEDDING_NAMES[name];
  if (embedding !== undefined) return embedding;
  const [, layer, part, kind] = /^l(\d+)\.(\w+)\.([wb])$/.exec(name) ?? [];
  const long = LAYER_PARTS[part as keyof typeof LAYER_PARTS];
  if (long === undefined)
    throw new UserError(`"${name}" is not a tensor of the embedded model; its names are like emb.pos and l0.q.w.`);
  return `encoder.layer.${layer}.${long}.${kind === 'w' ? 'weight' : 'bias'}`;
}

/** All weights but the embedding table (see `Q4File.embeddingTable`), float32, by BERT's names. */
export function loadQ4Weights(file: Q4File): Map<string, { data: Float32Array; shape: number[] }> {
  const names = file.names.filter((name) => name !== 'emb.word');
  return new Map(names.map((name) => [bertName(name), { data: file.tensor(name), shape: file.shape(name) }]));
}
