import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataPlaces, datasetStatus, fetchDataset, formatDatasetStatus, loadDataset } from '../../src/datasets/index';
import type { DataPlaces } from '../../src/datasets/index';
import { UserError } from '../../src/engine/errors';

let folder: string;
let places: DataPlaces & { readonly mirror: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-datasets-'));
  places = { mini: join(folder, 'mini'), mirror: join(folder, 'mirror'), cache: join(folder, 'cache') };
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const table = (...rows: string[]) => ['premise\thypothesis\tlabel', ...rows].join('\n');
const swahili = { name: 'xnli', language: 'sw', split: 'test', suite: 'published' } as const;

function nliParquet(premises: string[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'premise', data: premises, type: 'STRING' },
      { name: 'hypothesis', data: premises.map(() => 'h'), type: 'STRING' },
      { name: 'label', data: premises.map(() => 2n), type: 'INT64' },
    ],
  });
  return new Uint8Array(buffer);
}

describe('places, in order', () => {
  test('mirror (plain or gz), then cache, then hub; the split says which', async () => {
    const hubFile = put(join(folder, 'elsewhere', 'blob'), nliParquet(['from the hub']));
    const asked: string[] = [];
    const fetchFile = async (repository: string, revision: string, path: string) => {
      asked.push(`${repository} ${revision} ${path}`);
      return hubFile;
    };
    const source = async () => {
      const { examples, source } = await loadDataset(swahili, { ...places, fetchFile });
      return `${source} · ${examples[0]!.premise}`;
    };
    expect(await source()).toBe('hub:facebook/xnli@main/sw/test-00000-of-00001.parquet · from the hub');
    put(join(places.cache, 'hub/facebook/xnli/sw/test-00000-of-00001.parquet'), nliParquet(['cached']));
    expect(await source()).toBe('cache:hub/facebook/xnli/sw/test-00000-of-00001.parquet · cached');
    put(join(places.mirror, 'xnli/test-sw.tsv.gz'), gzipSync(table('zipped\th\t0')));
    expect(await source()).toBe('mirror:xnli/test-sw.tsv.gz · zipped');
    put(join(places.mirror, 'xnli/test-sw.tsv'), table('plain\th\t0'));
    expect(await source()).toBe('mirror:xnli/test-sw.tsv · plain');
    expect(asked).toEqual(['facebook/xnli main sw/test-00000-of-00001.parquet']);
  });

  test('nowhere: the message names files, places and what to do', async () => {
    await expect(loadDataset(swahili, places)).rejects.toThrow(
      /No data for xnli test \(sw\): looked for xnli\/test-sw\.tsv in .*mirror and .*cache\. Set FUN_DATA .* fetch xnli/,
    );
    const copaTest = { name: 'copa', language: 'en', split: 'test', suite: 'published' } as const;
    await expect(loadDataset(copaTest, places)).rejects.toThrow(/the hub does not have it with labels/);
  });

  test('a file that FUN_DATA lacks and the hub does not give: both are said, FUN_DATA first', async () => {
    const fetchFile = () => Promise.reject(new UserError('The hub cannot be reached.'));
    await expect(loadDataset(swahili, { ...places, fetchFile })).rejects.toThrow(
      new UserError(
        `FUN_DATA is ${places.mirror}, which has no xnli/test-sw.tsv, plain or gzipped: put it there. ` +
          `The hub was asked in its place: The hub cannot be reached.`,
      ),
    );
    const unset = { ...places, mirror: undefined, fetchFile };
    await expect(loadDataset(swahili, unset)).rejects.toThrow(new UserError('The hub cannot be reached.'));
  });

  test('a FUN_DATA that does not exist, or is a file, is refused', () => {
    expect(() => dataPlaces({ FUN_DATA: join(folder, 'no') })).toThrow(/FUN_DATA is .* does not exist/);
    expect(() => dataPlaces({ FUN_DATA: __filename })).toThrow(/FUN_DATA is .* is no folder/);
  });

  test('a file that is cut off or not UTF-8 is refused by name', async () => {
    const whole = gzipSync(table('a\tb\t0'));
    put(join(places.mirror, 'xnli/test-sw.tsv.gz'), whole.subarray(0, whole.length - 12));
    await expect(loadDataset(swahili, places)).rejects.toThrow(/test-sw\.tsv\.gz: not a whole gzip file/);
    put(join(places.mirror, 'xnli/test-sw.tsv'), Uint8Array.of(0xff, 0xfe, 0x41));
    await expect(loadDataset(swahili, places)).rejects.toThrow(/test-sw\.tsv: not UTF-8/);
    put(join(places.mirror, 'xnli/test-sw.tsv'), table('a\tb'));
    await expect(loadDataset(swahili, places)).rejects.toThrow(/mirror:xnli\/test-sw\.tsv, line 2: expected 3 columns/);
    put(join(places.cache, 'hub/facebook/xnli/de/test-00000-of-00001.parquet'), nliParquet(['a']).subarray(20));
    await expect(loadDataset({ ...swahili, language: 'de' }, places)).rejects.toThrow(/not a readable parquet file/);
  });
});

