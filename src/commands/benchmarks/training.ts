/**
 * A training step, a whole run of gradual unfreezing, and evaluation, against PyTorch with the adapters library
 * (`baseline_torch.py` of the parity folder, and `trainingPeer.py` beside this file): the same sizes, batches, threads
 * and dropout, random weights and token ids, a first-token head of three classes.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, wholeNumber } from '../../engine/errors';
import { measureProducts } from '../../engine/matrixProducts';
import { projectRoot } from '../../engine/places';
import type { Precision } from '../../engine/precision';
import type { EncoderConfig } from '../../models/config';
import { benchConfigs } from './benchModel';
import {
  inTurn,
  measureHere,
  parityScript,
  python,
  workloadsOf,
  type Benchmark,
  type BenchRow,
  type Contender,
  type OwnRow,
  type Workload,
} from './benchmark';
import { report, type Goal } from './goals';

/** What is measured, in seconds a step (a batch, for evaluation). */
const trainingWork = [
  'all adapters',
  'top adapter',
  'full fine-tuning',
  'gradual',
  'gradual, prefix cached',
  'evaluation',
] as const;
export type TrainingWork = (typeof trainingWork)[number];

const ours = (work: TrainingWork, precision: Precision): Contender => ({
  name: named(work, precision),
  measure: (workload) => measureHere('training', { work, precision, ...workload }),
});

const named = (work: string, precision: Precision) => (precision === 'bf16' ? `${work} bf16` : work);

/** The reference's step; peak memory is that of its whole process. */
const baseline = (work: 'all adapters' | 'top adapter', precision: Precision): Contender => ({
  name: `python ${named(work, precision)}`,
  async measure({ model, threads, batch, length }) {
    const given = { models: model, threads, dtype: precision === 'bf16' ? 'bf16' : 'fp32', batch, length };
    const scope = work === 'all adapters' ? 'all' : 'top';
    const text = await python(parityScript('baseline_torch.py'), { ...given, scope });
    const { ms, cpu, rss } = JSON.parse(text) as Record<'ms' | 'cpu' | 'rss', number>;
    return { seconds: ms / 1000, cpuSeconds: cpu / 1000, peakMegabytes: rss };
  },
});

/** What the parity folder has no script for. */
const peerWork = ['full fine-tuning', 'gradual', 'evaluation'] as const;

const ownPeer = (work: (typeof peerWork)[number]): Contender => ({
  name: `python ${work}`,
  async measure({ model, threads, batch, length }) {
    const script = join(projectRoot(), 'src/commands/benchmarks/trainingPeer.py');
    return JSON.parse(await python(script, { work, model, threads, batch, length })) as BenchRow;
  },
});

const goals: readonly Goal[] = [
  { what: 'all adapters', of: 'python all adapters', by: 'seconds', goal: 0.8 },
  { what: 'all adapters', of: 'python all adapters', by: 'peakMegabytes', goal: 1 },
  { what: 'top adapter', of: 'python top adapter', by: 'seconds', goal: 0.8 },
  { what: 'top adapter', of: 'python top adapter', by: 'peakMegabytes', goal: 1 },
  { what: 'all adapters bf16', of: 'python all adapters bf16', by: 'seconds', goal: 0.8 },
  { what: 'full fine-tuning', of: 'python full fine-tuning', by: 'seconds', goal: 1 },
  { what: 'full fine-tuning', of: 'python full fine-tuning', by: 'peakMegabytes', goal: 1 },
  { what: 'gradual', of: 'python gradual', by: 'seconds', goal: 0.8 },
  { what: 'gradual, prefix cached', of: 'python gradual', by: 'seconds', goal: 0.4 },
  { what: 'gradual, prefix cached bf16', of: 'python gradual', by: 'seconds', goal: 0.4 },
  { what: 'evaluation', of: 'python evaluation', by: 'seconds', goal: 1 },
];

export const training: Benchmark = {
  async run(args) {
    const row = args.text('row');
    if (row !== undefined) {
      const { measureTrainingRow } = await import('./trainingRow');
      console.log(JSON.stringify(await measureTrainingRow(JSON.parse(row) as OwnRow<TrainingWork>)));
      return 0;
    }
    const rounds = wholeNumber('--repeat', args.number('repeat') ?? 1);
    const workloads = workloadsOf(args, { sizes: '32x128', batch: 32 });
    const only = args.text('only');
    const contenders = [
      ...trainingWork.map((work) => ours(work, 'float32')),
      ours('all adapters', 'bf16'),
      ours('gradual, prefix cached', 'bf16'),
      ...(args.given('without-python') ? [] : peers()),
    ].filter(({ name }) => only === undefined || name === only || name === `python ${only}`);
    if (contenders.length === 0) throw new UserError(`--only "${only}" names none of: ${trainingWork.join('; ')}.`);
    const peak = await measureProducts('float32');
    const rows: BenchRow[] = [];
    for (const workload of workloads) {
      console.log(`${workload.model}, ${workload.batch} sequences of ${workload.length} tokens …`);
      rows.push(...(await inTurn(contenders, workload, rounds)));
    }
    console.log(`Float32 matrix products here: ${peak.toFixed(0)} GFLOPS.`);
    report('training', rows, goals, (measured) => readable(measured, peak));
    return 0;
  },
};

function peers(): Contender[] {
  const own = peerWork.map(ownPeer);
  if (!existsSync(parityScript('baseline_torch.py'))) {
    console.log('baseline_torch.py is not there (FUN_PARITY_DIR): its steps are left out.');
    return own;
  }
  return [
    baseline('all adapters', 'float32'),
    baseline('top adapter', 'float32'),
    baseline('all adapters', 'bf16'),
    ...own,
  ];
}

function readable(row: BenchRow, peakGflops: number) {
  const { model, batch, length, name, seconds, cpuSeconds, peakMegabytes, load } = row;
  const work = trainingWork.find((known) => known === name);
  const flops =
    work === 'all adapters' || work === 'evaluation' ? matrixFlops(benchConfigs[model], row, work) : undefined;
  return {
    model,
    what: name,
    'ms/step': (1000 * seconds).toFixed(0),
    'cpu ms': (1000 * cpuSeconds).toFixed(0),
    'tokens/s': Math.round((batch * length) / seconds),
    'share of peak': flops === undefined ? '' : (flops / seconds / 1e9 / peakGflops).toFixed(2),
    'peak MB': Math.round(peakMegabytes),
    load: load.toFixed(1),
  };
}

/**
 * Floating-point operations of the matrix products of one batch: forward; in training also the input gradients of every
 * product (frozen weights have none of their own) and the adapters' weight gradients.
 */
function matrixFlops(
  { layers, hiddenSize: H, intermediateSize: I }: EncoderConfig,
  { batch, length: T }: Pick<Workload, 'batch' | 'length'>,
  work: 'all adapters' | 'evaluation',
): number {
  const adapter = 2 * 2 * H * (H / 16);
  const perToken = 2 * (4 * H * H + 2 * H * I) + 2 * 2 * T * H + adapter;
  const forward = batch * T * layers * perToken;
  // Attention has two products forward and four backward.
  return work === 'evaluation' ? forward : 2 * forward + batch * T * layers * (2 * 2 * T * H + adapter);
}
