/** Adapters that were trained here go to AdapterHub folders and come back; what Python cannot hold is refused. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AdapterModel } from '../../src/models/adapterModel';
import { loadHead, loadLanguageAdapter, loadTaskAdapter, saveAdapter, saveHead } from '../../src/models/adapterFiles';
import { tinyEncoder } from '../../src/models/baseModel';
import { modelSummary } from '../../src/models/modelSummary';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-adapter-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bottleneck = { type: 'bottleneck', reductionFactor: 4, activation: 'relu', leaveOut: [] } as const;
const tiny = () => new AdapterModel('tiny-random', tinyEncoder());
const values = (model: AdapterModel, name: string) =>
  model.parametersOf(name).map(({ name: key, value }) => [key, [...value.dataSync()]]);

describe('saved and loaded', () => {
  test.each([
    ['task adapter', bottleneck],
    ['LoRA', { type: 'lora', rank: 4, alpha: 8 } as const],
  ])('%s', (_, config) => {
    const model = tiny();
    model.addTaskAdapter('mine', config, 3);
    saveAdapter(model, 'mine', folder);
    const other = tiny();
    const adapter = loadTaskAdapter(other, folder);
    expect(adapter.config).toEqual(config);
    expect(values(other, 'mine')).toEqual(values(model, 'mine'));
  });

  test('language adapter with its invertible adapter, under a new name', () => {
    const model = tiny();
    const config = { ...bottleneck, reductionFactor: 2, invertibleReductionFactor: 2, leaveOut: [3] };
    model.addLanguageAdapter('sw', config, 3);
    saveAdapter(model, 'sw', folder);
    const other = tiny();
    expect(loadLanguageAdapter(other, folder, 'kiswahili').config).toEqual(config);
    const renamed = values(model, 'sw').map(([key, v]) => [(key as string).replaceAll('.sw.', '.kiswahili.'), v]);
    expect(values(other, 'kiswahili')).toEqual(renamed);
  });

  test('head', () => {
    const model = tiny();
    const config = { kind: { type: 'classification', classes: 3 }, family: 'adapters', pooling: 'first' } as const;
    const head = model.addHead('nli', config, 3);
    const labels = ['entailment', 'neutral', 'contradiction'];
    saveHead(model, 'nli', folder, labels);
    const loaded = loadHead(tiny(), folder);
    expect(loaded.config).toEqual({ ...config, labels });
    expect(loaded.parameters.map(({ value }) => [...value.dataSync()])).toEqual(
      head.parameters.map(({ value }) => [...value.dataSync()]),
    );
  });
});

test.each([
  ['the names of the classes', { type: 'classification', classes: 3 }, ['entailment', 'neutral', 'contradiction']],
  ['the number of choices', { type: 'multipleChoice' }, ['LABEL_0', 'LABEL_1', 'LABEL_2', 'LABEL_3']],
] as const)('a head that was loaded is saved with %s', (_, kind, labels) => {
  const model = tiny();
  model.addHead('mine', { kind, family: 'adapters', pooling: 'first' }, 3);
  saveHead(model, 'mine', folder, labels);
  const [other, again] = [tiny(), join(folder, 'again')];
  loadHead(other, folder);
  saveHead(other, 'mine', again);
  const json = (at: string) => readFileSync(join(at, 'head_config.json'), 'utf8');
  expect(json(again)).toBe(json(folder));
  expect(Object.keys((JSON.parse(json(again)) as { config: { label2id: object } }).config.label2id)).toEqual(labels);
});

describe('refused', () => {
  test('a head that Python has no counterpart of', () => {
    const model = tiny();
    model.addHead('nli', { kind: { type: 'classification', classes: 3 }, family: 'adapters', pooling: 'mean' }, 3);
    expect(() => saveHead(model, 'nli', folder)).toThrow(/mean over tokens.*pooling: 'first'/);
  });

  test('labels of which two have one name: Python reads them by name', () => {
    const model = tiny();
    model.addHead('nli', { kind: { type: 'classification', classes: 3 }, family: 'adapters', pooling: 'first' }, 3);
    expect(() => saveHead(model, 'nli', folder, ['a', 'a', 'b'])).toThrow(
      /^Two labels of head "nli" have the name "a"\. Give each class a name of its own\.$/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an adapter of another size, and a LoRA as a language adapter', () => {
    const model = tiny();
    model.addTaskAdapter('mine', bottleneck, 3);
    saveAdapter(model, 'mine', folder);
    const larger = new AdapterModel('larger', tinyEncoder({ hiddenSize: 64 }));
    expect(() => loadTaskAdapter(larger, folder)).toThrow(/hidden/);
    const lora = join(folder, 'lora');
    model.addTaskAdapter('low', { type: 'lora', rank: 4, alpha: 8 }, 3);
    saveAdapter(model, 'low', lora);
    expect(() => loadLanguageAdapter(tiny(), lora)).toThrow(/cannot be a language adapter/);
  });

  test('a model without adapters, as full fine-tuning has it', () => {
    expect(() => saveAdapter(tiny(), 'task', folder)).toThrow(
      /^No adapter "task": this model has none\. Full fine-tuning \(method: \{ type: 'full' \}\) trains the base model itself.*type: 'bottleneck'.*'lora'/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('impossible stacks', () => {
    const model = tiny();
    model.addTaskAdapter('task', bottleneck, 1);
    model.addLanguageAdapter('sw', bottleneck, 1);
    expect(() => model.activate({ language: 'task' })).toThrow(/cannot be the language adapter/);
    expect(() => model.activate({ task: 'sw' })).toThrow(/is a language adapter/);
    expect(() => model.activate({ task: 'nothing' })).toThrow(/No adapter "nothing". Adapters: task, sw/);
  });
});

test('a model as a table', () => {
  const model = tiny();
  model.addTaskAdapter('task', bottleneck, 1);
  model.activate({ task: 'task' });
  const rows = modelSummary(model);
  expect(rows.filter(({ role }) => role === 'taskAdapter')).toEqual(
    [0, 1, 2, 3].map((layer) => ({
      role: 'taskAdapter',
      layer: String(layer),
      tensors: 4,
      parameters: 2 * 32 * 8 + 8 + 32,
      trainable: 2 * 32 * 8 + 8 + 32,
    })),
  );
  expect(rows.filter(({ role }) => role === 'base').every(({ trainable }) => trainable === 0)).toBe(true);
});
