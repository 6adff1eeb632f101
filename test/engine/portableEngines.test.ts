/** The engines without native code (WebAssembly, plain JavaScript) compute what the native one does. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Logits and tr(F) by layer of models whose every parameter, the biases too, is random; sequences of three lengths. */
const script = `
  const { openEngine, tf } = require('./src/engine/tf.ts');
  const { randomStream } = require('./src/engine/random.ts');
  const { AdapterModel } = require('./src/models/adapterModel.ts');
  const { tinyEncoder } = require('./src/models/baseModel.ts');
  const { fisherTrace } = require('./src/fisher/trace.ts');
  (async () => {
    const { backend } = await openEngine();
    const lora = { type: 'lora', rank: 4, alpha: 4 };
    const [examples, tokens, lengths] = [3, 7, [7, 4, 6]];
    const isToken = (_, i) => (i % tokens < lengths[Math.floor(i / tokens)] ? 1 : 0);
    const attentionMask = Int32Array.from({ length: examples * tokens }, isToken);
    const batch = {
      examples, sequencesPerExample: 1, tokens, attentionMask,
      inputIds: attentionMask.map((on, i) => on * (5 + ((i * 11) % 90))),
      tokenTypeIds: attentionMask.map((on, i) => on * (i % tokens > 3 ? 1 : 0)),
      exampleIds: Int32Array.from([0, 1, 2]),
      targets: [0, 1, 2].map((label) => ({ kind: 'class', label })),
    };
    const deberta = { modelType: 'deberta-v2', positionBuckets: 4 };
    const bottleneck = { type: 'bottleneck', reductionFactor: 4, activation: 'relu', leaveOut: [] };
    const results = [[{}, bottleneck], [{}, lora], [deberta, bottleneck], [deberta, lora]].map(([base, method]) => {
      const model = new AdapterModel('tiny-random', tinyEncoder(base));
      model.addTaskAdapter('task', method, 1);
      model.addHead('task', { kind: { type: 'classification', classes: 3 }, family: 'adapters', pooling: 'mean' }, 1);
      model.activate({ task: 'task', head: 'task' });
      const stream = randomStream(1, 'parameters');
      for (const parameter of model.parameters()) {
        const values = Float32Array.from(parameter.value.dataSync(), (value) => value + 0.4 * (stream.uniform() - 0.5));
        parameter.assign(tf.tensor(values, [...parameter.shape]));
      }
      const pass = model.forward(batch);
      const logits = [...pass.factors[0].dataSync()];
      pass.release();
      const { trace } = fisherTrace(model, [batch], { estimator: 'exact', parameters: model.parametersOf('task') });
      return { logits, trace: [...trace.values()] };
    });
    console.log(JSON.stringify({ backend, results }));
  })();`;

interface Computed {
  readonly backend: string;
  /** BERT's and DeBERTa's layers, with a bottleneck adapter and LoRA each. */
  readonly results: readonly { readonly logits: number[]; readonly trace: number[] }[];
}

function computedBy(engine: string): Computed {
  const printed = execFileSync('node', ['--import', 'tsx', '-e', script], {
    env: { ...process.env, FUN_ENGINE: engine },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(printed.trim().split('\n').at(-1)!) as Computed;
}

test('WebAssembly and JavaScript give the logits and tr(F) of the native engine', () => {
  const native = computedBy('cpu');
  expect(native.backend).toBe('tensorflow');
  expect(native.results.map(({ logits, trace }) => [logits.length, trace.length])).toEqual(Array(4).fill([9, 4]));
  for (const [engine, backend] of [
    ['wasm', 'wasm'],
    ['js', 'cpu'],
  ] as const) {
    const computed = computedBy(engine);
    expect(computed.backend).toBe(backend);
    const farthest = computed.results.map((result, which) =>
      (['logits', 'trace'] as const).map((key) =>
        Math.max(...result[key].map((value, i) => Math.abs(value / native.results[which]![key][i]! - 1))),
      ),
    );
    for (const ratio of farthest.flat()) expect(ratio, `${engine}: ${JSON.stringify(farthest)}`).toBeLessThan(1e-4);
  }
});
