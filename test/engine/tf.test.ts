import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hasRawOps, openEngine, runOp, runOpOutputs, tf } from '../../src/engine/tf';

/** Runs a script that imports tf.ts in a process of its own, under another environment. */
function inAnotherProcess(env: NodeJS.ProcessEnv, script: string): string {
  const code = `const m = require('./src/engine/tf.ts'); (async () => { ${script} })().catch((e) => { console.log(e.name + ': ' + e.message); });`;
  return execFileSync('node', ['--import', 'tsx', '-e', code], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

describe('the engine', () => {
  test('opens once, on the native addon, and names itself', async () => {
    const info = await openEngine();
    expect(await openEngine()).toBe(info);
    expect(info.backend).toBe('tensorflow');
    expect(info.tensorflowVersion).toMatch(/^2\.\d+/);
    expect(info.threads).toBeGreaterThan(0);
    expect(tf.getBackend()).toBe('tensorflow');
  });

  test('raw operations run by name and are tracked by tidy', async () => {
    await openEngine();
    const before = tf.memory().numTensors;
    const sums = tf.tidy(() =>
      runOp('BiasAddGrad', { T: 'float32' }, [
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
      ]).arraySync(),
    );
    expect(sums).toEqual([4, 6]);
    expect(tf.memory().numTensors).toBe(before);
    const [mean, variance] = runOpOutputs(
      'Split',
      { T: 'float32', num_split: { int: 2 } },
      [tf.scalar(0, 'int32'), tf.tensor1d([1, 2])],
      2,
    );
    expect([mean!.arraySync(), variance!.arraySync()]).toEqual([[1], [2]]);
  });

  test('an unknown operation is an error', () => {
    expect(() => runOp('NoSuchOperation', {}, [])).toThrow(/NoSuchOperation/);
  });
});

describe('other engines', () => {
  afterEach(() => vi.unstubAllEnvs());
  const gatherGradient = `
    const info = await m.openEngine(); const { tf } = m;
    const g = tf.grad((w) => tf.gather(w, tf.tensor1d([2, 0, 2], 'int32')).sum())(tf.ones([3, 2]));
    console.log(JSON.stringify([info.backend, m.hasRawOps(), info.why, g.arraySync()]));
    m.runOp('BiasAddGrad', {}, []);`;

  test.each([
    ['wasm', 'wasm'],
    ['js', 'cpu'],
  ])('FUN_ENGINE=%s: gather has its gradient, raw operations a clear error', (requested, backend) => {
    const lines = inAnotherProcess({ FUN_ENGINE: requested }, gatherGradient).trim().split('\n');
    expect(JSON.parse(lines.find((line) => line.startsWith('['))!)).toEqual([
      backend,
      false,
      [`FUN_ENGINE=${requested}`],
      [
        [1, 1],
        [0, 0],
        [2, 2],
      ],
    ]);
    expect(lines.at(-1)).toMatch(/^UserError: Raw TensorFlow operations need the native engine/);
  });

  test('one that does not exist is refused by name', async () => {
    vi.resetModules();
    vi.stubEnv('FUN_ENGINE', 'gpu');
    await expect(import('../../src/engine/tf')).rejects.toThrow(
      'FUN_ENGINE "gpu" is not known. Allowed: cuda, cpu, wasm, js.',
    );
  });

  test('the composed operations run on wasm', () => {
    const script = `await m.openEngine(); const { tf } = m; const o = require('./src/engine/ops.ts');
      const x = tf.ones([6, 8]); const v = tf.ones([8]); const m0 = tf.zeros([8]);
      const { y, normalized, inverseStd } = o.layerNorm(x, x, v, v, 1e-5);
      const heads = o.splitHeads(x, v, 2, 3, 4); const P = o.attentionProbabilities(tf.ones([2, 4, 3, 3]), tf.zeros([2, 3]), 0.5);
      const outputs = [y, o.layerNormGrad(x, normalized, inverseStd, v), o.biasGelu(x, v), o.biasGeluGrad(x, x, v), o.mergeHeads(heads), P,
        o.attentionProbabilitiesGrad(P, P, 0.5), o.dropout(x, 0.5, [1, 2]),
        o.adamWUpdate(v, v, { m: m0, v: m0 }, { learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, step: 1 }).parameter];
      console.log(JSON.stringify(outputs.map((t) => Number.isFinite(t.sum().arraySync()))));`;
    expect(JSON.parse(inAnotherProcess({ FUN_ENGINE: 'wasm' }, script))).toEqual(Array(9).fill(true));
  });

  test('bf16 is refused on wasm, with the way out', () => {
    const script = `await m.openEngine();
      const { tinyEncoder } = require('./src/models/baseModel.ts'); const { computeProductsIn } = require('./src/models/encoder.ts');
      try { computeProductsIn('bf16', tinyEncoder()); } catch (error) { console.log(String(error)); }`;
    expect(inAnotherProcess({ FUN_ENGINE: 'wasm' }, script)).toMatch(/bf16 needs the native engine. Choose .*float32/);
  });
});

test('raw operations are there with the addon', () => expect(hasRawOps()).toBe(true));