describe('what a split says', () => {
  test('a subset is called one; limit and seed', async () => {
    put(join(places.mirror, 'xnli/test-sw.tsv'), table(...Array.from({ length: 30 }, (_, i) => `p${i}\th\t${i % 3}`)));
    const all = await loadDataset(swahili, places);
    expect(all).toMatchObject({ count: 30, available: 30, expectedCount: 5010, complete: false });
    expect(all.notes).toEqual(['the source holds 30 of 5010 examples']);
    const some = await loadDataset({ ...swahili, limit: 10, seed: 4 }, places);
    expect(some.count).toBe(10);
    expect(some.notes).toContain('limited to 10 of 30 by the caller');
    expect(await loadDataset({ ...swahili, limit: 10, seed: 4 }, places)).toEqual(some);
    expect((await loadDataset({ ...swahili, limit: 10, seed: 5 }, places)).examples).not.toEqual(some.examples);
    expect((await loadDataset({ ...swahili, limit: 10 }, places)).examples).toEqual(all.examples.slice(0, 10));
    await expect(loadDataset({ ...swahili, limit: 31 }, places)).rejects.toThrow(/31 examples were asked for, 30 are/);
  });

  test('unknown names, languages, splits and keys', async () => {
    const wrong = (change: object) => loadDataset({ ...swahili, ...change }, places);
    await expect(wrong({ name: 'glue' })).rejects.toThrow(/Data set "glue" is not known\. Allowed: mnli, xnli/);
    await expect(wrong({ language: 'xx' })).rejects.toThrow(/not there in "xx"\. Allowed: ar, bg/);
    await expect(wrong({ split: 'train' })).rejects.toThrow(/no split "train"\. Allowed: validation, test/);
    await expect(wrong({ suite: 'tiny' })).rejects.toThrow(/Suite "tiny" is not known/);
    await expect(wrong({ suite: 'mini', name: 'mnli' })).rejects.toThrow(/mini suite has no mnli\. It has: xnli/);
    await expect(wrong({ lang: 'de' })).rejects.toThrow(/unknown "lang"/);
  });

  test("XCOPA: cause/effect after COPA's, else the Estonian file's, else said to be unchecked", async () => {
    const line = (question: string) =>
      JSON.stringify({ premise: 'p', choice1: 'a', choice2: 'b', question, label: 0, idx: 0, changed: false });
    const thai = { name: 'xcopa', language: 'th', split: 'validation', suite: 'published' } as const;
    const lines = (first: string, rest: string) => [line(first), ...Array<string>(99).fill(line(rest))].join('\n');
    put(join(places.mirror, 'xcopa/th/val.th.jsonl'), lines('effect', 'effect'));
    const asPublished = await loadDataset(thai, places);
    expect(asPublished.notes).toContain('cause/effect as published, not checked against COPA');
    expect(asPublished.examples[0]!.asksFor).toBe('effect');
    expect(Object.keys(asPublished.files)).toEqual(['mirror:xcopa/th/val.th.jsonl']);
    put(join(places.mirror, 'xcopa/et/val.et.jsonl'), lines('cause', 'effect'));
    const afterEstonian = await loadDataset(thai, places);
    expect(afterEstonian.examples[0]!.asksFor).toBe('cause');
    expect(afterEstonian.notes).toContain(
      'cause/effect put right on 1 of 100 lines after mirror:xcopa/et/val.et.jsonl',
    );
    const item = (id: number) =>
      `<item id="${id}" asks-for="cause" most-plausible-alternative="1"><p>p</p><a1>a</a1><a2>b</a2></item>`;
    const items = Array.from({ length: 500 }, (_, i) => item(i + 1)).join('');
    put(join(places.mirror, 'copa/copa-dev.xml'), `<copa-corpus>${items}</copa-corpus>`);
    const afterCopa = await loadDataset(thai, places);
    expect(afterCopa.examples.every(({ asksFor }) => asksFor === 'cause')).toBe(true);
    expect(Object.keys(afterCopa.files)).toEqual(['mirror:xcopa/th/val.th.jsonl', 'mirror:copa/copa-dev.xml']);
    expect(afterCopa.notes).toEqual([
      'the file differs from the published one (SHA-256)',
      'cause/effect put right on 100 of 100 lines after mirror:copa/copa-dev.xml',
    ]);
  });

  test("XCOPA: lines of one's own are no translation of COPA's, and keep their cause and effect", async () => {
    const lines = (count: number, question: string, label: number) =>
      Array.from({ length: count }, () =>
        JSON.stringify({ premise: 'p', choice1: 'a', choice2: 'b', question, label }),
      ).join('\n');
    put(join(places.mirror, 'xcopa/et/test.et.jsonl'), lines(500, 'cause', 0));
    const asked: string[] = [];
    const fetchFile = async (_: string, __: string, path: string) => {
      asked.push(path);
      throw new UserError('The hub cannot be reached.');
    };
    const swahiliChoices = { name: 'xcopa', language: 'sw', split: 'test', suite: 'published' } as const;
    const own = async (count: number, label: number) => {
      put(join(places.mirror, 'xcopa/sw/test.sw.jsonl'), lines(count, 'effect', label));
      const { examples, files, notes } = await loadDataset(swahiliChoices, { ...places, fetchFile });
      return { asksFor: [...new Set(examples.map(({ asksFor }) => asksFor))], files: Object.keys(files), notes };
    };
    const kept = { asksFor: ['effect'], files: ['mirror:xcopa/sw/test.sw.jsonl'] };
    // Another number of lines is another set, for which nothing is fetched; as many lines, with other labels, too.
    const differs = 'the file differs from the published one (SHA-256)';
    const notCopa = "cause/effect as in the file: its lines are not COPA's";
    expect(await own(12, 0)).toEqual({ ...kept, notes: [differs, notCopa, 'the source holds 12 of 500 examples'] });
    expect(asked).toEqual([]);
    expect(await own(500, 1)).toEqual({ ...kept, notes: [differs, notCopa] });
    expect(await own(500, 0)).toMatchObject({ asksFor: ['cause'] });
  });

  test('plain text: a folder of files, every 20th line for validation', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => `line ${i + 1}`);
    put(join(places.mirror, 'lm-text/sw/a.txt'), lines.slice(0, 25).join('\n\n'));
    put(join(places.mirror, 'lm-text/sw/b.txt.gz'), gzipSync(lines.slice(25).join('\n')));
    const text = { name: 'text', language: 'sw', suite: 'published' } as const;
    const train = await loadDataset({ ...text, split: 'train' }, places);
    const validation = await loadDataset({ ...text, split: 'validation' }, places);
    expect(validation.examples).toEqual(['line 20', 'line 40']);
    expect([...train.examples, ...validation.examples].sort()).toEqual([...lines].sort());
    expect(train).toMatchObject({ source: 'mirror:lm-text/sw', complete: true, expectedCount: undefined });
  });
});

