import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/engine/errors';
import {
  readAdapter,
  readHead,
  writeAdapterHub,
  type HubAdapter,
  type HubHead,
} from '../../../src/models/formats/adapterHub';
import {
  adapterConfigJson,
  headConfigJson,
  parseAdapterConfig,
  parseHeadConfig,
} from '../../../src/models/formats/adapterHubConfig';
import { openTensorFile } from '../../../src/models/formats/openTensorFile';
import { writeSafetensors } from '../../../src/models/formats/safetensors';
import { fillDisk } from '../../fullDisk';
import { adapterFolder, fixturesExist, fixturesTitle, modelKinds } from './fixtureFolder';
import { temporaryFolder } from '../../temporaryFolder';

const folder = temporaryFolder();
let count = 0;
const newFolder = () => path.join(folder, String(count++));

const tensor = (...shape: number[]) => {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length }, (_, i) => Math.fround(i / 7 - length / 20)) };
};

/** A small `seq_bn_inv` for a one-layer XLM-R of hidden size 8. */
function smallAdapter(): HubAdapter & { kind: 'bottleneck' } {
  const layer = 'roberta.encoder.layer.0.output.adapters.sw';
  const inverse = 'roberta.invertible_adapters.sw';
  const tensors = new Map([
    [`${layer}.adapter_down.0.weight`, tensor(4, 8)],
    [`${layer}.adapter_down.0.bias`, tensor(4)],
    [`${layer}.adapter_up.weight`, tensor(8, 4)],
    [`${layer}.adapter_up.bias`, tensor(8)],
    ...['F', 'G'].flatMap((part): [string, ReturnType<typeof tensor>][] => [
      [`${inverse}.${part}.0.weight`, tensor(2, 4)],
      [`${inverse}.${part}.0.bias`, tensor(2)],
      [`${inverse}.${part}.2.weight`, tensor(4, 2)],
      [`${inverse}.${part}.2.bias`, tensor(4)],
    ]),
  ]);
  const config = {
    type: 'bottleneck',
    reductionFactor: 2,
    activation: 'relu',
    invertibleReductionFactor: 2,
    leaveOut: [],
  } as const;
  return { kind: 'bottleneck', name: 'sw', modelType: 'xlm-roberta', hiddenSize: 8, config, tensors };
}

const smallHead: HubHead = {
  kind: 'head',
  name: 'nli',
  modelType: 'bert',
  hiddenSize: 4,
  config: {
    type: 'head',
    kind: { type: 'classification', classes: 3 },
    labels: ['entailment', 'neutral', 'contradiction'],
  },
  tensors: new Map([
    ['heads.nli.1.weight', tensor(4, 4)],
    ['heads.nli.1.bias', tensor(4)],
    ['heads.nli.4.weight', tensor(3, 4)],
    ['heads.nli.4.bias', tensor(3)],
  ]),
};

const byName = (tensors: HubAdapter['tensors']) =>
  Object.fromEntries([...tensors].sort(([a], [b]) => (a < b ? -1 : 1)));

const other = (tensors: HubAdapter['tensors']) =>
  new Map([...tensors].map(([key, { shape, data }]) => [key, { shape, data: data.map((x) => x + 1) }]));

