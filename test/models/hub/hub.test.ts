import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../src/engine/errors';
import { randomStream } from '../../../src/engine/random';
import { hubSettings } from '../../../src/models/hub/environment';
import { fetchAdapter, fetchDatasetFile, fetchModel, type DownloadProgress } from '../../../src/models/hub/index';
import { temporaryFolder } from '../../temporaryFolder';
import { etagOf, gitSha1, sha256, startHub, type HostedRepository } from './hubServer';

const folder = temporaryFolder();
const random = randomStream(3, 'hub');
const bytes = (length: number) => Buffer.from(Uint8Array.from({ length }, () => random.integer(256)));
const large = { content: bytes(300_000), lfs: true };
const config = { content: Buffer.from('{"model_type": "bert"}\n'), lfs: false };
const vocabulary = { content: Buffer.from('[PAD]\n[UNK]\n'.repeat(500)), lfs: false };
const commit = '0123456789abcdef0123456789abcdef01234567';

const model: HostedRepository = {
  type: 'model',
  name: 'owner/small-model',
  alias: 'former/model',
  commit,
  branch: 'main',
  files: {
    'config.json': config,
    'model.safetensors': large,
    'pytorch_model.bin': { content: bytes(99), lfs: true },
    'vocab.txt': vocabulary,
  },
};
const guarded: HostedRepository = { ...model, name: 'owner/guarded', alias: undefined, token: 'secret' };
const dataset: HostedRepository = {
  type: 'dataset',
  name: 'owner/data',
  commit: commit.replace('0', 'f'),
  branch: 'refs/convert/parquet',
  files: { 'xx/test/0000.parquet': { content: bytes(2000), lfs: true } },
};
const adapter: HostedRepository = {
  type: 'model',
  name: 'AdapterHub/xlm-roberta-base-sw-wiki_pfeiffer',
  commit,
  branch: 'main',
  files: {
    'adapter_config.json': config,
    '._adapter_config.json': config,
    'pytorch_adapter.bin': large,
    'adapter.safetensors': vocabulary,
  },
};

let hub: Awaited<ReturnType<typeof startHub>>;
let cache: string;
let count = 0;

beforeEach(async () => {
  hub = await startHub([model, guarded, dataset, adapter]);
  cache = path.join(folder, String(count++));
});
afterEach(() => hub.close());

const environment = (more: Record<string, string> = {}) => ({
  HF_ENDPOINT: hub.endpoint,
  HF_HUB_CACHE: cache,
  HF_HOME: folder,
  ...more,
});
const settings = (more: Record<string, string> = {}) => ({
  ...hubSettings(environment(more)),
  retryWait: 5,
  timeout: 1000,
});
const quiet = { onProgress: () => undefined };
const repositoryFolder = (name = model.name) => path.join(cache, `models--${name.replace('/', '--')}`);
const blob = (file: { content: Buffer; lfs: boolean }) => path.join(repositoryFolder(), 'blobs', etagOf(file));
const get = (file: string, more: Record<string, string> = {}) =>
  fetchModel(model.name, { files: [file], settings: settings(more), ...quiet });

