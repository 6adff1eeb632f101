/**
 * Adapters and heads in folders of the adapters library (AdapterHub): a configuration and a weight file. What is read
 * is complete and fits its configuration, tensor by tensor; what is written is what that library loads.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BottleneckConfig } from '../../adapters/bottleneck';
import type { LoraConfig } from '../../adapters/lora';
import { replaceTogether } from '../../engine/atomicFile';
import { refuseUnknownKeys, shown, UserError } from '../../engine/errors';
import type { ModelType } from '../config';
import {
  adapterConfigJson,
  FORMAT_VERSION,
  headConfigJson,
  parseAdapterConfig,
  parseHeadConfig,
  type HubHeadConfig,
} from './adapterHubConfig';
import {
  adapterShapes,
  canonicalAdapterKey,
  canonicalHeadKey,
  headShapes,
  layersOf,
  type BaseModelFacts,
} from './adapterHubKeys';
import { readJsonObject, type JsonObject } from './jsonFile';
import { openTensorFile } from './openTensorFile';
import { writeSafetensors } from './safetensors';
import { checkFloats } from './tensorFile';
import { writeTorchZip } from './writeTorchZip';

export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface Common {
  /** The adapter's name within the tensors' names. */
  readonly name: string;
  readonly modelType: ModelType;
  readonly hiddenSize: number;
  /** Under the names that the adapters library gives them now, with `name` in them. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

export type HubAdapter =
  | (Common & { readonly kind: 'bottleneck'; readonly config: BottleneckConfig })
  | (Common & { readonly kind: 'lora'; readonly config: LoraConfig });

export type HubHead = Common & { readonly kind: 'head'; readonly config: HubHeadConfig };

export interface ReadOptions {
  /** The model that it is for; what does not fit it is refused. Default: only the file's own statements are checked. */
  readonly model?: BaseModelFacts;
  /** A new name. Default: the one in the file. */
  readonly loadAs?: string;
}

const ADAPTER = {
  config: 'adapter_config.json',
  safetensors: 'adapter.safetensors',
  pickle: 'pytorch_adapter.bin',
} as const;
const HEAD = {
  config: 'head_config.json',
  safetensors: 'model_head.safetensors',
  pickle: 'pytorch_model_head.bin',
} as const;

/** The names of all files that are written, each configuration after its weights. */
export const adapterHubFiles: readonly string[] = [ADAPTER, HEAD].flatMap(({ safetensors, pickle, config }) => [
  safetensors,
  pickle,
  config,
]);

/** Reads a bottleneck adapter or a LoRA. Throws a UserError that says what is missing or does not fit. */
export function readAdapter(folder: string, { model, loadAs }: ReadOptions = {}): HubAdapter {
  const source = path.join(folder, ADAPTER.config);
  const file = readJsonObject(source);
  const { name: savedName, modelType, hiddenSize } = identity(file, source);
  if (model !== undefined) checkModel({ modelType, hiddenSize }, model, source);
  const name = loadAs ?? savedName;
  const tensors = readTensors(folder, ADAPTER, (key) => canonicalAdapterKey(key, modelType, savedName, name));

  let config = parseAdapterConfig(file, source);
  if (config.type === 'bottleneck' && file.type === 'text_task' && !hasInvertible(tensors)) {
    // Old task adapters name an invertible adapter in their configuration and have none.
    const { invertibleReductionFactor: _, ...without } = config;
    config = without;
  }
  const layers = model?.layers ?? layersOf(tensors.keys(), config.type === 'bottleneck' ? config.leaveOut : []);
  checkTensors(tensors, adapterShapes(config, name, { modelType, hiddenSize, layers }), folder);
  const common = { name, modelType, hiddenSize, tensors };
  return config.type === 'lora' ? { kind: 'lora', config, ...common } : { kind: 'bottleneck', config, ...common };
}

/** Whether there is a head in the folder. */
export const holdsHead = (folder: string): boolean => fs.existsSync(path.join(folder, HEAD.config));

