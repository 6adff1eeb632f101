import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  dataPlaces,
  loadDataset,
  loadTaskData,
  manifest,
  miniLanguages,
  paperLanguages,
  type DataPlaces,
} from '../../src/datasets/index';
import { projectRoot } from '../../src/engine/places';
import { temporaryFolder } from '../temporaryFolder';

const mirror = resolve(process.env.FUN_DATA ?? resolve(projectRoot(), '../shared/datasets'));
/** A mirror and a hub that cannot be reached: what the mirror has is never asked of the hub. */
const fetchFile = (_: string, __: string, file: string) => Promise.reject(new Error(`${file} was asked for`));
const places = { ...dataPlaces({}, fetchFile), cache: '/nonexistent', mirror };

describe('mini suite, NLI', () => {
  const request = { task: 'nli', suite: 'mini', seed: 1, languages: miniLanguages } as const;

  test('2,400 to train on, 300 to validate, 300 parallel ones to test in eight languages', async () => {
    const { train, validation, tests } = await loadTaskData(request);
    expect([train, validation, ...tests].every(({ complete, notes }) => complete && notes.length === 0)).toBe(true);
    expect([train.count, validation.count, ...tests.map(({ count }) => count)]).toEqual([
      2400,
      ...Array<number>(9).fill(300),
    ]);
    expect(tests.map(({ language }) => language)).toEqual(miniLanguages);
    expect(train.source).toBe('mini:xnli/train-en.tsv');
    const labels = tests.map(({ examples }) => examples.map(({ label }) => label));
    for (const other of labels) expect(other).toEqual(labels[0]);
  });

  test('the seed decides the training examples and their order, nothing else', async () => {
    const [one, again, two] = await Promise.all(
      [1, 1, 2].map((seed) => loadTaskData({ ...request, seed, trainExamples: 100 })),
    );
    expect(again).toEqual(one);
    expect(two!.train.examples).not.toEqual(one!.train.examples);
    expect(two!.tests).toEqual(one!.tests);
    expect(one!.train).toMatchObject({ count: 100, available: 2400, complete: false });
    expect(one!.train.notes).toEqual(['100 drawn with seed 1']);
    const whole = await loadTaskData(request);
    expect(one!.train.examples).toEqual(whole.train.examples.slice(0, 100));
  });

  test('a smaller test set takes the same lines in every language', async () => {
    const whole = await loadTaskData(request);
    const { tests } = await loadTaskData({ ...request, testExamples: 50, validationExamples: 20 });
    const contents = tests.map(({ examples }, i) =>
      examples.map((e) =>
        whole.tests[i]!.examples.findIndex((w) => w.premise === e.premise && w.hypothesis === e.hypothesis),
      ),
    );
    for (const other of contents) expect(other).toEqual(contents[0]);
    expect(contents[0]).toHaveLength(50);
    expect(await loadTaskData({ ...request, testExamples: 301 })).toEqual(whole);
    await expect(loadTaskData({ ...request, trainExamples: 2401 })).rejects.toThrow(/2401 were .*mini:xnli.* has 2400/);
    await expect(loadTaskData({ ...request, testExamples: 0 })).rejects.toThrow(/testExamples must be/);
  });

  test('what the mini suite lacks is refused by name', async () => {
    const mlqa = { task: 'qa-mlqa', suite: 'mini', seed: 1, languages: ['de'] } as const;
    await expect(loadTaskData(mlqa)).rejects.toThrow(/mini suite has no mlqa/);
    await expect(loadTaskData({ ...request, task: 'pos' as 'nli' })).rejects.toThrow(/Task "pos" is not known/);
  });
});

test('mini suite, COPA: 400 to train on, 100 to validate, 100 parallel ones to test in eight languages', async () => {
  const request = { task: 'copa', suite: 'mini', seed: 1, languages: miniLanguages } as const;
  const { train, validation, tests } = await loadTaskData(request);
  expect([train, validation, ...tests].every(({ complete, notes }) => complete && notes.length === 0)).toBe(true);
  expect([train.count, validation.count, ...tests.map(({ count }) => count)]).toEqual([
    400,
    ...Array<number>(9).fill(100),
  ]);
  const keys = tests.map(({ examples }) => examples.map(({ asksFor, label }) => `${asksFor} ${label}`));
  for (const other of keys) expect(other).toEqual(keys[0]);
});

test('mini suite, QA: 600 to train on, 100 to validate, 120 to test in eight languages, answers at their offsets', async () => {
  const request = { task: 'qa-xquad', suite: 'mini', seed: 1, languages: miniLanguages } as const;
  const { train, validation, tests } = await loadTaskData(request);
  const splits = [train, validation, ...tests];
  expect(splits.every(({ complete, notes }) => complete && notes.length === 0)).toBe(true);
  expect(splits.map(({ count }) => count)).toEqual([600, 100, ...Array<number>(8).fill(120)]);
  expect(tests.map(({ examples }) => examples.map(({ id }) => id))).toEqual(
    tests.map(() => tests[0]!.examples.map(({ id }) => id)),
  );
});

