/** A cache that we wrote is found offline by Python's huggingface_hub, and one that it wrote is found by us. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hubSettings } from '../../../src/models/hub/environment';
import { fetchDatasetFile, fetchModel } from '../../../src/models/hub/index';
import { temporaryFolder } from '../../temporaryFolder';
import { sha256, startHub, type HostedRepository } from './hubServer';

const python = process.env.FUN_PARITY_PYTHON;
const commit = '89abcdef0123456789abcdef0123456789abcdef';
const large = Buffer.alloc(200_000, 7);
const model: HostedRepository = {
  type: 'model',
  name: 'owner/small-model',
  commit,
  branch: 'main',
  files: {
    'config.json': { content: Buffer.from('{"model_type": "bert"}\n'), lfs: false },
    'model.safetensors': { content: large, lfs: true },
    'vocab.txt': { content: Buffer.from('[PAD]\n'), lfs: false },
  },
};
const dataset: HostedRepository = {
  type: 'dataset',
  name: 'owner/data',
  commit,
  branch: 'refs/convert/parquet',
  files: { 'xx/test/0000.parquet': { content: Buffer.alloc(500, 3), lfs: true } },
};

/** Prints the path of each [repository, type, revision, file], then what Python thinks of the whole cache. */
const SCRIPT = `
import json, sys
from huggingface_hub import hf_hub_download, scan_cache_dir
jobs, local_only = json.loads(sys.argv[1])
paths = [hf_hub_download(name, file, repo_type=kind, revision=revision, local_files_only=local_only) for name, kind, revision, file in jobs]
scan = scan_cache_dir()
print(json.dumps({"paths": paths, "warnings": [str(w) for w in scan.warnings], "repos": sorted(r.repo_id for r in scan.repos)}))
`;

describe.skipIf(python === undefined)(
  `huggingface_hub${python === undefined ? ' (skipped: run it by npm run test:parity)' : ''}`,
  () => {
    let folder: string;
    let hub: Awaited<ReturnType<typeof startHub>>;
    beforeAll(async () => {
      folder = temporaryFolder();
      hub = await startHub([model, dataset]);
    });
    afterAll(() => hub.close());

    const jobs = [
      ...Object.keys(model.files).map((file) => [model.name, 'model', 'main', file]),
      [dataset.name, 'dataset', dataset.branch, 'xx/test/0000.parquet'],
    ];
    const runPython = (environment: Record<string, string>, localOnly: 'local files only' | 'download') =>
      new Promise<{ paths: string[]; warnings: string[]; repos: string[] }>((done, failed) => {
        const args = ['-c', SCRIPT, JSON.stringify([jobs, localOnly === 'local files only'])];
        const child = spawn(python!, args, { env: { ...process.env, ...environment } });
        const output = { stdout: '', stderr: '' };
        child.stdout.on('data', (data) => (output.stdout += String(data)));
        child.stderr.on('data', (data) => (output.stderr += String(data)));
        child.on('exit', (status) =>
          status === 0 ? done(JSON.parse(output.stdout) as never) : failed(new Error(output.stderr)),
        );
      });

    test('Python finds offline what we downloaded', async () => {
      const environment = { HF_HUB_CACHE: path.join(folder, 'ours'), HF_ENDPOINT: hub.endpoint, HF_HOME: folder };
      const settings = hubSettings(environment);
      const ours = await fetchModel(model.name, { settings, onProgress: () => undefined });
      await fetchDatasetFile(dataset.name, dataset.branch, 'xx/test/0000.parquet', {
        settings,
        onProgress: () => undefined,
      });
      const found = await runPython({ ...environment, HF_HUB_OFFLINE: '1' }, 'local files only');
      expect(found.paths.slice(0, 3)).toEqual(Object.keys(model.files).map((file) => path.join(ours.folder, file)));
      expect(sha256(fs.readFileSync(found.paths[1]!))).toBe(sha256(large));
      expect([found.warnings, found.repos]).toEqual([[], [dataset.name, model.name]]);
    });

    test('we find offline what Python downloaded, every hash right', async () => {
      const environment = {
        HF_HUB_CACHE: path.join(folder, 'theirs'),
        HF_ENDPOINT: hub.endpoint,
        HF_HOME: folder,
        HF_HUB_DISABLE_XET: '1',
      };
      const theirs = await runPython(environment, 'download');
      const settings = hubSettings({ ...environment, HF_HUB_OFFLINE: '1' });
      const requests = hub.seen.length;
      const ours = await fetchModel(model.name, { settings, check: 'content', onProgress: () => undefined });
      expect(Object.keys(model.files).map((file) => path.join(ours.folder, file))).toEqual(theirs.paths.slice(0, 3));
      expect([ours.commit, ours.verified]).toEqual([commit, true]);
      expect(await fetchDatasetFile(dataset.name, dataset.branch, 'xx/test/0000.parquet', { settings })).toBe(
        theirs.paths[3],
      );
      expect(hub.seen).toHaveLength(requests);
    });
  },
);
