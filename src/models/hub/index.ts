/**
 * Models, language adapters and data files from the Hugging Face hub, through the cache that Python uses as well. Only
 * the files that are needed are downloaded.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { refuseUnknownKeys } from '../../engine/errors';
import { WEIGHT_FILES } from '../formats/openTensorFile';
import { readIndex } from '../formats/shardedFile';
import { hubSettings, type HubSettings } from './environment';
import { adapterEntry, modelEntry, type AdapterActivation } from './manifest';
import { printProgress, type OnProgress } from './progress';
import { fetchSnapshot, type SnapshotRequest } from './snapshot';
import type { Repository } from './repository';

export { hubSettings, type HubSettings } from './environment';
export {
  adapterEntry,
  adapterLanguages,
  modelEntry,
  MODELS,
  type AdapterActivation,
  type AdapterEntry,
  type ModelEntry,
} from './manifest';
export { progressLine, type DownloadProgress, type OnProgress } from './progress';

export interface FetchOptions {
  /** Default: from the environment. */
  readonly settings?: HubSettings;
  /** Default: a line on standard error. */
  readonly onProgress?: OnProgress;
  /** Compare cached files with their hashes too. Default: presence. */
  readonly check?: 'content' | 'presence';
}

export interface Fetched {
  readonly folder: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** Every file was compared, in this call, with the hash that the hub gives it. */
  readonly verified: boolean;
  /** `owner/name@commit`: what results say of where it came from. */
  readonly source: string;
  /** What is not known for sure about this entry of the manifest. */
  readonly unverified: readonly string[];
}

/** Small files of a model that are taken when they exist. */
const MODEL_EXTRAS = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'];

/**
 * A model's folder with config, weights (one format) and vocabulary. `name`: a short name of the manifest, or any
 * `owner/name`. `files` names other files instead. Throws a UserError when a file cannot be had, with where to put it.
 */
export async function fetchModel(
  name: string,
  options: FetchOptions & { readonly files?: readonly string[] } = {},
): Promise<Fetched> {
  refuseUnknownKeys('fetchModel', options, ['settings', 'onProgress', 'check', 'files']);
  const { repository, aliases, revision, commit, weights, vocabulary, unverified } = modelEntry(name);
  const required = options.files?.map((file) => [file]) ?? [['config.json'], weights, vocabulary];
  const optional = options.files === undefined ? MODEL_EXTRAS : [];
  const request = { repositories: models(repository, ...aliases), revision, commit, required, optional };
  const found = await fetched(request, options, unverified);
  return options.files === undefined ? withShards(found, request, options) : found;
}

/** A folder with the tokenizer of such a model; its weights are not fetched. */
export async function fetchTokenizer(name: string, options: FetchOptions = {}): Promise<Fetched> {
  refuseUnknownKeys('fetchTokenizer', options, ['settings', 'onProgress', 'check']);
  const { repository, aliases, revision, commit, vocabulary, unverified } = modelEntry(name);
  const files = { required: [vocabulary], optional: MODEL_EXTRAS };
  return fetched({ repositories: models(repository, ...aliases), revision, commit, ...files }, options, unverified);
}

/** A published language adapter: its configuration and weights. `model`: any name of a model of the manifest. */
export async function fetchAdapter(
  model: string,
  language: string,
  options: FetchOptions & { readonly activation?: AdapterActivation } = {},
): Promise<Fetched> {
  refuseUnknownKeys('fetchAdapter', options, ['settings', 'onProgress', 'check', 'activation']);
  const { repository, revision, commit, unverified } = adapterEntry(model, language, options.activation);
  const required = [['adapter_config.json'], ['pytorch_adapter.bin', 'adapter.safetensors']]; // the one that Python takes first
  return fetched({ repositories: models(repository), revision, commit, required }, options, unverified);
}

/** One file of a data set's repository; returns its path. A branch is asked for anew when the hub can be reached. */
export async function fetchDatasetFile(
  repository: string,
  revision: string,
  file: string,
  options: FetchOptions = {},
): Promise<string> {
  refuseUnknownKeys('fetchDatasetFile', options, ['settings', 'onProgress', 'check']);
  const repositories = [{ type: 'dataset', name: repository }] as const;
  const { folder } = await fetched({ repositories, revision, required: [[file]] }, options, []);
  return path.join(folder, ...file.split('/'));
}

const models = (name: string, ...older: string[]): [Repository, ...Repository[]] => [
  { type: 'model', name },
  ...older.map((alias) => ({ type: 'model' as const, name: alias })),
];

async function fetched(
  request: SnapshotRequest,
  { settings = hubSettings(), onProgress = printProgress(), check }: FetchOptions,
  unverified: readonly string[],
): Promise<Fetched> {
  const { folder, commit, verified } = await fetchSnapshot(settings, request, { onProgress, check });
  return { folder, commit, verified, source: `${request.repositories[0].name}@${commit}`, unverified };
}

/** Weights in several files: their index came first and names the others. */
async function withShards(found: Fetched, request: SnapshotRequest, options: FetchOptions): Promise<Fetched> {
  const index = WEIGHT_FILES.find((name) => fs.existsSync(path.join(found.folder, name)));
  if (index === undefined || !index.endsWith('.index.json')) return found;
  const required = [...new Set(readIndex(path.join(found.folder, index)).values())].map((shard) => [shard]);
  const rest = await fetched({ ...request, commit: found.commit, required, optional: [] }, options, found.unverified);
  return { ...found, verified: found.verified && rest.verified };
}