describe('what was written is read back', () => {
  test.each(['both', 'safetensors', 'pickle'] as const)('an adapter, weights: %s', (weights) => {
    const to = newFolder();
    writeAdapterHub(to, smallAdapter(), { weights });
    const { tensors, ...rest } = readAdapter(to, { model: { modelType: 'xlm-roberta', hiddenSize: 8, layers: 1 } });
    const { tensors: expected, ...expectedRest } = smallAdapter();
    expect(rest).toEqual(expectedRest);
    expect(byName(tensors)).toEqual(byName(expected));
  });

  test('a head, under another name', () => {
    const to = newFolder();
    writeAdapterHub(to, smallHead);
    const head = readHead(to, { loadAs: 'xnli' });
    expect(head.config).toEqual(smallHead.config);
    expect([...head.tensors.keys()].sort()).toEqual(
      [1, 4].flatMap((i) => [`heads.xnli.${i}.bias`, `heads.xnli.${i}.weight`]),
    );
    expect(head.tensors.get('heads.xnli.4.weight')).toEqual(smallHead.tensors.get('heads.nli.4.weight'));
  });

  test('with 16 bits a number, rounded', () => {
    const to = newFolder();
    writeAdapterHub(to, smallAdapter(), { floats: 'F16' });
    expect(
      openTensorFile(path.join(to, 'adapter.safetensors')).info('roberta.invertible_adapters.sw.F.0.bias').dtype,
    ).toBe('F16');
    const read = readAdapter(to);
    for (const [key, { data }] of smallAdapter().tensors) {
      read.tensors
        .get(key)!
        .data.forEach((value, i) =>
          expect(Math.abs(value - data[i]!)).toBeLessThanOrEqual(Math.abs(data[i]!) * 2 ** -11),
        );
    }
  });

  test('whole float options are written as floats, which the Python library insists on', () => {
    const to = newFolder();
    writeAdapterHub(to, smallAdapter());
    const text = fs.readFileSync(path.join(to, 'adapter_config.json'), 'utf8');
    expect(text).toContain('"scaling": 1.0,');
    expect(text).toContain('"reduction_factor": 2,');
  });

  test('a weight file of before does not survive', () => {
    const to = newFolder();
    writeAdapterHub(to, smallAdapter(), { weights: 'pickle' });
    writeAdapterHub(to, smallAdapter(), { weights: 'safetensors' });
    expect(fs.readdirSync(to).sort()).toEqual(['adapter.safetensors', 'adapter_config.json']);
  });

  test('on a full disk, the adapter of before stays', () => {
    const to = newFolder();
    const before = smallAdapter();
    writeAdapterHub(to, before);
    const files = fs.readdirSync(to);
    const trained = { ...before, tensors: other(before.tensors) };
    const makeRoom = fillDisk();
    try {
      expect(() => writeAdapterHub(to, trained)).toThrow(/The disk is full/);
    } finally {
      makeRoom();
    }
    expect(fs.readdirSync(to)).toEqual(files);
    expect(byName(readAdapter(to).tensors)).toEqual(byName(before.tensors));
  });
});

describe('two weight files that differ, because Python rewrote only one of them', () => {
  test.each([
    ['the pickle, as by default', 'pickle', 'pytorch_adapter.bin'],
    ['the other, as with use_safetensors', 'safetensors', 'adapter.safetensors'],
  ] as const)('%s: neither is taken, until the old one is deleted', (_, weights, file) => {
    const [to, python] = [newFolder(), newFolder()];
    writeAdapterHub(to, smallAdapter());
    const trained = { ...smallAdapter(), tensors: other(smallAdapter().tensors) };
    writeAdapterHub(python, trained, { weights });
    fs.copyFileSync(path.join(python, file), path.join(to, file));
    expect(() => readAdapter(to)).toThrow(UserError);
    expect(() => readAdapter(to)).toThrow(/adapter.safetensors and pytorch_adapter.bin hold different weights.*Delete/);
    for (const name of ['adapter.safetensors', 'pytorch_adapter.bin']) {
      if (name !== file) fs.rmSync(path.join(to, name));
    }
    expect(byName(readAdapter(to).tensors)).toEqual(byName(trained.tensors));
  });

  test('a head', () => {
    const [to, python] = [newFolder(), newFolder()];
    writeAdapterHub(to, smallHead);
    writeAdapterHub(python, { ...smallHead, tensors: other(smallHead.tensors) });
    fs.copyFileSync(path.join(python, 'pytorch_model_head.bin'), path.join(to, 'pytorch_model_head.bin'));
    expect(() => readHead(to)).toThrow(/model_head.safetensors and pytorch_model_head.bin hold different weights/);
  });
});

