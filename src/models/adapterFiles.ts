/** Adapters and heads between a model and AdapterHub folders: loaded from Python's files, and given back to Python. */
import type { Adapter, LanguageAdapter } from '../adapters/stack';
import { adapterParameters } from '../adapters/stack';
import { UserError } from '../engine/errors';
import type { Parameter } from '../nn/parameter';
import type { ReadTensor } from '../nn/parameterFactory';
import type { AdapterModel } from './adapterModel';
import { readAdapter, readHead, writeAdapterHub, type NamedTensor, type WriteOptions } from './formats/adapterHub';
import type { BaseModelFacts } from './formats/adapterHubKeys';
import { lookUp } from './formats/tensorFile';
import type { Head, HeadConfig, HeadKind } from './heads';

/** Loads the language adapter of a folder under the name `loadAs` (default: its own). */
export function loadLanguageAdapter(model: AdapterModel, folder: string, loadAs?: string): LanguageAdapter {
  const file = readAdapter(folder, { model: factsOf(model), loadAs });
  if (file.kind !== 'bottleneck') throw new UserError(`${folder} holds a LoRA, which cannot be a language adapter.`);
  return model.addLanguageAdapter(file.name, file.config, tensorsOf(file.tensors, folder));
}

/** Loads a task adapter or a LoRA. */
export function loadTaskAdapter(model: AdapterModel, folder: string, loadAs?: string): Adapter {
  const file = readAdapter(folder, { model: factsOf(model), loadAs });
  return model.addTaskAdapter(file.name, file.config, tensorsOf(file.tensors, folder));
}

/** Loads a head of the adapters library, with its label names. */
export function loadHead(model: AdapterModel, folder: string, loadAs?: string): Head {
  const file = readHead(folder, { model: factsOf(model), loadAs });
  const { kind, labels } = file.config;
  const config = { kind, family: 'adapters', pooling: 'first', labels } as const;
  return model.addHead(file.name, config, tensorsOf(file.tensors, folder));
}

/**
 * Writes an adapter of the model, as it is now, such that the adapters library loads it. That of a run is the one after
 * its last step; after `run.useBest()` it is the one that `evaluate` scores.
 */
export function saveAdapter(model: AdapterModel, name: string, folder: string, options: WriteOptions = {}): void {
  const adapter = model.adapter(name);
  const common = { name, ...factsOf(model), tensors: namedTensors(adapterParameters(adapter)) };
  const item =
    adapter.role === 'lora'
      ? ({ kind: 'lora', config: adapter.config, ...common } as const)
      : ({ kind: 'bottleneck', config: adapter.config, ...common } as const);
  writeAdapterHub(folder, item, { modelName: model.name, ...options });
}

/**
 * Writes a head of the adapters family; Python reads the first token, so a head trained on the mean is refused.
 *
 * @param labels names by index, one for each choice of a multiple-choice head. Default: those of the head, if it has
 * any.
 */
export function saveHead(model: AdapterModel, name: string, folder: string, labels?: readonly string[]): void {
  const { config, parameters } = model.headNamed(name);
  if (config.family !== 'adapters') {
    throw new UserError(
      `Head "${name}" is a plain one of transformers; AdapterHub files hold those of the adapters library. ` +
        `Train with head: { pooling: 'first' } to give it to Python; the adapter itself can be saved.`,
    );
  }
  if (!isForPython(config)) {
    throw new UserError(
      `Head "${name}" reads the mean over tokens, which the Python library has no head for. ` +
        `Train with head: { pooling: 'first' } to give it to Python; the adapter itself can be saved.`,
    );
  }
  const { kind } = config;
  const names = labels ?? config.labels ?? defaultLabels(kind);
  const twice = names.find((label, i) => names.indexOf(label) < i);
  if (twice !== undefined) {
    throw new UserError(`Two labels of head "${name}" have the name "${twice}". Give each class a name of its own.`);
  }
  writeAdapterHub(
    folder,
    {
      kind: 'head',
      name,
      ...factsOf(model),
      config: { type: 'head', kind, labels: names },
      tensors: namedTensors(parameters),
    },
    { modelName: model.name },
  );
}

/** Whether `saveHead` can write the head such that it is the same in Python. */
export const hasHeadForPython = ({ config }: Head): boolean => config.family === 'adapters' && isForPython(config);

const isForPython = ({ pooling, kind }: HeadConfig): boolean => pooling === 'first' || kind.type === 'span';

const defaultLabels = (kind: HeadKind): string[] =>
  Array.from({ length: kind.type === 'classification' ? kind.classes : 2 }, (_, i) => `LABEL_${i}`);

/** What files say of the base that they are for. */
export function factsOf(model: AdapterModel): BaseModelFacts {
  const { modelType, hiddenSize, layers } = model.encoder.config;
  return { modelType, hiddenSize, layers };
}

const tensorsOf =
  (tensors: ReadonlyMap<string, NamedTensor>, folder: string): ReadTensor =>
  (name) =>
    lookUp(tensors, name, folder).data;

const namedTensors = (parameters: readonly Parameter[]): Map<string, NamedTensor> =>
  new Map(parameters.map(({ name, shape, value }) => [name, { shape, data: value.dataSync<'float32'>().slice() }]));