describe('fetch and status', () => {
  test('fetches into the cache, once, where loading finds it without the hub', async () => {
    const blob = put(join(folder, 'hub-cache', 'blob'), nliParquet(['p']));
    const fetched: string[] = [];
    const fetchFile = async (_: string, __: string, path: string) => {
      fetched.push(path);
      return blob;
    };
    const first = await fetchDataset('xnli', fetchFile, { languages: ['sw'], places });
    expect(first).toEqual([
      { file: 'facebook/xnli/sw/validation-00000-of-00001.parquet', state: 'fetched' },
      { file: 'facebook/xnli/sw/test-00000-of-00001.parquet', state: 'fetched' },
    ]);
    const second = await fetchDataset('xnli', fetchFile, { languages: ['sw'], places });
    expect(second.map(({ state }) => state)).toEqual(['was there', 'was there']);
    expect(fetched).toHaveLength(2);
    expect((await loadDataset(swahili, places)).examples).toEqual([{ premise: 'p', hypothesis: 'h', label: 2 }]);
    await expect(fetchDataset('xnly', fetchFile, { places })).rejects.toThrow(/"xnly" is not known\. Allowed: mnli/);
    await expect(fetchDataset('xnli', fetchFile, { places, languages: ['xx'] })).rejects.toThrow(
      /Language of xnli "xx"/,
    );
    await expect(fetchDataset('text', fetchFile, { places })).rejects.toThrow(/not on the hub/);
  });

  test('status tells complete, subset (and which) and absent apart, with the licence', async () => {
    put(join(places.mirror, 'mnli/train.subset.tsv'), table('a\tb\t0'));
    put(join(places.mirror, 'xnli/test-sw.tsv'), table(...Array<string>(5010).fill('a\tb\t0')));
    const rows = await datasetStatus(places);
    const row = (name: string, split: string, language: string) =>
      rows.find((r) => r.name === name && r.split === split && r.language === language);
    expect(row('mnli', 'train', 'en')).toMatchObject({ state: 'subset', count: 1, expectedCount: 392_702 });
    expect(row('xnli', 'test', 'sw')).toMatchObject({ state: 'complete', count: 5010 });
    expect(row('xnli', 'test', 'de')).toMatchObject({ state: 'absent', count: 0 });
    const text = formatDatasetStatus(rows);
    expect(text).toContain('train: subset: en 1 of 392702 (mirror:mnli/train.subset.tsv)');
    expect(text).toContain('test: complete: sw 5010 · absent: ar, bg');
    expect(text).toContain('XNLI 1.0 ("xnli") · licence: CC BY-NC 4.0');
  });
});
