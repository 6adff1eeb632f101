/**
 * The exact tr(F) of every layer's task adapter, and the cheaper estimators, against the best exact methods in PyTorch
 * (`baseline_fisher.py` of the parity folder): the same sizes, batches and threads, random weights and token ids, a
 * first-token head of three classes.
 */
import { existsSync } from 'node:fs';
import { wholeNumber } from '../../engine/errors';
import type { Precision } from '../../engine/precision';
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
} from './benchmark';
import { report, type Goal } from './goals';

/** What this project measures: estimates of tr(F), and a training step of one batch to hold them against. */
const ourWork = ['exact', 'sketch', 'mc', 'officialCode', 'to5Percent', 'trainingStep'] as const;
export type OurWork = (typeof ourWork)[number];

const ours = (work: OurWork, precision: Precision = 'float32'): Contender => ({
  name: precision === 'bf16' ? `${work} bf16` : work,
  measure: (workload) => measureHere('fisher', { work, precision, ...workload }),
});

/** One method of the Python script; its own process measures itself. */
const pythons = (method: string): Contender => ({
  name: `python ${method}`,
  async measure(workload) {
    const text = await python(parityScript('baseline_fisher.py'), { ...workload, method, repeat: 1 });
    const { s, cpu, rss, base } = JSON.parse(text) as Record<'s' | 'cpu' | 'rss' | 'base', number>;
    return { seconds: s, cpuSeconds: cpu, peakMegabytes: rss - base };
  },
});

const goals: readonly Goal[] = [
  { what: 'exact', of: 'python ghost-c1', by: 'seconds', goal: 0.8 },
  { what: 'exact bf16', of: 'python ghost-c1', by: 'seconds', goal: 0.5 },
  { what: 'exact bf16', of: 'python loop', by: 'seconds', goal: 0.2 },
  { what: 'sketch', of: 'python official', by: 'seconds', goal: 1 },
  { what: 'mc', of: 'python official', by: 'seconds', goal: 1 },
  { what: 'exact', of: 'trainingStep', by: 'peakMegabytes', goal: 1 },
  { what: 'to5Percent', of: 'trainingStep', by: 'seconds', goal: 5 },
];

export const fisher: Benchmark = {
  async run(args) {
    const row = args.text('row');
    if (row !== undefined) {
      const { measureFisherRow } = await import('./fisherRow');
      console.log(JSON.stringify(await measureFisherRow(JSON.parse(row) as OwnRow<OurWork>)));
      return 0;
    }
    const rounds = wholeNumber('--repeat', args.number('repeat') ?? 1);
    const withPython = !args.given('without-python');
    if (withPython && !existsSync(parityScript('baseline_fisher.py'))) {
      console.log('baseline_fisher.py is not there (FUN_PARITY_DIR): without the reference in Python.');
    }
    const reference =
      withPython && existsSync(parityScript('baseline_fisher.py')) ? ['ghost-c1', 'official'].map(pythons) : [];
    const contenders = [...ourWork.map((work) => ours(work)), ours('exact', 'bf16'), ...reference];
    const rows: BenchRow[] = [];
    for (const workload of workloadsOf(args, { sizes: '64x64,256x128', batch: 16 })) {
      console.log(`${workload.model}, ${workload.examples} examples of ${workload.length} tokens …`);
      rows.push(...(await inTurn(contenders, workload, rounds)));
      // The loop is long: once, at the small size.
      if (reference.length > 0 && workload.examples <= 64) rows.push(...(await inTurn([pythons('loop')], workload, 1)));
    }
    report('fisher', rows, goals, readable);
    return 0;
  },
};

const readable = ({ model, examples, length, name, seconds, cpuSeconds, peakMegabytes, load, note }: BenchRow) => ({
  model,
  size: `${examples}x${length}`,
  what: name,
  seconds: seconds.toFixed(3),
  'cpu s': cpuSeconds.toFixed(2),
  'peak MB': Math.round(peakMegabytes),
  load: load.toFixed(1),
  note: note ?? '',
});
