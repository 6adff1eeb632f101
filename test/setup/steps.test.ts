import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporaryFolder';
import { setupFolder, setupModule, toolFolder } from './scripts';

interface Step {
  title: string;
  ready: () => boolean;
  make: (log: (line: string) => void) => Promise<void>;
}
const { runSteps, checkNode, explain } = await setupModule<{
  runSteps: (steps: Step[], options: { quiet?: boolean; log: (line: string) => void }) => Promise<void>;
  checkNode: (version: string) => void;
  explain: (error: unknown) => string | undefined;
}>('steps.mjs');
const { setupSteps, stepsFor } = await setupModule<{
  setupSteps: Record<string, Step>;
  stepsFor: (args: string[]) => Step[];
}>('setup.mjs');
const { packagesAreReady, npmError } = await setupModule<{
  packagesAreReady: (root?: string) => boolean;
  npmError: (error: Error) => Error;
}>('packages.mjs');
const { countTests } = await setupModule<{ countTests: (json: string) => object }>('countTests.mjs');
const { funHome } = await setupModule<{ funHome: (env: object, platform: string, home: string) => string }>(
  'places.mjs',
);

describe('steps', () => {
  test('are skipped when ready; each shows its number, title and time', async () => {
    const lines: string[] = [];
    let made = 0;
    const steps: Step[] = [
      { title: 'done before', ready: () => true, make: () => Promise.reject(new Error('not again')) },
      { title: 'to do', ready: () => made > 0, make: async () => void made++ },
    ];
    await runSteps(steps, { log: (line) => lines.push(line) });
    await runSteps(steps, { quiet: true, log: (line) => lines.push(line) });
    expect(made).toBe(1);
    expect(lines).toEqual([
      '[1/2] done before: ready',
      '[2/2] to do …',
      expect.stringMatching(/^\[2\/2\] to do: done in \d+\.\d s$/),
    ]);
  });

  test('looking whether everything is there takes under 100 ms', () => {
    const all = () => Object.values(setupSteps).every((step) => step.ready());
    all();
    const begun = performance.now();
    expect(all()).toBe(true);
    expect(performance.now() - begun).toBeLessThan(100);
  });

  test('Node before 20.19 is refused', () => {
    for (const version of ['18.20.4', '20.18.1'])
      expect(() => checkNode(version)).toThrow(/needs Node 20\.19 or later/);
    for (const version of ['20.19.0', '22.0.0', '24.1.0']) expect(() => checkNode(version)).not.toThrow();
  });

  test('a full disk and a missing permission are explained, a defect is not hidden', () => {
    expect(explain(Object.assign(new Error(), { code: 'ENOSPC' }))).toMatch(/^The disk is full\./);
    expect(explain(Object.assign(new Error(), { code: 'EACCES', path: '/x' }))).toMatch(
      /^No permission to write \/x\. Set FUN_HOME/,
    );
    expect(explain(new TypeError('a defect'))).toBeUndefined();
  });

  test('in a clone that cannot be written the advice is about the clone, whoever meets it first', () => {
    const root = resolve(setupFolder, '../..');
    const path = join(root, 'node_modules');
    const advice = `No permission to write ${path}. It lies in the project: make ${root} writable for you, or clone the project into a folder of your own, and run again.`;
    expect(explain(Object.assign(new Error(), { code: 'EROFS', path }))).toBe(advice);
    const output = (folder: string) =>
      `npm error code EACCES\nnpm error syscall mkdir\nnpm error path ${folder}\nnpm error errno -13\n`;
    expect(npmError(Object.assign(new Error(), { output: output(path) })).message).toBe(advice);
    expect(npmError(Object.assign(new Error(), { output: output('/home/me/.npm') })).message).toMatch(
      /^npm could not install the packages: syscall mkdir\n {2}path \/home\/me\/\.npm/,
    );
  });
});

test.each([
  [{ FUN_HOME: '/a' }, 'linux', '/a'],
  [{ XDG_CACHE_HOME: '/c' }, 'linux', '/c/fun-lab'],
  [{}, 'linux', '/h/.cache/fun-lab'],
  [{}, 'darwin', '/h/Library/Caches/fun-lab'],
])('the cache folder of %o on %s is %s', (env, platform, expected) => {
  expect(funHome(env, platform, '/h')).toBe(expected);
});

test('packages are ready when npm installed what the lock file names, optional ones of other platforms aside', () => {
  const root = temporaryFolder();
  const lock = (version: string) => ({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/mac': { version: '1.0.0', optional: true } },
  });
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock('1.0.0')));
  expect(packagesAreReady(root)).toBe(false);
  mkdirSync(join(root, 'node_modules'));
  const installed = (text: string) => writeFileSync(join(root, 'node_modules/.package-lock.json'), text);
  installed('{ "packages": { "node_modules/a": { "version": "1.0.0" } } }');
  expect(packagesAreReady(root)).toBe(true);
  installed('{ "packages": { "node_modules/a": { "version": "0.9.0" } } }');
  expect(packagesAreReady(root)).toBe(false);
  installed('{ "packages": {');
  expect(packagesAreReady(root)).toBe(false);
});

test('a Vitest report is counted; a file that breaks before its tests are known is a failure', () => {
  const report = (testResults: object[]) =>
    JSON.stringify({ numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0, testResults });
  const fine = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  expect(countTests(report([fine]))).toEqual({ passed: 3, failed: 1, skipped: 2 });
  expect(countTests(report([fine, { status: 'failed', assertionResults: [] }]))).toEqual({
    passed: 3,
    failed: 2,
    skipped: 2,
  });
});

describe('a command sets up what it needs', () => {
  const titles = (...args: string[]) => stepsFor(args).map(({ title }) => title);
  const toCompute = ['npm packages', 'engine', 'fused operations', 'embedded model'];

  test.each([
    [[], ['npm packages']],
    [['--help'], ['npm packages']],
    [['train', '--help'], ['npm packages']],
    [['doctor'], ['npm packages']],
    [['data', 'status'], ['npm packages']],
    [['results', 'table', 'small'], ['npm packages']],
    [['figures'], ['npm packages']],
    [['train', '--seed', '1'], toCompute],
    [['run', '--index', '0'], toCompute],
    [['lab'], [...toCompute, 'Jupyter environment']],
  ])('%j', (args, expected) => {
    expect(titles(...args)).toEqual(expected);
  });

  test('the doctor says what is missing where nothing can be fetched', () => {
    const home = temporaryFolder();
    const { status, stdout } = spawnSync(process.execPath, [join(setupFolder, 'run.mjs'), 'doctor'], {
      env: { PATH: toolFolder({}), FUN_HOME: home, HOME: home },
      encoding: 'utf8',
    });
    expect(stdout).toContain(`embedded model       not at ${home}`);
    expect(stdout).toMatch(/✗ Jupyter +no environment yet\n +mend: npm start/);
    expect(status).toBe(1);
  });
});

test('npm start without npm says so, with exit code 1', () => {
  const clone = temporaryFolder();
  cpSync(setupFolder, join(clone, 'src/setup'), { recursive: true });
  cpSync(resolve(dirname(setupFolder), '../package-lock.json'), join(clone, 'package-lock.json'));
  const { status, stderr } = spawnSync(process.execPath, [join(clone, 'src/setup/start.mjs')], {
    env: { PATH: toolFolder({}), FUN_HOME: join(clone, 'home') },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe('npm was not found. Install it with Node.');
});