/** Reads a prediction head of the adapters library. */
export function readHead(folder: string, { model, loadAs }: ReadOptions = {}): HubHead {
  const source = path.join(folder, HEAD.config);
  const file = readJsonObject(source);
  const { name: savedName, modelType, hiddenSize } = identity(file, source);
  if (model !== undefined) checkModel({ modelType, hiddenSize }, model, source);
  const config = parseHeadConfig(file, source);
  const name = loadAs ?? savedName;
  const tensors = readTensors(folder, HEAD, (key) => canonicalHeadKey(key, savedName, name));
  checkTensors(tensors, headShapes(config, name, hiddenSize), folder);
  return { kind: 'head', name, modelType, hiddenSize, config, tensors };
}

export interface WriteOptions {
  /** The base model's name, for people; the library does not use it. Default "". */
  readonly modelName?: string;
  /** How numbers are stored. Default F32. */
  readonly floats?: 'F32' | 'F16' | 'BF16';
  /** Which weight files: Python loads `pickle` unless told otherwise; `safetensors` is half of `both`. Default both. */
  readonly weights?: 'both' | 'safetensors' | 'pickle';
}

/** Writes an adapter or a head such that the adapters library loads it. */
export function writeAdapterHub(folder: string, item: HubAdapter | HubHead, options: WriteOptions = {}): void {
  const { modelName = '', floats = 'F32', weights = 'both' } = options;
  refuseUnknownKeys('writeAdapterHub', options, ['modelName', 'floats', 'weights']);
  const { name, modelType, hiddenSize, tensors } = item;
  if (!/^[^./\\\s]+$/.test(name)) {
    throw new UserError(`"${name}" cannot name an adapter: names have no dots, slashes or spaces.`);
  }
  const shapes =
    item.kind === 'head'
      ? headShapes(item.config, name, hiddenSize)
      : adapterShapes(item.config, name, { modelType, hiddenSize, layers: layersOf(tensors.keys(), leftOut(item)) });
  checkTensors(tensors, shapes, `The ${item.kind} "${name}"`);

  const files = item.kind === 'head' ? HEAD : ADAPTER;
  const json = {
    config: sorted(item.kind === 'head' ? headConfigJson(item.config) : adapterConfigJson(item.config)),
    hidden_size: hiddenSize,
    model_class: MODEL_CLASSES[modelType],
    model_name: modelName,
    model_type: modelType,
    name,
    version: FORMAT_VERSION,
  };
  // A weight file that is not written anew must not stay there with other numbers.
  replaceTogether(folder, [files.safetensors, files.pickle, files.config], (aside) => {
    if (weights !== 'pickle') {
      writeSafetensors(path.join(aside, files.safetensors), tensors, { floats, metadata: { format: 'pt' } });
    }
    if (weights !== 'safetensors') writeTorchZip(path.join(aside, files.pickle), tensors, floats);
    fs.writeFileSync(path.join(aside, files.config), pythonJson(json));
  });
}

/** JSON in which whole values of float options have a decimal point: the library refuses the scaling 1 but not 1.0. */
const pythonJson = (json: object) =>
  `${JSON.stringify(json, undefined, 2).replace(/^( *"(?:scaling|dropout|stochastic_depth)": \d+)(?=,?$)/gm, '$1.0')}\n`;

const MODEL_CLASSES = {
  bert: 'BertAdapterModel',
  'xlm-roberta': 'XLMRobertaAdapterModel',
  'deberta-v2': 'DebertaV2AdapterModel',
} as const;

const leftOut = (item: HubAdapter) => (item.kind === 'bottleneck' ? item.config.leaveOut : []);
const sorted = (json: JsonObject) => Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));
const hasInvertible = (tensors: ReadonlyMap<string, unknown>) =>
  [...tensors.keys()].some((key) => key.includes('.invertible_adapters.'));

