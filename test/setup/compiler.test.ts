/** Compiling in folders whose names have spaces. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporaryFolder';
import { setupModule } from './scripts';

const { findCompiler, neededHeaders, pathsInRule } = await setupModule<{
  findCompiler: () => Promise<string>;
  neededHeaders: (compiler: string, tensorflow: string) => Promise<string[]>;
  pathsInRule: (rule: string) => string[];
}>('compiler.mjs');
const { engineFolder } = await setupModule<{ engineFolder: (kind: string) => string }>('engine.mjs');

test('the paths that the compiler prints are those of the files, whatever is in their names', async () => {
  const folder = join(temporaryFolder(), 'two  words #1 $x');
  mkdirSync(folder);
  const [source, header] = [join(folder, 'a.cc'), join(folder, 'a long name that makes the rule go on below.h')];
  writeFileSync(header, '');
  writeFileSync(source, `#include "${header}"\n`);
  const rule = execFileSync(await findCompiler(), ['-M', source], { encoding: 'utf8' });
  expect(rule).toContain('\\\n');
  expect(pathsInRule(rule)).toEqual(expect.arrayContaining([source, header]));
});

test('under a FUN_HOME with a space the same headers are kept', async () => {
  const built = join(engineFolder('cpu'), 'tensorflow');
  const spaced = join(temporaryFolder(), 'my cache');
  symlinkSync(built, spaced);
  const compiler = await findCompiler();
  const kept = async (tensorflow: string) =>
    (await neededHeaders(compiler, tensorflow)).map((path) => relative(tensorflow, path));
  const headers = await kept(built);
  expect(headers).toContain('include/tensorflow/core/framework/op_kernel.h');
  expect(await kept(spaced)).toEqual(headers);
});
