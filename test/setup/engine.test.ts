/** The engine set-up in a pretended clone: what happens when something that it needs is missing. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporaryFolder';
import { pretendedPython, setupFolder, setupModule, toolFolder } from './scripts';

const realPython = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const compiler = 'echo "c++ 12.0"';

/** A project with the set-up scripts and the package whose addon is to be built. */
function pretendedClone(): string {
  const clone = temporaryFolder();
  cpSync(setupFolder, join(clone, 'src/setup'), { recursive: true });
  mkdirSync(join(clone, 'node_modules/@tensorflow/tfjs-node-gpu'), { recursive: true });
  writeFileSync(join(clone, 'package.json'), '{ "name": "clone", "private": true }');
  return clone;
}

interface EngineState {
  readonly ready: boolean;
  readonly usable: boolean;
}

/** Sets up the engine in the clone with these tools alone on the PATH. */
function setUp(clone: string, tools: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  const script = `
    const { setUpEngine, engineIsReady, engineIsUsable } = await import('${join(clone, 'src/setup/engine.mjs')}');
    const { script } = await import('${join(clone, 'src/setup/steps.mjs')}');
    const state = () => ({ ready: engineIsReady(), usable: engineIsUsable() });
    const before = state();
    await script(() => setUpEngine());
    console.log(JSON.stringify({ before, state: state() }));`;
  const home = join(clone, 'home');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: toolFolder({ npm: 'exit 1', ...tools }), FUN_HOME: home, HOME: clone, ...env },
    encoding: 'utf8',
  });
  const recordPath = join(clone, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/fun_engine.json');
  const record = existsSync(recordPath)
    ? (JSON.parse(readFileSync(recordPath, 'utf8')) as { kind: string; why: string[] })
    : undefined;
  const leftInHome = existsSync(join(home, 'engine')) ? readdirSync(join(home, 'engine')) : [];
  const states = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<'before' | 'state', EngineState>;
  return { status, stdout, stderr, record, leftInHome, ...states };
}

const tampered = pretendedPython('echo tampered > "$dest/tensorflow_cpu-2.21.0-x.whl"', realPython);
const offline = pretendedPython('echo "NewConnectionError: no route" >&2; exit 1', realPython);

describe('without what the engine needs, the next best is taken and the reason is kept', () => {
  test.each([
    ['no compiler', {}, /No C\+\+ compiler was found\. Install one/],
    ['no Python', { 'g++': compiler }, /Python 3 was not found\. Install/],
    ['no network', { 'g++': compiler, python3: offline }, /No network: pip could not reach/],
    [
      'a wheel with another hash',
      { 'g++': compiler, python3: tampered },
      /has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}: refused/,
    ],
  ])('%s', (_, tools, message) => {
    const { status, stdout, record, leftInHome, state } = setUp(pretendedClone(), tools);
    expect(status).toBe(0);
    expect(stdout).toMatch(message);
    expect(stdout).toContain('Going on with wasm backend');
    expect(record).toMatchObject({ kind: 'wasm' });
    expect(record!.why.join(' ')).toMatch(message);
    expect(record!.why).toHaveLength(2); // the wheel's engine, the published binary
    expect(leftInHome).toEqual([]);
    expect(state).toEqual({ ready: false, usable: true }); // npm start tries again, a single run goes on
  });

  test('an engine that FUN_ENGINE names has no fallback: exit code 1', () => {
    const { status, stderr, record, leftInHome } = setUp(pretendedClone(), {}, { FUN_ENGINE: 'cpu' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\s*No C\+\+ compiler was found/);
    expect([record, leftInHome]).toEqual([undefined, []]);
  });

  test('an unknown FUN_ENGINE is refused', () => {
    const clone = pretendedClone();
    const script = `const { wantedEngine } = await import('${join(clone, 'src/setup/engine.mjs')}'); wantedEngine();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, FUN_ENGINE: 'tpu' },
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('Allowed: cuda, cpu, wasm, js.');
  });
});

describe('what another clone built', () => {
  /** A clone in whose FUN_HOME the engine lies already, and nothing with which it could be built. */
  async function cloneWithBuiltEngine(): Promise<string> {
    const { engineFolder } = await setupModule<{ engineFolder: (kind: string) => string }>('engine.mjs');
    const built = engineFolder('cpu');
    expect(existsSync(join(built, 'tensorflow/tfjs_binding.node'))).toBe(true);
    const clone = pretendedClone();
    mkdirSync(join(clone, 'home/engine'), { recursive: true });
    symlinkSync(built, join(clone, 'home/engine', basename(built)));
    return clone;
  }

  test('is linked', async () => {
    const { status, record, before, state } = setUp(await cloneWithBuiltEngine(), {});
    expect(status).toBe(0);
    expect(record).toMatchObject({ kind: 'cpu' });
    expect([before, state]).toEqual([
      { ready: false, usable: false },
      { ready: true, usable: true },
    ]);
  });

  test('takes the place of an engine of an earlier recipe', async () => {
    const clone = await cloneWithBuiltEngine();
    setUp(clone, {});
    const addon = join(clone, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');
    const earlier = join(clone, 'earlier.node');
    writeFileSync(earlier, '');
    rmSync(addon);
    symlinkSync(earlier, addon);
    const { before, state } = setUp(clone, {});
    expect([before, state]).toEqual([
      { ready: false, usable: false },
      { ready: true, usable: true },
    ]);
  });
});
