/** A launch under way as lines of text: one for each running run, one for the whole. */
import { formatDuration } from '../engine/formatDuration';
import type { LaunchState, RunState, RunStatus } from './launchers/local';
import { faultsOf, type PlannedRun } from './plan';

/** The running runs and the totals. */
export function launchLines({ statuses, secondsLeft }: LaunchState): string[] {
  const running = statuses.filter(({ state }) => state === 'running').map(runLine);
  return [...running, `${counts(statuses)} · ${formatDuration(secondsLeft)} left`];
}

/** `nli-…: step 120 of 300, loss 0.812, 3 min left`. */
function runLine({ run, progress, attempts }: RunStatus): string {
  const again = attempts > 1 ? ' (second try)' : '';
  return `${run.id}${again}: ${progressText(progress)}`;
}

function progressText(progress: RunStatus['progress']): string {
  if (progress === undefined || progress.phase === 'opening') return 'loading model and data';
  const { phase, step, steps, loss, secondsLeft, languagesLeft } = progress;
  if (phase === 'evaluating') return `evaluating, ${languagesLeft ?? 0} languages left`;
  const lossText = loss === undefined ? '' : `, loss ${loss.toFixed(3)}`;
  const leftText = secondsLeft === undefined ? '' : `, ${formatDuration(secondsLeft)} left`;
  return `step ${step} of ${steps}${lossText}${leftText}`;
}

const order: readonly RunState[] = ['done', 'running', 'waiting', 'interrupted', 'busy', 'failed'];
const stateNames: Readonly<Record<RunState, string>> = {
  done: 'done',
  running: 'running',
  waiting: 'waiting',
  interrupted: 'interrupted',
  busy: 'being done by another process',
  failed: 'failed',
};

/** `5 done, 2 running, 17 waiting`. */
export function counts(statuses: readonly RunStatus[]): string {
  return order
    .map((state) => [statuses.filter((status) => status.state === state).length, stateNames[state]] as const)
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(', ');
}

/** What failed, with the last words and where the rest is. */
export function failures(statuses: readonly RunStatus[]): string[] {
  return statuses
    .filter(({ state }) => state === 'failed')
    .map(
      ({ run, message = '', log }) => `${run.id} failed: ${message.replaceAll('\n', '\n  ')}\n  (all of it: ${log})`,
    );
}

/** The plan as a table: state, estimate, id; the sum; and what is wrong with results that are there. */
export function planLines(plan: readonly PlannedRun[], jobs: number): string[] {
  const lines = plan.map(({ id, state, seconds, fault }) => {
    const time = state === 'done' ? '' : `~${formatDuration(seconds)}`;
    return `  ${(fault === undefined ? state : 'faulty').padEnd(8)}${time.padEnd(13)} ${id}`;
  });
  const open = plan.filter(({ state }) => state !== 'done');
  const faults = faultsOf(plan);
  const faulty = faults.length === 0 ? '' : `, ${faults.length} faulty`;
  const done = plan.length - open.length - faults.length;
  const seconds = open.reduce((sum, run) => sum + run.seconds, 0) / jobs;
  return [
    ...lines,
    `${plan.length} runs, ${done} done${faulty}; about ${formatDuration(seconds)} with ${jobs} at a time (estimated)`,
    ...faults,
  ];
}

/** Takes back the row in which a terminal's cursor stands. */
export const clearRow = '\r\x1b[K';

/** A line that is to be taken back by `clearRow`: what does not fit is cut, since a wrapped line has several rows. */
export function passingLine(text: string, columns: number | undefined): string {
  return clearRow + text.slice(0, (columns || 80) - 1);
}

/** Shows `lines` in place of the ones shown before, on a terminal; elsewhere, at most once a minute. */
export function liveLines(output: NodeJS.WriteStream): { show(lines: readonly string[]): void; end(): void } {
  let shown = 0;
  let lastAt = 0;
  return {
    show(lines) {
      const now = Date.now();
      if (now - lastAt < (output.isTTY ? 200 : 60_000)) return;
      lastAt = now;
      const width = output.columns ?? 120;
      const up = output.isTTY && shown > 0 ? `\x1b[${shown}A` : '';
      const clear = output.isTTY ? '\x1b[K' : '';
      output.write(
        up + lines.map((line) => `${line.slice(0, width - 1)}${clear}\n`).join('') + (output.isTTY ? '\x1b[J' : ''),
      );
      shown = lines.length;
    },
    end() {
      if (output.isTTY && shown > 0) output.write(`\x1b[${shown}A\x1b[J`);
      shown = 0;
    },
  };
}