describe('the cache is laid out as Python lays it out', () => {
  test('config, one weight file and the vocabulary, as links to blobs named by their hashes', async () => {
    const {
      folder: snapshot,
      commit: found,
      verified,
      source,
    } = await fetchModel(model.name, { settings: settings(), ...quiet });
    expect([found, verified, source]).toEqual([commit, true, `${model.name}@${commit}`]);
    expect(snapshot).toBe(path.join(repositoryFolder(), 'snapshots', commit));
    expect(fs.readdirSync(snapshot).sort()).toEqual(['config.json', 'model.safetensors', 'vocab.txt']);
    expect(fs.readlinkSync(path.join(snapshot, 'model.safetensors'))).toBe(
      path.join('..', '..', 'blobs', sha256(large.content)),
    );
    expect(fs.readlinkSync(path.join(snapshot, 'config.json'))).toBe(
      path.join('..', '..', 'blobs', gitSha1(config.content)),
    );
    expect(fs.readFileSync(path.join(snapshot, 'model.safetensors')).equals(large.content)).toBe(true);
    expect(fs.readFileSync(path.join(repositoryFolder(), 'refs', 'main'), 'utf8')).toBe(commit);
    expect(fs.readdirSync(path.join(repositoryFolder(), 'blobs'))).toHaveLength(3);
    expect(hub.contentRequests('pytorch_model.bin')).toEqual([]);
  });

  test('a data file in a subfolder, at a ref with slashes', async () => {
    const file = await fetchDatasetFile(dataset.name, dataset.branch, 'xx/test/0000.parquet', {
      settings: settings(),
      ...quiet,
    });
    const root = path.join(cache, 'datasets--owner--data');
    expect(file).toBe(path.join(root, 'snapshots', dataset.commit, 'xx', 'test', '0000.parquet'));
    expect(fs.readFileSync(file).equals(dataset.files['xx/test/0000.parquet']!.content)).toBe(true);
    expect(fs.readFileSync(path.join(root, 'refs', 'refs', 'convert', 'parquet'), 'utf8')).toBe(dataset.commit);
  });

  test('a renamed repository is followed; the adapter comes without macOS junk, and is the file that Python takes', async () => {
    const old = await fetchModel('former/model', { files: ['config.json'], settings: settings(), ...quiet });
    expect([old.commit, old.verified]).toEqual([commit, true]);
    expect(fs.readFileSync(path.join(old.folder, 'config.json')).equals(config.content)).toBe(true);
    const sw = await fetchAdapter('xlm-roberta-base', 'sw', { settings: settings(), ...quiet });
    expect(fs.readdirSync(sw.folder).sort()).toEqual(['adapter_config.json', 'pytorch_adapter.bin']);
    expect(sw.unverified.join()).toContain('follows from the pattern');
  });

  test('without links the files themselves lie in the snapshot', async () => {
    const { folder: snapshot } = await get('model.safetensors', { HF_HUB_DISABLE_SYMLINKS: '1' });
    expect(fs.lstatSync(path.join(snapshot, 'model.safetensors')).isFile()).toBe(true);
    expect(fs.existsSync(blob(large))).toBe(false);
  });

  test('without links, content that is there as a blob is copied, since another commit may need the blob', async () => {
    await get('model.safetensors');
    fs.rmSync(path.join(repositoryFolder(), 'snapshots'), { recursive: true });
    const { folder: snapshot } = await get('model.safetensors', { HF_HUB_DISABLE_SYMLINKS: '1' });
    const file = path.join(snapshot, 'model.safetensors');
    expect(fs.lstatSync(file).isFile()).toBe(true);
    expect([file, blob(large)].map((at) => fs.readFileSync(at).equals(large.content))).toEqual([true, true]);
    expect(fs.readdirSync(snapshot)).toEqual(['model.safetensors']);
    expect(hub.contentRequests('model.safetensors')).toHaveLength(2); // the hub and its redirect, once
  });

  test('a complete cache that nothing can be written to serves as it is', async () => {
    await get('model.safetensors');
    // root may write to read-only folders, but nobody makes a lock where a file is in its folder's place
    fs.rmSync(path.join(cache, '.locks'), { recursive: true });
    fs.writeFileSync(path.join(cache, '.locks'), '');
    expect(await get('model.safetensors')).toMatchObject({ commit, verified: true });
  });

  test('content that another commit brought is linked, not downloaded', async () => {
    await get('model.safetensors');
    fs.rmSync(path.join(repositoryFolder(), 'snapshots'), { recursive: true });
    await get('model.safetensors');
    expect(hub.contentRequests('model.safetensors')).toHaveLength(2); // the hub and its redirect, once
  });
});

