/**
 * Language adapters in a run: English in place in training, the target language in evaluation; what is missing is
 * named.
 */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { nliLabels, type NliExample } from '../../src/datasets/examples';
import type { RunConfiguration } from '../../src/experiments/configuration';
import { openLanguageAdapters } from '../../src/experiments/languageAdapters';
import { configure } from '../../src/experiments/profiles';
import { packBits } from '../../src/experiments/result';
import { openSession } from '../../src/experiments/session';
import { saveAdapter } from '../../src/models/adapterFiles';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import { seqBnInv } from '../../src/training/languageAdapter';
import * as fun from '../../src/index';
import { startHub, type HostedRepository } from '../models/hub/hubServer';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), 'fun-adapters-'));
  const model = new AdapterModel('tiny-random', tinyEncoder());
  ['en', 'sw', 'de'].forEach((language, seed) => {
    model.addLanguageAdapter(language, seqBnInv, seed);
    saveAdapter(model, language, path.join(folder, language));
  });
  model.dispose();
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const configuration = (languages: string[], more: Parameters<typeof configure>[1] | object = {}): RunConfiguration =>
  configure('smoke', {
    task: 'nli',
    languageAdapters: { source: 'folder', path: folder },
    evaluation: { languages },
    ...more,
  });

describe('a session with a folder of adapters', () => {
  test('trains over English and evaluates over the target language, then goes back', async () => {
    const session = await openSession(configuration(['en', 'sw']));
    const { model } = session;
    const inPlace = () => model.stack.language?.name;
    const untouched = () => model.parametersOf('language-en').map(({ value }) => [...value.dataSync()]);
    expect(inPlace()).toBe('language-en');
    const before = untouched();
    for await (const event of session.train({})) if (event.type === 'step') expect(inPlace()).toBe('language-en');
    expect(untouched()).toEqual(before);
    const seen: (string | undefined)[] = [];
    for (const set of session.sets.tests.values()) {
      const score = set.score.bind(set);
      vi.spyOn(set, 'score').mockImplementation((...given) => {
        seen.push(inPlace());
        return score(...given);
      });
    }
    for await (const { language } of session.evaluate(['sw', 'en'])) {
      expect(seen.at(-1)).toBe(`language-${language}`);
      expect(inPlace()).toBe('language-en');
    }
    expect(seen).toEqual(['language-sw', 'language-en']);
    for await (const _ of session.evaluate(['sw', 'en'])) break;
    expect(seen).toHaveLength(3);
    expect(inPlace()).toBe('language-en');
    expect(model.stack.task?.name).toBe('task');
    expect(session.modelSource).toMatch(/language adapters: en: sha256 [0-9a-f]{16}; sw: sha256 [0-9a-f]{16}$/);
    expect(session.modelSource).not.toContain(folder);
    await session.close();
  });

  test('predicts over the adapter of the language that is named, by default the English one', async () => {
    const session = await openSession(configuration(['sw'], { steps: 4 }));
    for await (const _ of session.train({}));
    const { examples } = session.sets.tests.get('sw')!.split;
    const [sw, en, english] = [
      await session.predict(examples, 'sw'),
      await session.predict(examples, 'en'),
      await session.predict(examples),
    ];
    expect(english).toEqual(en);
    expect(sw).not.toEqual(en);
    for await (const { correct } of session.evaluate(['sw'])) {
      const labels = sw.map((row) => ('label' in row ? row.label : ''));
      const right = labels.map((label, i) => label === nliLabels[(examples[i] as NliExample).label]);
      expect(packBits(right)).toBe(correct);
    }
    expect(session.model.stack.language?.name).toBe('language-en');
    await expect(session.predict(examples, 'zh')).rejects.toThrow(
      /No language adapter for "zh".*Available: de, en, sw/s,
    );
    await session.close();
  });

  test('tr(F) on the text of a language is estimated over its adapter', async () => {
    const lab = await fun.open({ model: 'tiny-random', task: 'nli', profile: 'smoke' });
    const run = lab.train({
      steps: 2,
      evaluation: { languages: ['sw'] },
      languageAdapters: { source: 'folder', path: folder },
    });
    for await (const _ of run);
    const sample = { examples: 4, language: 'sw' } as const;
    const estimated = await run.estimate({ ...sample, estimators: ['exact'] });
    expect(run.model.stack.language?.name).toBe('language-en');
    const batches = await run.probe(sample);
    const over = (language: string) => {
      run.model.setLanguage(language);
      const { trace } = fun.fisher.fisherTrace(run.model, batches, {
        estimator: 'exact',
        parameters: run.layerParameters(),
      });
      return [...trace.values()];
    };
    const [swahili, english] = [over('language-sw'), over('language-en')];
    expect(estimated.map(({ trace }) => trace)).toEqual(swahili);
    expect(swahili).not.toEqual(english);
    await lab.close();
  });

  test('with LoRA too', async () => {
    const session = await openSession(configuration(['sw'], { method: { type: 'lora', rank: 4, alpha: 4 } }));
    for await (const event of session.train({})) if (event.type === 'step' && event.step === 0) break;
    const scores = [];
    for await (const score of session.evaluate(['sw'])) scores.push(score);
    expect(scores).toHaveLength(1);
    await session.close();
  });

  test('a language without one is known before training, with those that there are', async () => {
    await expect(openSession(configuration(['en', 'zh']))).rejects.toThrow(
      /No language adapter for "zh" on tiny-random.*Available: de, en, sw\. Train one \(npm run language-adapter/s,
    );
    const elsewhere = configuration(['en'], { languageAdapters: { source: 'folder', path: path.join(folder, 'no') } });
    await expect(openSession(elsewhere)).rejects.toThrow(/Available: none/);
  });

  test('an adapter of another base is refused', async () => {
    const other = new AdapterModel('wide', tinyEncoder({ hiddenSize: 64 }));
    other.addLanguageAdapter('en', seqBnInv, 1);
    const place = path.join(folder, 'wide');
    saveAdapter(other, 'en', path.join(place, 'en'));
    other.dispose();
    const wide = configuration(['en'], { languageAdapters: { source: 'folder', path: place } });
    await expect(openSession(wide)).rejects.toThrow(/64|32/);
  });
});

describe('from the hub', () => {
  const variables = ['HF_ENDPOINT', 'HF_HUB_CACHE'] as const;
  afterEach(() => variables.forEach((name) => delete process.env[name]));

  test('one that was never published is named before anything is fetched, with the ways out', async () => {
    const hub = await startHub([]);
    process.env.HF_ENDPOINT = hub.endpoint;
    process.env.HF_HUB_CACHE = path.join(folder, 'empty-cache');
    const asked = configuration(['en', 'fr'], { model: 'xlm-roberta-base', languageAdapters: { source: 'hub' } });
    try {
      await expect(openSession(asked)).rejects.toThrow(
        /No language adapter for "fr" on xlm-roberta-base.*languageAdapters: "none".*--language-adapters none.*--languages/s,
      );
      expect(hub.seen).toEqual([]);
    } finally {
      await hub.close();
    }
  });

  test('the adapters of English and of the evaluated languages are fetched; one that is not published is named', async () => {
    const hosted = (language: string): HostedRepository => ({
      type: 'model',
      name: `AdapterHub/xlm-roberta-base-${language}-wiki_pfeiffer`,
      commit: '0123456789abcdef0123456789abcdef01234567',
      branch: 'main',
      files: Object.fromEntries(
        ['adapter_config.json', 'adapter.safetensors'].map((name) => [
          name,
          { content: fs.readFileSync(path.join(folder, language, name)), lfs: name.endsWith('safetensors') },
        ]),
      ),
    });
    const hub = await startHub([hosted('en'), hosted('sw')]);
    process.env.HF_ENDPOINT = hub.endpoint;
    process.env.HF_HUB_CACHE = path.join(folder, 'cache');
    const model = new AdapterModel('xlm-roberta-base', tinyEncoder());
    try {
      const asked = {
        ...configuration(['sw']),
        model: 'xlm-roberta-base',
        languageAdapters: { source: 'hub' } as const,
      };
      const adapters = await openLanguageAdapters(asked, model);
      expect(model.stack.language?.name).toBe('language-en');
      await adapters.use('sw');
      expect(model.stack.language?.name).toBe('language-sw');
      expect(adapters.source).toContain('sw: AdapterHub/xlm-roberta-base-sw-wiki_pfeiffer@0123456789');
      await expect(adapters.use('bg')).rejects.toThrow(/No language adapter for "bg".*Published: ar,/s);
    } finally {
      model.dispose();
      await hub.close();
    }
  });
});