describe('what does not fit is refused', () => {
  test('integers in place of floats', () => {
    const to = newFolder();
    writeAdapterHub(to, smallAdapter(), { weights: 'safetensors' });
    const integers = new Map(
      [...smallAdapter().tensors].map(([key, { shape, data }]) => [key, { shape, data: Int32Array.from(data) }]),
    );
    writeSafetensors(path.join(to, 'adapter.safetensors'), integers);
    expect(() => readAdapter(to)).toThrow('holds I64 numbers, and weights are floats');
  });

  test('tensors that are missing or too many, on writing and on reading', () => {
    const adapter = smallAdapter();
    const tensors = new Map(adapter.tensors);
    tensors.delete('roberta.invertible_adapters.sw.F.0.bias');
    expect(() => writeAdapterHub(newFolder(), { ...adapter, tensors })).toThrow(
      'Missing: roberta.invertible_adapters.sw.F.0.bias.',
    );
    const to = newFolder();
    writeAdapterHub(to, adapter);
    const model = { modelType: 'xlm-roberta', hiddenSize: 8, layers: 2 } as const;
    expect(() => readAdapter(to, { model })).toThrow(
      'Missing: roberta.encoder.layer.1.output.adapters.sw.adapter_down.0.weight',
    );
    expect(() => readAdapter(to, { model: { ...model, layers: 0 } })).toThrow('Not expected: roberta.encoder.layer.0');
    expect(() => readAdapter(to, { model: { ...model, modelType: 'bert' } })).toThrow('is for a xlm-roberta model');
    expect(() => readAdapter(to, { model: { ...model, hiddenSize: 16 } })).toThrow('hidden size 16');
  });

  test('a shape that the configuration does not ask for', () => {
    const adapter = smallAdapter();
    expect(() =>
      writeAdapterHub(newFolder(), { ...adapter, config: { ...adapter.config, reductionFactor: 4 } }),
    ).toThrow('has the shape [4, 8]; its configuration asks for [2, 8]');
  });

  test.each([
    [{ ln_before: true }, 'ln_before = true is not implemented; only false is'],
    [{ mh_adapter: true }, 'mh_adapter = true'],
    [{ reduction_factor: { default: 16 } }, 'reduction_factor must be a positive number, not {"default":16}'],
    [{ non_linearity: 'leakyrelu' }, 'non_linearity "leakyrelu" is not implemented; relu, gelu, gelu_new, tanh are'],
    [{ inv_adapter: 'glow' }, 'inv_adapter "glow"'],
    [{ scaling: 'learned' }, 'scaling = "learned"'],
    [{ leave_out: [1e9] }, 'leave_out must be a list of layers'],
    [{ constructor: true }, 'constructor = true is not known'],
    [{ architecture: 'prefix_tuning' }, 'architecture "prefix_tuning" is not implemented'],
  ])('an adapter with %o', (change, message) => {
    const config = { ...adapterConfigJson(smallAdapter().config), ...change };
    expect(() => parseAdapterConfig({ config, version: '0.2.0' }, 'file')).toThrow(UserError);
    expect(() => parseAdapterConfig({ config, version: '0.2.0' }, 'file')).toThrow(message);
  });

  test.each([
    [{ use_dora: true }, 'use_dora = true'],
    [{ attn_matrices: ['q', 'k', 'v'] }, 'attn_matrices = ["q","k","v"]'],
    [{ r: 0 }, 'r must be a positive number'],
  ])('a LoRA with %o', (change, message) => {
    const config = { ...adapterConfigJson({ type: 'lora', rank: 8, alpha: 8 }), ...change };
    expect(() => parseAdapterConfig({ config }, 'file')).toThrow(message);
  });

  test.each([
    [{ head_type: 'masked_lm' }, 'head_type "masked_lm" is not implemented'],
    [{ use_pooler: true }, 'use_pooler = true'],
    [{ layers: 3 }, 'layers = 3'],
    [{ label2id: { a: 7 } }, 'label "a" has the number 7'],
  ])('a head with %o', (change, message) => {
    expect(() => parseHeadConfig({ config: { ...headConfigJson(smallHead.config), ...change } }, 'file')).toThrow(
      message,
    );
  });

  test('a head of a plain transformers model, by its name', () => {
    const file = { config: null, model_class: 'BertForSequenceClassification', num_labels: 3 };
    expect(() => parseHeadConfig(file, 'head_config.json')).toThrow('BertForSequenceClassification');
  });

  test.each(['a.b', 'a/b', '', 'a b'])('the name "%s"', (name) => {
    expect(() => writeAdapterHub(newFolder(), { ...smallAdapter(), name })).toThrow('cannot name an adapter');
  });
});

