/**
 * Folders that we wrote are loaded by the adapters library, with the same result as the folders that it wrote itself.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readAdapter, readHead, writeAdapterHub } from '../../../src/models/formats/adapterHub';
import { adapterFolder, fixtureFolder, fixturesExist, modelKinds } from './fixtureFolder';
import { temporaryFolder } from '../../temporaryFolder';

const python = process.env.FUN_PARITY_PYTHON;
const checkAdapter = path.join(fixtureFolder, '..', 'check_adapter.py');
const skip = python === undefined || !fixturesExist;

interface Result {
  status: number;
  output: unknown;
}

function runPython(jobs: object[]): Result[] {
  const script = path.resolve('test/parity/checkFolders.py');
  const output = execFileSync(python!, [script, checkAdapter], { input: JSON.stringify(jobs), maxBuffer: 1 << 28 });
  return JSON.parse(output.toString()) as Result[];
}

describe.skipIf(skip)(`adapters library${skip ? ' (skipped: run it by npm run test:parity)' : ''}`, () => {
  let folder: string;
  beforeAll(() => void (folder = temporaryFolder()));
  const fixture = (kind: string) => path.join(fixtureFolder, kind);
  const cases = modelKinds.flatMap((kind) =>
    ['en', 'sw', 'en_drop_last', 'en_old_hub', 'task', 'lora', 'lora16'].map((name) => ({ kind, name })),
  );

  test('check_adapter.py passes on every kind of adapter, and gives the hidden states of the original folder', () => {
    const jobs = cases.flatMap(({ kind, name }) => {
      const original = adapterFolder(kind, name);
      const adapter = readAdapter(original);
      return (['safetensors', 'pickle'] as const).flatMap((weights) => {
        const written = path.join(folder, kind, name, weights);
        writeAdapterHub(written, adapter, { weights });
        const under = name === 'task' ? ['--under', adapterFolder(kind, 'en')] : [];
        return [written, original].map((at) => ({
          kind: 'adapter',
          arguments: [at, '--fixture', fixture(kind), ...under],
        }));
      });
    });
    const results = runPython(jobs);
    expect(results).toHaveLength(2 * 2 * cases.length);
    for (let i = 0; i < results.length; i += 2) {
      const [ours, theirs] = results.slice(i, i + 2) as [Result, Result];
      const label = jobs[i]!.arguments[0];
      expect([label, ours.status, theirs.status]).toEqual([label, 0, 0]);
      expect((ours.output as { layers: unknown }).layers).toEqual((theirs.output as { layers: unknown }).layers);
    }
  }, 300_000);

  test('model.load_adapter(folder) without any option finds every number', () => {
    const jobs = modelKinds.map((kind) => {
      const written = path.join(folder, kind, 'default');
      writeAdapterHub(written, readAdapter(adapterFolder(kind, 'en')));
      return { kind: 'default', folder: written, fixture: fixture(kind) };
    });
    runPython(jobs).forEach(({ status, output }, i) => {
      const { tensors } = readAdapter(adapterFolder(modelKinds[i]!, 'en'));
      expect(status).toBe(0);
      const loaded = (output as { tensors: Record<string, number[]> }).tensors;
      expect(Object.keys(loaded).sort()).toEqual([...tensors.keys()].sort());
      for (const [key, { data }] of tensors) expect(loaded[key]).toEqual([...data]);
    });
  }, 300_000);

  test('heads: every tensor is loaded, and the logits are those of the original folder', () => {
    const cases = modelKinds.flatMap((kind) => ['head_cls', 'head_mc', 'head_qa'].map((name) => [kind, name] as const));
    const jobs = cases.flatMap(([kind, name]) => {
      const written = path.join(folder, kind, name);
      writeAdapterHub(written, readHead(adapterFolder(kind, name)));
      const original = { kind: 'head', folder: adapterFolder(kind, name), fixture: fixture(kind), safetensors: true };
      return [{ ...original, folder: written }, { ...original, folder: written, safetensors: false }, original];
    });
    const results = runPython(jobs);
    for (let i = 0; i < results.length; i += 3) {
      const [safe, pickle, original] = results.slice(i, i + 3) as [Result, Result, Result];
      expect([safe.status, pickle.status, original.status]).toEqual([0, 0, 0]);
      expect(safe.output).toEqual(original.output);
      expect(pickle.output).toEqual(original.output);
    }
    expect(results).toHaveLength(3 * cases.length);
  }, 300_000);

  test('16-bit adapters load too', () => {
    const written = path.join(folder, 'half');
    writeAdapterHub(written, readAdapter(adapterFolder('xlmr', 'en')), { floats: 'F16' });
    const [result] = runPython([{ kind: 'adapter', arguments: [written, '--fixture', fixture('xlmr')] }]);
    expect(result!.status).toBe(0);
    expect(fs.readdirSync(written).sort()).toEqual([
      'adapter.safetensors',
      'adapter_config.json',
      'pytorch_adapter.bin',
    ]);
  }, 300_000);
});