describe('connections that break', () => {
  test('a cut download is resumed in the middle', async () => {
    hub.faults.set('model.safetensors', [{ cutAfter: 100_000 }, { cutAfter: 50_000 }]);
    const seen: DownloadProgress[] = [];
    await fetchModel(model.name, {
      files: ['model.safetensors'],
      settings: settings(),
      onProgress: (p) => seen.push(p),
    });
    expect(fs.readFileSync(blob(large)).equals(large.content)).toBe(true);
    const ranges = hub
      .contentRequests('model.safetensors')
      .filter(({ host }) => host === 'content')
      .map(({ range }) => range);
    expect(ranges).toHaveLength(3);
    // what the client had not read yet when the connection broke is lost, so the cuts are upper bounds
    const [first, second, third] = ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')![1]));
    expect([first, second! > 0, second! <= 100_000, third! > 0, third! <= second! + 50_000]).toEqual([
      0,
      true,
      true,
      true,
      true,
    ]);
    expect(seen.at(-1)).toMatchObject({ doneBytes: 300_000, totalBytes: 300_000, secondsLeft: 0 });
  });

  test('a later call goes on where an earlier one was cut off for good', async () => {
    hub.faults.set('model.safetensors', [{ cutAfter: 120_000 }, ...Array.from({ length: 5 }, () => ({ cutAfter: 0 }))]);
    await expect(get('model.safetensors')).rejects.toThrow('Missing: model.safetensors');
    const kept = fs.statSync(`${blob(large)}.fun-incomplete`).size;
    expect(kept).toBeGreaterThan(0);
    await get('model.safetensors');
    expect(hub.contentRequests('model.safetensors').at(-1)!.range).toBe(`bytes=${kept}-`);
    expect(fs.readFileSync(blob(large)).equals(large.content)).toBe(true);
  });

  test.each(['ignoreRange', 'gzipRange', { status: 416 }] as const)(
    'a server that answers a range by %o is read from the beginning',
    async (fault) => {
      hub.faults.set('model.safetensors', [{ cutAfter: 1000 }, fault]);
      expect((await get('model.safetensors')).verified).toBe(true);
      expect(fs.readFileSync(blob(large)).equals(large.content)).toBe(true);
    },
  );

  test.each([400, 401, 403, 404])('an answer of %i does not throw away what was there', async (status) => {
    const part = `${blob(large)}.fun-incomplete`;
    fs.mkdirSync(path.dirname(part), { recursive: true });
    fs.writeFileSync(part, large.content.subarray(0, 60_000));
    hub.faults.set('model.safetensors', [{ status }, { status }]);
    await expect(get('model.safetensors')).rejects.toThrow(UserError);
    expect(fs.statSync(part).size).toBe(60_000);
    await get('model.safetensors');
    expect(hub.contentRequests('model.safetensors').at(-1)!.range).toBe('bytes=60000-');
  });

  test('a spoiled part is found by the hash and thrown away', async () => {
    fs.mkdirSync(path.dirname(blob(large)), { recursive: true });
    fs.writeFileSync(`${blob(large)}.fun-incomplete`, bytes(5000));
    await get('model.safetensors');
    expect(fs.readFileSync(blob(large)).equals(large.content)).toBe(true);
  });

  test('a server that falls silent is given up after the timeout and asked again', async () => {
    hub.faults.set('model.safetensors', ['stall']);
    expect((await get('model.safetensors')).verified).toBe(true);
  });

  test('text that comes compressed is stored as it is in the repository', async () => {
    hub.faults.set('vocab.txt', ['gzip']);
    await get('vocab.txt');
    expect(fs.readFileSync(blob(vocabulary)).equals(vocabulary.content)).toBe(true);
  });

  test('429 with Retry-After and 503 are waited out', async () => {
    hub.faults.set('model.safetensors', [{ status: 429, retryAfter: 1 }, { status: 503 }]);
    const start = performance.now();
    expect((await get('model.safetensors')).verified).toBe(true);
    expect(performance.now() - start).toBeGreaterThan(1000);
  });
});

