import { describe, expect, test } from 'vitest';
import { WEIGHT_FILES } from '../../../src/models/formats/openTensorFile';
import { adapterEntry, adapterLanguages, modelEntry, MODELS } from '../../../src/models/hub/manifest';
import { hubSettings } from '../../../src/models/hub/environment';
import { progressLine } from '../../../src/models/hub/progress';
import * as path from 'node:path';
import * as os from 'node:os';

describe('language adapters', () => {
  test.each([
    ['xlm-roberta-base', 'sw', 'AdapterHub/xlm-roberta-base-sw-wiki_pfeiffer', 'relu'],
    ['bert-base-multilingual-cased', 'de', 'AdapterHub/bert-base-multilingual-cased-de-wiki_pfeiffer', 'gelu'],
    ['bert-base-multilingual-cased', 'en', 'AdapterHub/bert-base-multilingual-cased-en-wiki_pfeiffer_relu', 'relu'],
    ['bert-base-multilingual-cased', 'sw', 'AdapterHub/bert-base-multilingual-cased-sw-wiki_pfeiffer', 'gelu'],
    ['bert-base-multilingual-cased', 'tr', 'AdapterHub/bert-base-multilingual-cased_tr_wiki_pfeiffer', 'gelu'],
    ['bert-base-multilingual-cased', 'id', 'AdapterHub/bert-base-multilingual-cased_wiki_id_pfeiffer', 'gelu'],
    ['bert-base-multilingual-cased', 'gn', 'AdapterHub/bert-base-multilingual-cased-gn-wiki_pfeiffer_relu', 'relu'],
  ])('%s %s', (model, language, repository, activation) => {
    expect(adapterEntry(model, language)).toMatchObject({ repository, activation });
  });

  test.each([
    ['FacebookAI/xlm-roberta-base', 'xlm-roberta-base'],
    ['google-bert/bert-base-multilingual-cased', 'bert-base-multilingual-cased'],
  ])('%s is %s', (model, short) => {
    expect(adapterLanguages(model)).toEqual(adapterLanguages(short));
    expect(adapterEntry(model, 'sw')).toEqual(adapterEntry(short, 'sw'));
  });

  test('either activation where both are published', () => {
    const of = (activation: 'relu' | 'gelu') =>
      adapterEntry('bert-base-multilingual-cased', 'en', activation).repository;
    expect(of('gelu')).toBe('AdapterHub/bert-base-multilingual-cased-en-wiki_pfeiffer');
    expect(of('relu')).toBe('AdapterHub/bert-base-multilingual-cased-en-wiki_pfeiffer_relu');
    expect(() => adapterEntry('bert-base-multilingual-cased', 'de', 'relu')).toThrow(
      'No language adapter with relu for "de"',
    );
  });

  test.each([
    ['xlm-roberta-base', 'hu'],
    ['bert-base-multilingual-cased', 'it'],
    ['bert-base-multilingual-cased', 'ta'],
    ['bert-base-multilingual-cased', 'th'],
  ])('%s has none for %s, and says which there are', (model, language) => {
    expect(adapterLanguages(model)).not.toContain(language);
    expect(() => adapterEntry(model, language)).toThrow(
      `No language adapter for "${language}" on ${model} is published. Published: a`,
    );
  });

  test('mDeBERTa has none', () => {
    expect(() => adapterEntry('mdeberta-v3-base', 'en')).toThrow('None is published for this model');
  });

  test('the languages of the paper', () => {
    expect(adapterLanguages('xlm-roberta-base')).toEqual(
      expect.arrayContaining('ar de el en es et hi ht id it qu ru sw ta th tr vi zh'.split(' ')),
    );
    expect(adapterLanguages('bert-base-multilingual-cased')).toEqual(
      expect.arrayContaining('ar de el en es et hi ht hu id qu ru sw tr vi zh'.split(' ')),
    );
  });
});

describe('models', () => {
  test('every entry is pinned by a whole commit and says what was not verified', () => {
    for (const entry of Object.values(MODELS)) {
      expect(entry.commit).toMatch(/^[0-9a-f]{40}$/);
      expect(entry.unverified.length).toBeGreaterThan(0);
    }
  });

  test('mDeBERTa has a pickle and a SentencePiece model only', () => {
    expect(modelEntry('mdeberta-v3-base')).toMatchObject({ weights: ['pytorch_model.bin'], vocabulary: ['spm.model'] });
  });

  test('hub names and old names lead to the same entry; any other repository is taken unpinned', () => {
    expect(modelEntry('FacebookAI/xlm-roberta-base')).toBe(MODELS['xlm-roberta-base']);
    expect(modelEntry('owner/other').commit).toBeUndefined();
    expect(modelEntry('owner/other').weights).toEqual(WEIGHT_FILES); // what is fetched first is what is opened first
    expect(() => modelEntry('other')).toThrow('OWNER/NAME');
  });
});

describe('the environment', () => {
  test('defaults', () => {
    const { endpoint, cache, offline, token } = hubSettings({ HF_TOKEN_PATH: '/nowhere' });
    expect({ endpoint, cache, offline, token }).toEqual({
      endpoint: 'https://huggingface.co',
      cache: path.join(os.homedir(), '.cache', 'huggingface', 'hub'),
      offline: false,
      token: undefined,
    });
  });

  test.each([
    [{ HF_HOME: '/a' }, '/a/hub'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ HF_HOME: '/a', HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
    [{ HF_HOME: '/a', HUGGINGFACE_HUB_CACHE: '/old', HF_HUB_CACHE: '/new' }, '/new'],
    [{ HF_HUB_CACHE: '', HF_HOME: '/a' }, '/a/hub'],
  ])('%o', (environment, cache) => {
    expect(hubSettings(environment).cache).toBe(path.resolve(cache));
  });

  test.each(['1', 'ON', 'yes', 'True'])('HF_HUB_OFFLINE=%s', (value) => {
    expect(hubSettings({ HF_HUB_OFFLINE: value }).offline).toBe(true);
    expect(hubSettings({ TRANSFORMERS_OFFLINE: value }).offline).toBe(true);
  });

  test('endpoint and token', () => {
    expect(hubSettings({ HF_ENDPOINT: 'http://mirror.local/' }).endpoint).toBe('http://mirror.local');
    expect(() => hubSettings({ HF_ENDPOINT: 'mirror' })).toThrow('HF_ENDPOINT');
    expect(hubSettings({ HF_TOKEN: ' t ' }).token).toBe('t');
    expect(hubSettings({ HUGGING_FACE_HUB_TOKEN: 'old' }).token).toBe('old');
    expect(() => hubSettings({ HF_HUB_DOWNLOAD_TIMEOUT: 'soon' })).toThrow('number of seconds');
  });
});

test('a progress line has amount, rate and time left', () => {
  const line = progressLine({
    label: 'model.safetensors',
    doneBytes: 412e6,
    totalBytes: 1112e6,
    bytesPerSecond: 21.3e6,
    secondsLeft: 32.86,
  });
  expect(line).toBe('model.safetensors  412 of 1112 MB  37%  21.3 MB/s  33 s left');
});
