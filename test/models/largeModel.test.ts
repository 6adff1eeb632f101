/** XLM-R base (278 M parameters, a random 1.1 GB file): loading stays under twice the file in memory. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomStream } from '../../src/engine/random';

const config = {
  model_type: 'xlm-roberta',
  vocab_size: 250002,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 514,
  type_vocab_size: 1,
  pad_token_id: 1,
  layer_norm_eps: 1e-5,
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-large-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeRandomWeights(join(folder, 'model.safetensors'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('loads and runs a batch', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', 'tsx/cjs', join(__dirname, 'openLargeModel.ts'), folder],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  const { peakBytes, seconds, finite } = JSON.parse(stdout) as { peakBytes: number; seconds: number; finite: boolean };
  const fileBytes = statSync(join(folder, 'model.safetensors')).size;
  console.log(
    `${(fileBytes / 1e9).toFixed(2)} GB opened in ${seconds.toFixed(1)} s, peak ${(peakBytes / 1e9).toFixed(2)} GB`,
  );
  expect(fileBytes).toBeGreaterThan(1.1e9);
  expect(peakBytes).toBeLessThan(2 * fileBytes);
  expect(finite).toBe(true);
});

/** Every tensor filled from one block of N(0, 0.02), so that writing takes a second. */
function writeRandomWeights(path: string): void {
  const { hidden_size: H, intermediate_size: F } = config;
  const shapes: Record<string, number[]> = {
    'roberta.embeddings.word_embeddings.weight': [config.vocab_size, H],
    'roberta.embeddings.position_embeddings.weight': [config.max_position_embeddings, H],
    'roberta.embeddings.token_type_embeddings.weight': [1, H],
    'roberta.embeddings.LayerNorm.weight': [H],
    'roberta.embeddings.LayerNorm.bias': [H],
  };
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const parts: Record<string, [number, number]> = {
      'attention.self.query': [H, H],
      'attention.self.key': [H, H],
      'attention.self.value': [H, H],
      'attention.output.dense': [H, H],
      'intermediate.dense': [F, H],
      'output.dense': [H, F],
    };
    for (const [part, [out, input]] of Object.entries(parts)) {
      shapes[`roberta.encoder.layer.${i}.${part}.weight`] = [out, input];
      shapes[`roberta.encoder.layer.${i}.${part}.bias`] = [out];
    }
    for (const norm of ['attention.output.LayerNorm', 'output.LayerNorm']) {
      shapes[`roberta.encoder.layer.${i}.${norm}.weight`] = [H];
      shapes[`roberta.encoder.layer.${i}.${norm}.bias`] = [H];
    }
  }
  let offset = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const end = offset + 4 * shape.reduce((a, b) => a * b, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const random = randomStream(1, 'large model');
  const block = Buffer.from(Float32Array.from({ length: 1 << 20 }, () => 0.02 * random.normal()).buffer);
  const file = openSync(path, 'w');
  writeSync(file, length);
  writeSync(file, json);
  for (let left = offset; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(left, block.length));
  closeSync(file);
}
