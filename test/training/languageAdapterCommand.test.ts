/** `npm run language-adapter` on the tiny model: from a text file to a folder that runs can use. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dispatch } from '../../src/commands/dispatch';
import {
  HEAD_FILE,
  languageAdapterRun,
  type LanguageAdapterFacts,
  type LanguageAdapterRequest,
} from '../../src/experiments/languageAdapterRun';
import { openSafetensors } from '../../src/models/formats/safetensors';
import type { TrainingEvent } from '../../src/training/events';
import { hasParity, parityFolder } from '../parity/fixture';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fun-command-'));
  process.env.FUN_RUNS = join(folder, 'runs');
  said = [];
  for (const stream of ['log', 'error'] as const) {
    vi.spyOn(console, stream).mockImplementation((text: unknown) => void said.push(String(text)));
  }
  const lines = Array.from({ length: 120 }, (_, i) => `neno${i % 11} na neno${i % 7} la neno${i % 5}`);
  writeFileSync(join(folder, 'maandishi.txt'), lines.join('\n'));
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env.FUN_RUNS;
  rmSync(folder, { recursive: true, force: true });
});

const request = (more: Partial<LanguageAdapterRequest> = {}): LanguageAdapterRequest => ({
  ...{ model: 'tiny-random', language: 'sw', text: [join(folder, 'maandishi.txt')], maxLength: 16 },
  ...{ trains: 'adapter', output: join(folder, 'adapters', 'sw') },
  settings: {
    ...{ steps: 8, batchSize: 4, learningRate: 1e-2, maskProbability: 0.15, candidates: 'all', seed: 1 },
    validation: { every: 4, sequences: 8, patience: 3 },
  },
  ...more,
});

async function run(
  asked: LanguageAdapterRequest,
  stopAfter = Infinity,
): Promise<{ facts: LanguageAdapterFacts | undefined; first: TrainingEvent }> {
  const abort = new AbortController();
  const events = languageAdapterRun(asked, abort.signal);
  let first: TrainingEvent | undefined;
  for (;;) {
    const next = await events.next();
    if (next.done) return { facts: next.value, first: first! };
    first ??= next.value;
    if (next.value.type === 'step' && next.value.step >= stopAfter) abort.abort();
  }
}

const numbers = (path: string) => {
  const file = openSafetensors(path);
  const all = file.names().map((name) => [name, [...file.read(name).data]]);
  file.close();
  return all;
};

test('the command writes an AdapterHub folder and the facts of its training', async () => {
  const output = join(folder, 'adapters', 'sw');
  const options = ['--model', 'tiny-random', '--language', 'sw', '--text', join(folder, 'maandishi.txt')];
  const more = [
    '--steps',
    '6',
    '--max-length',
    '16',
    '--validate-every',
    '3',
    '--candidates',
    'all',
    '--output',
    output,
  ];
  expect(await dispatch(['language-adapter', ...options, ...more])).toBe(0);
  expect(readdirSync(output).sort()).toEqual([
    ...['adapter.safetensors', 'adapter_config.json', 'pytorch_adapter.bin', 'training.json'],
  ]);
  const facts = JSON.parse(readFileSync(join(output, 'training.json'), 'utf8')) as LanguageAdapterFacts;
  expect(facts).toMatchObject({ model: 'tiny-random', language: 'sw', head: 'published', stepsDone: 6 });
  expect(facts.text).toMatchObject({ names: ['maandishi.txt'], lines: 120 });
  expect(JSON.stringify(facts)).not.toContain(folder);
  expect(said.join('\n')).toMatch(/validation perplexity .* without adapter: [\d.]+ \(loss .*after training: [\d.]+/s);
});

test('stopped and run again it goes on, and writes the same adapter', async () => {
  const whole = await run(request());
  const stopped = request({ output: join(folder, 'adapters', 'again') });
  expect((await run(stopped, 4)).facts).toBeUndefined();
  expect(existsSync(stopped.output)).toBe(false);
  const { facts, first } = await run(stopped);
  expect(first).toMatchObject({ type: 'start', firstStep: 5 });
  expect({ ...facts, seconds: 0 }).toEqual({ ...whole.facts, seconds: 0 });
  const file = 'adapter.safetensors';
  expect(numbers(join(stopped.output, file))).toEqual(numbers(join(request().output, file)));
  expect(readdirSync(join(folder, 'runs', 'language-adapters'))).toEqual([]);
});

test('a transform trained alone is then frozen under the adapters of all languages', async () => {
  const head = await run(request({ trains: 'head', output: join(folder, 'head') }));
  expect(head.facts).toMatchObject({ trains: 'head', head: 'transform' });
  expect(head.facts!.best.perplexity).toBeLessThan(head.facts!.start.perplexity);
  const file = join(folder, 'head', HEAD_FILE);
  const before = numbers(file);
  const { facts } = await run(request({ head: { file } }));
  expect(facts!.head).toMatch(/^transform, sha256 [0-9a-f]{16}$/);
  expect(facts!.start).toEqual(head.facts!.best);
  expect(facts!.withoutAdapter).toEqual(facts!.start);
  expect(numbers(file)).toEqual(before);
});

describe('what cannot be is said', () => {
  test.each([
    [['--language', 'sw'], 2, /Give --language CODE and --text PATH/],
    [['--language', 'sw', '--text', 'nowhere.txt'], 1, /nowhere\.txt does not exist/],
    [['--language', 'Swahili', '--text', 'x'], 1, /code of two or three letters, such as sw, not "Swahili"/],
    [['--language', 'sw', '--text', 'x', '--steps', '0'], 1, /steps must be a whole number/],
    [['--language', 'sw', '--text', 'x', '--train', 'all'], 1, /train "all" is not known. Allowed: adapter, head/],
  ])('%j', async (options, code, message) => {
    expect(await dispatch(['language-adapter', '--model', 'tiny-random', ...options])).toBe(code);
    expect(said.join('\n')).toMatch(message);
  });

  test.each([['maandishi.txt'], ['maandishi.txt/sw']])(
    'an --output that is none (%s), before anything is trained',
    async (at) => {
      const options = ['--model', 'tiny-random', '--language', 'sw', '--text', join(folder, 'maandishi.txt')];
      expect(await dispatch(['language-adapter', ...options, '--output', join(folder, at)])).toBe(1);
      expect(said.join('\n')).toMatch(/maandishi\.txt.* cannot be written: there is a file where a folder should be/);
      expect(said.join('\n')).not.toMatch(/steps, from step/);
      expect(existsSync(join(folder, 'runs'))).toBe(false);
    },
  );

  test.skipIf(!hasParity)('the published head of a base that has none', async () => {
    const { openHead } = await import('../../src/experiments/languageAdapterRun');
    const { openFolderWithWeights } = await import('../../src/models/baseModel');
    const opened = openFolderWithWeights(join(parityFolder, 'deberta'));
    const model = { name: 'tiny', ...opened, tokenizer: { type: 'hashing', vocabularySize: 1 }, source: '' } as const;
    expect(() => openHead(model, 'published')).toThrow(/tiny was published without a masked-LM head/);
    expect(openHead(model).name).toBe('transform');
  });
});
