/**
 * `npm run bench`: the project's benchmarks by name. Each measures against its peer in turn, and says what it measured.
 */
import { oneOf } from '../engine/errors';
import type { Benchmark } from './benchmarks/benchmark';
import type { Command } from './command';

/** Loaded when asked for. */
const benchmarks: Readonly<Record<string, () => Promise<Benchmark>>> = {
  training: async () => (await import('./benchmarks/training')).training,
  fisher: async () => (await import('./benchmarks/fisher')).fisher,
  operations: async () => (await import('./benchmarks/operations')).operations,
};

const names = Object.keys(benchmarks);

export const bench: Command = {
  summary: `Measures speed and memory against the reference in Python: ${names.join(', ')}`,
  positionals: names.join(' | '),
  most: 1,
  options: {
    models: { value: 'LIST', help: 'e5-small,xlmr-base (default: both)' },
    sizes: { value: 'LIST', help: 'examples x tokens, as in 64x64,256x128 (the defaults of fisher; training: 32x128)' },
    batch: { value: 'N', help: 'examples a batch (default: 32 in training, 16 in fisher)' },
    threads: { value: 'N', help: 'threads of one operation, for both sides (default: 2)' },
    repeat: { value: 'N', help: 'rounds, in each of which both sides take their turns; the best counts (default: 1)' },
    only: { value: 'WHAT', help: 'of training: one kind of work alone, as in "full fine-tuning"' },
    'without-python': { help: 'leaves the reference out' },
    row: { value: 'JSON', help: 'internal: measures one row and prints it' },
  },
  async run(args) {
    const name = oneOf('Benchmark', args.positionals[0] ?? names[0]!, names);
    return (await benchmarks[name]!()).run(args);
  },
};