describe('what is wrong is refused', () => {
  test.each([
    ['other bytes of the same length', bytes(300_000)],
    ['more bytes', bytes(300_001)],
  ])('%s: nothing gets into the cache', async (_, content) => {
    hub.faults.set('model.safetensors', [{ content }, { content }, { content }]);
    await expect(get('model.safetensors')).rejects.toThrow(/does not have the sha256|sends more than the 300000 bytes/);
    expect(fs.existsSync(blob(large))).toBe(false);
    expect(fs.existsSync(path.join(repositoryFolder(), 'snapshots'))).toBe(false);
  });

  test('a wrong small file is found by the hash of its git blob', async () => {
    const content = Buffer.from('{"model_type": "BERT"}\n');
    hub.faults.set('config.json', [{ content }, { content }]);
    await expect(get('config.json')).rejects.toThrow(`gitBlobSha1 ${gitSha1(config.content)}`);
  });

  test('401: without a token, with a wrong one, with the right one', async () => {
    const ask = (more: Record<string, string>) =>
      fetchModel(guarded.name, { files: ['config.json'], settings: settings(more), ...quiet });
    await expect(ask({})).rejects.toThrow('Set HF_TOKEN');
    await expect(ask({ HF_TOKEN: 'wrong' })).rejects.toThrow('does not accept the token');
    expect((await ask({ HF_TOKEN: 'secret' })).verified).toBe(true);
  });

  test('404: repository, revision and file', async () => {
    await expect(fetchModel('owner/none', { settings: settings(), ...quiet })).rejects.toThrow('RepoNotFound');
    await expect(fetchDatasetFile(dataset.name, 'main', 'x', { settings: settings(), ...quiet })).rejects.toThrow(
      'RevisionNotFound',
    );
    await expect(get('none.txt')).rejects.toThrow('has no none.txt');
    await expect(get('none.txt')).rejects.toThrow(UserError);
  });

  test('403 names what to do', async () => {
    hub.faults.set('config.json', [{ status: 403 }]);
    await expect(get('config.json')).rejects.toThrow('accept its conditions');
  });

  test.each(['../../escaped', '/etc/passwd', 'a//b', 'a\\b'])('the path %s', async (file) => {
    await expect(get(file)).rejects.toThrow('no path within a repository');
  });

  test.each([
    ['owner/../x', 'main'],
    ['owner/data', '../../x'],
  ])('the repository %s at %s', async (repository, revision) => {
    await expect(fetchDatasetFile(repository, revision, 'x', { settings: settings(), ...quiet })).rejects.toThrow(
      /no repository name|no revision/,
    );
  });

  test('an option that does not exist', async () => {
    await expect(fetchModel(model.name, { setings: 1 } as never)).rejects.toThrow('unknown "setings"');
  });
});

