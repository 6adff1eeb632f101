/**
 * What benchmarks have in common: one process a measurement, so that peak memory is the measurement's own; both sides
 * in turn, so that a busy minute does not fall on one; the load of the machine beside every number.
 */
import { spawn } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../../engine/atomicFile';
import { oneOf, UserError, wholeNumber } from '../../engine/errors';
import { projectRoot } from '../../engine/places';
import type { Precision } from '../../engine/precision';
import { codeVersion } from '../../experiments/codeVersion';
import type { Arguments } from '../command';

export interface Benchmark {
  run(args: Arguments): Promise<number>;
}

const benchModels = ['e5-small', 'xlmr-base'] as const;
export type BenchModel = (typeof benchModels)[number];

/** What both sides measure. */
export interface Workload {
  readonly model: BenchModel;
  readonly examples: number;
  /** Tokens a sequence. */
  readonly length: number;
  readonly batch: number;
  readonly threads: number;
}

/** What one process of this project measures. */
export interface OwnRow<Work extends string> extends Workload {
  readonly work: Work;
  readonly precision: Precision;
}

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Largest resident set size minus that before the measured work, MB. */
  readonly peakMegabytes: number;
  /** What else the side found worth telling. */
  readonly note?: string;
}

/** One way of doing the work: a name, and how a measurement of it is made. */
export interface Contender {
  readonly name: string;
  measure(workload: Workload): Promise<Measured>;
}

export interface BenchRow extends Measured, Workload {
  readonly name: string;
  /** Load average over the last minute, before the measurement. */
  readonly load: number;
}

/** The workloads that the options ask for, and the benchmark's own where they do not say. */
export function workloadsOf(args: Arguments, usual: { sizes: string; batch: number }): Workload[] {
  const models = (args.text('models') ?? benchModels.join(',')).split(',');
  const sizes = (args.text('sizes') ?? usual.sizes).split(',').map((size) => {
    const [examples, length, ...more] = size.split('x').map(Number);
    if (!examples || !length || more.length > 0) throw new UserError(`--sizes needs 64x64,256x128, not "${size}".`);
    return { examples: wholeNumber('examples', examples), length: wholeNumber('tokens', length) };
  });
  const batch = wholeNumber('--batch', args.number('batch') ?? usual.batch);
  const threads = wholeNumber('--threads', args.number('threads') ?? 2);
  return models.flatMap((model) =>
    sizes.map((size) => ({ model: oneOf('Model', model, benchModels), ...size, batch, threads })),
  );
}

/** Every contender once a round, the best of the rounds for each; a contender that fails is left out, and says why. */
export async function inTurn(
  contenders: readonly Contender[],
  workload: Workload,
  rounds: number,
): Promise<BenchRow[]> {
  const best = new Map<string, BenchRow>();
  const failed = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const { name } = contender;
      if (failed.has(name)) continue;
      const load = loadavg()[0]!;
      try {
        const row = { name, ...workload, load, ...(await contender.measure(workload)) };
        if (row.seconds < (best.get(name)?.seconds ?? Infinity)) best.set(name, row);
      } catch (error) {
        failed.add(name);
        console.log(`${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return [...best.values()];
}

/** A script of the reference, beside the folder of the parity fixtures. */
export const parityScript = (name: string): string =>
  process.env.FUN_PARITY_DIR === undefined
    ? join(projectRoot(), '../shared/parity', name)
    : join(process.env.FUN_PARITY_DIR, '..', name);

/** Runs this program's own row in a process of its own. */
export async function measureHere(benchmark: string, row: OwnRow<string>): Promise<Measured> {
  const cli = join(projectRoot(), 'src/cli.ts');
  const args = ['--import', 'tsx', cli, 'bench', benchmark, '--row', JSON.stringify(row)];
  const environment = { TF_NUM_INTRAOP_THREADS: String(row.threads) };
  return JSON.parse(lastLine(await output(process.execPath, args, environment))) as Measured;
}

/** The standard output of a program. @throws UserError with the last words of one that fails. */
function output(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: projectRoot(),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let complaints = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    child.stderr.on('data', (part: Buffer) => (complaints += part.toString()));
    child.on('error', (error) => reject(new UserError(error.message)));
    child.on('close', (code) =>
      code === 0 ? resolve(text) : reject(new UserError(lastLine(complaints) || `exit code ${code}`)),
    );
  });
}

/** The last line that a script of the reference prints. FUN_PARITY_PYTHON names its Python. */
export async function python(script: string, options: Readonly<Record<string, string | number>>): Promise<string> {
  const args = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
  return lastLine(await output(process.env.FUN_PARITY_PYTHON ?? 'python3', [script, ...args]));
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)!;

/** Times `work` in this process after one `warmUp`; peak memory above what there was before. */
export function measure(warmUp: () => void, work: () => string | undefined): Measured {
  const megabytes = () => process.resourceUsage().maxRSS / 1024;
  const before = megabytes();
  warmUp();
  const [started, cpu] = [performance.now(), process.cpuUsage()];
  const note = work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const measured = { seconds, cpuSeconds: (user + system) / 1e6, peakMegabytes: megabytes() - before };
  return note === undefined ? measured : { ...measured, note };
}

/** A machine is busy when it has more to do than these processes bring. */
export const isBusy = (rows: readonly BenchRow[]): boolean => rows.some(({ load, threads }) => load > threads + 0.5);

/** Writes `data/results/bench/NAME-DATE.json` and returns its path. */
export function record(name: string, rows: readonly BenchRow[], comparisons: readonly object[]): string {
  const at = new Date().toISOString();
  const path = join(projectRoot(), 'data/results/bench', `${name}-${at.replace(/[:.]/g, '-')}.json`);
  const [processor] = cpus();
  const machine = { processor: processor?.model ?? 'unknown', processors: cpus().length, busy: isBusy(rows) };
  writeWhole(
    path,
    `${JSON.stringify({ benchmark: name, at, code: codeVersion(), machine, rows, comparisons }, null, 1)}\n`,
  );
  return path;
}
