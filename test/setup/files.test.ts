import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporaryFolder';
import { setupModule } from './scripts';

interface Files {
  sha256: (path: string) => Promise<string>;
  writeWhole: (path: string, content: string) => Promise<void>;
  linkWhole: (target: string, path: string) => Promise<void>;
  buildWhole: (path: string, build: (folder: string) => Promise<string | undefined>) => Promise<void>;
}
const { sha256, writeWhole, linkWhole, buildWhole } = await setupModule<Files>('files.mjs');

describe('files that are whole or absent', () => {
  test('a file is replaced in one step and nothing else stays', async () => {
    const folder = temporaryFolder();
    await writeWhole(join(folder, 'a/b.json'), 'one');
    await writeWhole(join(folder, 'a/b.json'), 'two');
    expect(readFileSync(join(folder, 'a/b.json'), 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'a'))).toEqual(['b.json']);
    expect(await sha256(join(folder, 'a/b.json'))).toBe(
      '3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3',
    );
  });

  test('a link replaces a link or a file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'target'), 'x');
    writeFileSync(join(folder, 'link'), 'old');
    await linkWhole('target', join(folder, 'link'));
    await linkWhole('target', join(folder, 'link'));
    expect(readFileSync(join(folder, 'link'), 'utf8')).toBe('x');
    expect(readdirSync(folder).sort()).toEqual(['link', 'target']);
  });

  test('a build that fails leaves nothing', async () => {
    const folder = temporaryFolder();
    const build = buildWhole(join(folder, 'engine'), async (unfinished) => {
      writeFileSync(join(unfinished, 'half'), 'x');
      throw new Error('no network');
    });
    await expect(build).rejects.toThrow('no network');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of two builds at once, the first result stays and the second is dropped', async () => {
    const folder = temporaryFolder();
    const build = (name: string, wait: number) =>
      buildWhole(join(folder, 'engine'), async (unfinished) => {
        writeFileSync(join(unfinished, 'by'), name);
        await new Promise((resolve) => setTimeout(resolve, wait));
        return undefined;
      });
    await Promise.all([build('slow', 60), build('quick', 5)]);
    expect(readFileSync(join(folder, 'engine/by'), 'utf8')).toBe('quick');
    expect(readdirSync(folder)).toEqual(['engine']);
  });

  test('what a killed process left is removed, what a running one is building is not', async () => {
    const folder = temporaryFolder();
    const gone = spawnSync('true').pid;
    mkdirSync(join(folder, `.unfinished-${gone}-0a`));
    mkdirSync(join(folder, `.unfinished-${process.pid}-0b`));
    await buildWhole(join(folder, 'engine'), async () => undefined);
    expect(existsSync(join(folder, `.unfinished-${gone}-0a`))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual([`.unfinished-${process.pid}-0b`, 'engine']);
  });
});