describe('quirks of old files', () => {
  const config = (change: object) => ({ ...adapterConfigJson(smallAdapter().config), ...change });

  test('without a version, gelu means the tanh form and gelu_orig the exact one', () => {
    const activation = (file: object) =>
      (parseAdapterConfig(file as never, 'file') as { activation: string }).activation;
    expect(activation({ config: config({ non_linearity: 'gelu' }) })).toBe('gelu_new');
    expect(activation({ config: config({ non_linearity: 'gelu_orig' }) })).toBe('gelu');
    expect(activation({ config: config({ non_linearity: 'gelu' }), version: '0.2.0' })).toBe('gelu');
  });

  test('the invertible adapter of version 1 is nested', () => {
    const nested = { block_type: 'nice', non_linearity: 'relu', reduction_factor: 4 };
    const {
      inv_adapter: _,
      inv_adapter_reduction_factor: __,
      ...old
    } = config({ invertible_adapter: nested }) as Record<string, unknown>;
    expect(parseAdapterConfig({ config: old }, 'file')).toMatchObject({ invertibleReductionFactor: 4 });
  });

  test('the spelling of the first releases, with options of their fusion layers', () => {
    const first = {
      ...{
        LN_after: false,
        LN_before: false,
        MH_Adapter: false,
        Output_Adapter: true,
        adapter_residual_before_ln: false,
      },
      ...{ attention_type: 'sent-lvl-dynamic', new_attention_norm: false, non_linearity: 'gelu', reduction_factor: 2 },
      ...{ original_ln_after: true, original_ln_before: true, residual_before_ln: true },
      invertible_adapter: { block_type: 'nice', non_linearity: 'gelu', reduction_factor: 2 },
    };
    const expected = {
      type: 'bottleneck',
      reductionFactor: 2,
      activation: 'gelu_new',
      invertibleReductionFactor: 2,
      leaveOut: [],
    };
    expect(parseAdapterConfig({ config: first }, 'file')).toEqual(expected);
    expect(() => parseAdapterConfig({ config: { ...first, MH_Adapter: true } }, 'file')).toThrow('mh_adapter = true');
  });

  test('an option whose default in the library is another than ours must be given', () => {
    const { original_ln_before: _, ...without } = config({}) as Record<string, unknown>;
    expect(() => parseAdapterConfig({ config: without }, 'file')).toThrow('does not give original_ln_before');
  });

  test.each([
    ['adapters.1.0.1', 8],
    ['adapters.1.1.0', 16],
    ['3.2.1', 16],
  ])('a LoRA with r 8, alpha 16 from %s has alpha %i', (version, alpha) => {
    const file = { config: adapterConfigJson({ type: 'lora', rank: 8, alpha: 16 }), version };
    expect(parseAdapterConfig(file, 'file')).toEqual({ type: 'lora', rank: 8, alpha });
  });

  test('an old task adapter names an invertible adapter that it does not have; macOS leaves ._ files', () => {
    const to = newFolder();
    const { invertibleReductionFactor: _, ...plain } = smallAdapter().config;
    const tensors = new Map([...smallAdapter().tensors].filter(([key]) => !key.includes('invertible')));
    writeAdapterHub(to, { ...smallAdapter(), config: plain, tensors });
    fs.writeFileSync(path.join(to, '._adapter_config.json'), Uint8Array.of(0, 5, 22, 7));
    const file = path.join(to, 'adapter_config.json');
    const json = JSON.parse(fs.readFileSync(file, 'utf8')) as { config: object };
    const withInvertible = { ...json, config: config({}) };
    fs.writeFileSync(file, JSON.stringify({ ...withInvertible, type: 'text_task' }));
    expect(readAdapter(to).config).toEqual(plain);
    fs.writeFileSync(file, JSON.stringify({ ...withInvertible, type: 'text_lang' }));
    expect(() => readAdapter(to)).toThrow('Missing: roberta.invertible_adapters.sw.F.0.weight');
  });
});

describe.skipIf(!fixturesExist)(fixturesTitle, () => {
  const everyKind = (names: string[]) => modelKinds.flatMap((kind) => names.map((name) => [kind, name] as const));

  test.each(everyKind(['en', 'sw', 'en_drop_last', 'task', 'lora', 'lora16']))(
    '%s/%s: read, written, read: nothing changes',
    (kind, name) => {
      const adapter = readAdapter(adapterFolder(kind, name));
      const to = newFolder();
      writeAdapterHub(to, adapter);
      const { tensors, ...rest } = readAdapter(to);
      const { tensors: expected, ...expectedRest } = adapter;
      expect(rest).toEqual(expectedRest);
      expect(byName(tensors)).toEqual(byName(expected));
      // the options that the library wrote, and ours, are the same
      const json = (at: string) => JSON.parse(fs.readFileSync(path.join(at, 'adapter_config.json'), 'utf8')) as object;
      expect(json(to)).toEqual(json(adapterFolder(kind, name)));
    },
  );

  test.each(everyKind(['head_cls', 'head_mc', 'head_qa']))(
    '%s/%s: read, written, read: nothing changes',
    (kind, name) => {
      const head = readHead(adapterFolder(kind, name));
      const to = newFolder();
      writeAdapterHub(to, head);
      expect(byName(readHead(to).tensors)).toEqual(byName(head.tensors));
      const json = (at: string) => JSON.parse(fs.readFileSync(path.join(at, 'head_config.json'), 'utf8')) as object;
      expect(json(to)).toEqual(json(adapterFolder(kind, name)));
    },
  );

  test.each(modelKinds)('%s: the old hub file is the new one, under its own or another name', (kind) => {
    const now = readAdapter(adapterFolder(kind, 'en'));
    const old = readAdapter(adapterFolder(kind, 'en_old_hub'), { loadAs: 'en' });
    expect(old.config).toEqual(now.config);
    expect(byName(old.tensors)).toEqual(byName(now.tensors));
    const other = readAdapter(adapterFolder(kind, 'en_old_hub'), { loadAs: 'english' });
    expect([...other.tensors.keys()].every((key) => key.includes('dapters.english.'))).toBe(true);
  });
});