test('HF_HUB_DISABLE_IMPLICIT_TOKEN: no token is sent, wherever it comes from, as in Python', () => {
  fs.writeFileSync(path.join(folder, 'token'), 'stored\n');
  const tokenWith = (more: Record<string, string>) => settings(more).token;
  expect([tokenWith({}), tokenWith({ HF_TOKEN: 'given' })]).toEqual(['stored', 'given']);
  const off = { HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' };
  expect([tokenWith(off), tokenWith({ ...off, HF_TOKEN: 'given' })]).toEqual([undefined, undefined]);
  fs.rmSync(path.join(folder, 'token'));
});

test('the token goes to the hub and to no other host', async () => {
  await fetchModel(guarded.name, { settings: settings({ HF_TOKEN: 'secret' }), ...quiet });
  const authorized = (host: string) =>
    new Set(hub.seen.filter((request) => request.host === host).map((request) => request.authorization));
  expect(authorized('hub')).toEqual(new Set(['Bearer secret']));
  expect(authorized('content')).toEqual(new Set([undefined]));
});

describe('offline', () => {
  test('what is cached is found without a request, under either name, and checked on demand', async () => {
    await fetchModel(model.name, { settings: settings(), ...quiet });
    await hub.close();
    const offline = settings({ HF_HUB_OFFLINE: '1' });
    const found = await fetchModel(model.name, { settings: offline, ...quiet });
    expect([found.commit, found.verified]).toEqual([commit, false]);
    expect((await fetchModel(model.name, { settings: offline, check: 'content', ...quiet })).verified).toBe(true);
    fs.writeFileSync(blob(config), 'spoiled');
    await expect(fetchModel(model.name, { settings: offline, check: 'content', ...quiet })).rejects.toThrow(
      'is damaged',
    );
  });

  test('a hub out of reach is no obstacle when the cache has everything', async () => {
    await fetchModel(model.name, { settings: settings(), ...quiet });
    await hub.close();
    expect((await fetchModel(model.name, { settings: settings(), ...quiet })).commit).toBe(commit);
  });

  test('what is missing is named with the folder that it may be put in, and found there', async () => {
    const offline = settings({ HF_HUB_OFFLINE: 'true' });
    const place = path.join(
      cache,
      'models--FacebookAI--xlm-roberta-base',
      'snapshots',
      'e73636d4f797dec63c3081bb6ed5c7b0bb3f2089',
    );
    const attempt = fetchModel('xlm-roberta-base', { settings: offline, ...quiet });
    await expect(attempt).rejects.toThrow(
      `Missing: config.json, model.safetensors or pytorch_model.bin, tokenizer.json or sentencepiece.bpe.model.`,
    );
    await expect(fetchModel('xlm-roberta-base', { settings: offline, ...quiet })).rejects.toThrow(
      `Put the missing files into ${place}`,
    );
    fs.mkdirSync(place, { recursive: true });
    for (const file of ['config.json', 'pytorch_model.bin', 'tokenizer.json'])
      fs.writeFileSync(path.join(place, file), file);
    expect((await fetchModel('xlm-roberta-base', { settings: offline, ...quiet })).folder).toBe(place);
    expect(hub.seen).toEqual([]);
  });

  test('a model that Python cached under its old name at another commit is taken', async () => {
    const root = path.join(cache, 'models--xlm-roberta-base');
    const other = 'a'.repeat(40);
    fs.mkdirSync(path.join(root, 'refs'), { recursive: true });
    fs.writeFileSync(path.join(root, 'refs', 'main'), other);
    fs.mkdirSync(path.join(root, 'snapshots', other), { recursive: true });
    for (const file of ['config.json', 'model.safetensors', 'tokenizer.json'])
      fs.writeFileSync(path.join(root, 'snapshots', other, file), '');
    const found = await fetchModel('xlm-roberta-base', { settings: settings({ HF_HUB_OFFLINE: '1' }), ...quiet });
    expect([found.commit, found.folder]).toEqual([other, path.join(root, 'snapshots', other)]);
  });
});

test('weights in shards come with their index, which is preferred to a pickle', async () => {
  const index = {
    content: Buffer.from(JSON.stringify({ weight_map: { a: 'w-1.safetensors', b: 'w-2.safetensors' } })),
    lfs: false,
  };
  const shard = (n: number) => ({ content: bytes(n), lfs: true });
  const files = {
    'config.json': config,
    'vocab.txt': vocabulary,
    'model.safetensors.index.json': index,
    'w-1.safetensors': shard(10),
    'w-2.safetensors': shard(20),
  };
  const pickle = { 'pytorch_model.bin': shard(30) };
  await hub.close();
  hub = await startHub([{ ...model, name: 'owner/sharded', alias: undefined, files: { ...files, ...pickle } }]);
  const { folder: snapshot } = await fetchModel('owner/sharded', { settings: settings(), ...quiet });
  expect(fs.readdirSync(snapshot).sort()).toEqual(Object.keys(files).sort());
});

test('two processes at once download a file once', async () => {
  hub.faults.set('model.safetensors', [{ cutAfter: 150_000 }]); // makes it last
  const worker = () =>
    new Promise<string>((done, failed) => {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', path.join(__dirname, 'fetchWorker.ts'), model.name, 'model.safetensors'],
        {
          env: { ...process.env, ...environment() },
        },
      );
      let output = '';
      child.stdout.on('data', (data) => (output += String(data)));
      child.stderr.on('data', (data) => (output += String(data)));
      child.on('exit', (status) => (status === 0 ? done(output) : failed(new Error(output))));
    });
  const outputs = await Promise.all([worker(), worker(), worker()]);
  for (const output of outputs) expect(output).toContain(`"commit":"${commit}"`);
  expect(hub.contentRequests('model.safetensors').filter(({ host }) => host === 'content')).toHaveLength(2); // the cut one and its rest
  expect(fs.readFileSync(blob(large)).equals(large.content)).toBe(true);
  expect(fs.readdirSync(path.join(cache, '.locks', 'models--owner--small-model'))).toEqual([]);
});
