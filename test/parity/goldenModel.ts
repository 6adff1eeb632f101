/** A fixture's base model with its adapters and heads, the values read from the fixture's own files. */
import { join } from 'node:path';
import { tf } from '../../src/engine/tf';
import { loadHead, loadLanguageAdapter, loadTaskAdapter } from '../../src/models/adapterFiles';
import { AdapterModel, type ModelBatch } from '../../src/models/adapterModel';
import { openFolder } from '../../src/models/baseModel';
import { openTensorFile } from '../../src/models/formats/openTensorFile';
import type { HeadConfig } from '../../src/models/heads';
import type { ReadTensor } from '../../src/nn/parameterFactory';
import { parityFolder, type Golden, type Kind } from './fixture';

const reader = (path: string): ReadTensor => {
  const file = openTensorFile(path);
  return (name) => file.read(name).data as Float32Array;
};

const headConfig = {
  cls: { kind: { type: 'classification', classes: 3 }, pooling: 'first' },
  mc: { kind: { type: 'multipleChoice' }, pooling: 'first' },
  qa: { kind: { type: 'span' }, pooling: 'first' },
} as const satisfies Record<string, Omit<HeadConfig, 'family'>>;

export function goldenModel(kind: Kind): AdapterModel {
  const folder = join(parityFolder, kind);
  const model = new AdapterModel(kind, openFolder(folder));
  const adapter = (name: string) => join(folder, 'adapters', name);
  for (const name of ['en', 'sw', 'en_drop_last']) loadLanguageAdapter(model, adapter(name));
  for (const name of ['task', 'lora', 'lora16']) loadTaskAdapter(model, adapter(name));
  for (const name of ['cls', 'mc', 'qa']) loadHead(model, adapter(`head_${name}`));
  return model;
}

/** The head of the plain transformers model, under the name "static". */
export function addStaticHead(model: AdapterModel, kind: Kind, task: 'cls' | 'mc' | 'qa'): void {
  const heads = reader(join(parityFolder, kind, 'heads.safetensors'));
  const read: ReadTensor = (name, shape, initial) =>
    heads(name.replace('static.static', `static.${task}`), shape, initial);
  model.addHead('static', { ...headConfig[task], family: 'transformers' }, read);
}

export function goldenBatch(inputs: Record<string, Golden>): ModelBatch {
  const ids = inputs.input_ids!;
  const [examples, ...rest] = ids.shape as [number, ...number[]];
  const tokens = rest.at(-1)!;
  const ints = (name: string) => Int32Array.from(inputs[name]?.data ?? new Int32Array(ids.data.length));
  return {
    examples,
    sequencesPerExample: rest.length === 2 ? rest[0]! : 1,
    tokens,
    inputIds: ints('input_ids'),
    attentionMask: ints('attention_mask'),
    tokenTypeIds: ints('token_type_ids'),
  };
}

/** The largest absolute deviation from a golden tensor. */
export function deviation(actual: tf.Tensor | Float32Array, golden: Golden): number {
  const data = actual instanceof tf.Tensor ? actual.dataSync() : actual;
  if (data.length !== golden.data.length) throw new Error(`${data.length} values, ${golden.data.length} expected`);
  return golden.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - data[i]!)), 0);
}