function identity(file: JsonObject, source: string): { name: string; modelType: ModelType; hiddenSize: number } {
  const { name, model_type: modelType, hidden_size: hiddenSize } = file;
  if (typeof name !== 'string' || name === '') throw new UserError(`${source} gives no name.`);
  if (typeof hiddenSize !== 'number' || !Number.isInteger(hiddenSize) || hiddenSize < 1) {
    throw new UserError(`${source}: hidden_size is ${shown(hiddenSize)}.`);
  }
  if (typeof modelType !== 'string' || !Object.hasOwn(MODEL_CLASSES, modelType)) {
    const known = Object.keys(MODEL_CLASSES).join(', ');
    throw new UserError(`${source}: model_type ${shown(modelType)} is not implemented; ${known} are.`);
  }
  return { name, modelType: modelType as ModelType, hiddenSize };
}

function checkModel(found: { modelType: ModelType; hiddenSize: number }, model: BaseModelFacts, source: string): void {
  if (found.modelType === model.modelType && found.hiddenSize === model.hiddenSize) return;
  throw new UserError(
    `${source} is for a ${found.modelType} model of hidden size ${found.hiddenSize}; ` +
      `this one is ${model.modelType} of hidden size ${model.hiddenSize}.`,
  );
}

/**
 * The tensors under their present names. The adapters library rewrites only one of the two files (the pickle, or with
 * `use_safetensors` the other), so that a folder can hold old weights beside new ones and nothing tells which is which:
 * where both files are there, they must agree.
 */
function readTensors(
  folder: string,
  files: { safetensors: string; pickle: string },
  rename: (key: string) => string,
): Map<string, NamedTensor> {
  const found = [files.safetensors, files.pickle].filter((name) => fs.existsSync(path.join(folder, name)));
  const [tensors, others] = found.map((name) => readWeightFile(path.join(folder, name), rename));
  if (tensors === undefined) throw new UserError(`${folder} has neither ${files.safetensors} nor ${files.pickle}.`);
  if (others !== undefined && !isDeepStrictEqual(tensors, others)) {
    throw new UserError(
      `${folder}: ${files.safetensors} and ${files.pickle} hold different weights, so one of them is out of date. ` +
        `Delete that one. (Python's adapters library writes and reads ${files.pickle} alone, unless use_safetensors is set.)`,
    );
  }
  return tensors;
}

function readWeightFile(source: string, rename: (key: string) => string): Map<string, NamedTensor> {
  const file = openTensorFile(source);
  try {
    const tensors = new Map<string, NamedTensor>();
    for (const key of file.names()) {
      const name = rename(key);
      if (tensors.has(name)) throw new UserError(`${source}: two tensors are named "${name}".`);
      checkFloats(file, key, source);
      tensors.set(name, file.read(key) as NamedTensor);
    }
    return tensors;
  } finally {
    file.close();
  }
}

/** The tensors must be exactly those of the configuration. */
function checkTensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  shapes: ReadonlyMap<string, number[]>,
  what: string,
): void {
  const missing = [...shapes.keys()].filter((key) => !tensors.has(key));
  const unexpected = [...tensors.keys()].filter((key) => !shapes.has(key));
  const some = (keys: string[]) =>
    `${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ` and ${keys.length - 3} more` : ''}`;
  if (missing.length > 0 || unexpected.length > 0) {
    throw new UserError(
      `${what} does not have the tensors that its configuration and model ask for.` +
        (missing.length > 0 ? ` Missing: ${some(missing)}.` : '') +
        (unexpected.length > 0 ? ` Not expected: ${some(unexpected)}.` : ''),
    );
  }
  for (const [key, shape] of shapes) {
    const given = tensors.get(key)!.shape;
    if (given.join() !== shape.join()) {
      throw new UserError(
        `${what}: "${key}" has the shape [${given.join(', ')}]; its configuration asks for [${shape.join(', ')}].`,
      );
    }
  }
}