describe('files of one’s own, too small', () => {
  const root = temporaryFolder();
  const rows = (count: number) =>
    ['premise\thypothesis\tlabel', ...Array.from({ length: count }, (_, i) => `p${i}\th\t${i % 3}`)].join('\n');
  const request = { task: 'nli', suite: 'published', seed: 1, languages: [] } as const;
  /** A mirror with so many rows to train on and to validate. */
  const own = (train: number, validation: number): DataPlaces => {
    const mirror = mkdtempSync(join(root, 'mirror-'));
    for (const name of ['mnli', 'xnli']) mkdirSync(join(mirror, name));
    writeFileSync(join(mirror, 'mnli', 'train.tsv'), rows(train));
    writeFileSync(join(mirror, 'xnli', 'dev-en.tsv'), rows(validation));
    return { ...places, mirror };
  };

  test('fewer rows than are asked for: where they are, and which setting to lower', async () => {
    await expect(loadTaskData({ ...request, trainExamples: 64 }, own(30, 3))).rejects.toThrow(
      /^trainExamples: 64 were asked for \(by the run or its profile\), but mirror:mnli\/train\.tsv has 30\. .*data: \{ trainExamples: 30 \} \(--train-examples 30\)/,
    );
    expect((await loadTaskData({ ...request, trainExamples: 30 }, own(30, 3))).train.count).toBe(30);
  });

  test('none at all: the file is named', async () => {
    await expect(loadTaskData(request, own(30, 0))).rejects.toThrow(
      /^xnli validation \(en\): there is no example in mirror:xnli\/dev-en\.tsv \(the source holds 0 of 2490 examples\)\. /,
    );
    await expect(loadTaskData(request, own(0, 3))).rejects.toThrow(
      /^mnli train \(en\): there is no example in mirror:mnli/,
    );
  });
});

describe.skipIf(!existsSync(mirror))('the published sets in FUN_DATA (skipped where the folder is absent)', () => {
  const load = <Task extends keyof typeof paperLanguages>(task: Task) =>
    loadTaskData({ task, suite: 'published', seed: 1, languages: ['en', ...paperLanguages[task]] }, places);

  test('MNLI (a subset, said so) → XNLI, whole and parallel', async () => {
    const { train, validation, tests } = await load('nli');
    expect(train).toMatchObject({ count: 14_946, expectedCount: 392_702, complete: false, name: 'mnli' });
    expect(train.notes).toEqual([
      'rows by source: taxinli 2223, olora 2976, llmsknow 9747',
      'the source holds 14946 of 392702 examples',
    ]);
    expect([0, 1, 2].map((label) => train.examples.filter((e) => e.label === label).length)).toEqual([
      4790, 5259, 4897,
    ]);
    expect(validation).toMatchObject({ count: 2490, complete: true, language: 'en' });
    expect(tests).toHaveLength(12);
    for (const split of tests) {
      expect(split).toMatchObject({ count: 5010, complete: true });
      expect(split.examples.map(({ label }) => label)).toEqual(tests[0]!.examples.map(({ label }) => label));
    }
  });

  test('COPA → XCOPA: no language shares a question with training; cause/effect agree everywhere', async () => {
    const { train, validation, tests } = await load('copa');
    expect([train.count, validation.count]).toEqual([400, 100]);
    expect(tests.map(({ language, count, complete }) => `${language} ${count} ${complete}`)).toEqual(
      ['en', ...paperLanguages.copa].map((language) => `${language} 500 true`),
    );
    const [english] = tests;
    for (const { examples } of tests) {
      expect(examples.map(({ asksFor, label }) => `${asksFor} ${label}`)).toEqual(
        english!.examples.map(({ asksFor, label }) => `${asksFor} ${label}`),
      );
    }
    const changed = tests.map(({ language, notes }) => `${language} ${/on (\d+) of/.exec(notes.join())?.[1] ?? 0}`);
    expect(changed.filter((entry) => !entry.endsWith(' 0'))).toEqual(['id 4', 'it 4', 'sw 37', 'th 250', 'tr 51']);
    const trained = new Set(train.examples.map(({ premise, choices }) => [premise, ...choices].join('\n')));
    for (const split of [validation, english!]) {
      for (const { premise, choices } of split.examples)
        expect(trained.has([premise, ...choices].join('\n'))).toBe(false);
    }
  });

  test('SQuAD (a subset) → XQuAD: validation has no paragraph of the test set', async () => {
    const { train, validation, tests } = await load('qa-xquad');
    expect(train).toMatchObject({ count: 11_262, expectedCount: 87_599, complete: false });
    expect(validation).toMatchObject({ count: 10_570 - 1_190, complete: false });
    expect(validation.notes).toEqual(["SQuAD dev without XQuAD's 240 paragraphs"]);
    const tested = new Set(tests[0]!.examples.map(({ context }) => context));
    for (const split of [train, validation])
      expect(split.examples.some(({ context }) => tested.has(context))).toBe(false);
    for (const split of tests) expect(split).toMatchObject({ count: 1190, complete: true, notes: [] });
  });

  test('SQuAD → MLQA: its development set, said so', async () => {
    const { tests } = await load('qa-mlqa');
    expect(tests.map(({ language, count }) => `${language} ${count}`)).toEqual([
      'en 1148',
      ...['ar 517', 'de 512', 'es 500', 'hi 507', 'vi 511', 'zh 504'],
    ]);
    for (const { notes, split } of tests) {
      expect(split).toBe('validation');
      expect(notes).toContain("MLQA's development set stands in for its test set");
    }
  });

  test('every answer of every QA set stands at its offset', async () => {
    for (const [name, split] of [
      ['squad', 'train'],
      ['squad', 'validation'],
      ['xquad', 'test'],
      ['mlqa', 'validation'],
    ] as const) {
      for (const language of manifest[name].languages) {
        const { examples } = await loadDataset({ name, language, split, suite: 'published' }, places);
        const misplaced = examples.filter(({ context, answers }) =>
          answers.some(({ text, start }) => context.slice(start, start + text.length) !== text),
        );
        expect(misplaced).toEqual([]);
      }
    }
  });

  test('text for language adapters in 18 languages', async () => {
    const counts = await Promise.all(
      ['ht', 'sw', 'en'].map(async (language) => {
        const { count } = await loadDataset({ name: 'text', language, split: 'train', suite: 'published' }, places);
        return count;
      }),
    );
    expect(counts).toEqual([2452, 11_926, 34_661]);
  });
});
