import { afterEach, describe, expect, test, vi } from 'vitest';
import { estimateSeconds } from '../../src/experiments/cost';
import { counts, failures, launchLines, planLines } from '../../src/experiments/display';
import type { RunStatus } from '../../src/experiments/launchers/local';
import type { PlannedRun } from '../../src/experiments/plan';
import { configure } from '../../src/experiments/profiles';
import { textReporter } from '../../src/experiments/report';
import { cartesian, defineSweep, expandSweep } from '../../src/experiments/sweep';

const configuration = configure('small', { task: 'nli' });
const planned = (id: string, state: PlannedRun['state'], seconds: number): PlannedRun => ({
  id,
  configuration,
  state,
  seconds,
  evaluationSeconds: seconds / 3,
});

test('one line a running run, and the totals', () => {
  const statuses: RunStatus[] = [
    { run: planned('a', 'done', 0), state: 'done', attempts: 0 },
    {
      run: planned('b', 'started', 600),
      state: 'running',
      attempts: 2,
      progress: { type: 'progress', phase: 'training', step: 120, steps: 300, loss: 0.8123, secondsLeft: 181 },
    },
    {
      run: planned('c', 'new', 600),
      state: 'running',
      attempts: 1,
      progress: { type: 'progress', phase: 'evaluating', step: 300, steps: 300, languagesLeft: 4 },
    },
    { run: planned('d', 'new', 600), state: 'failed', attempts: 2, message: 'no disk', log: 'd.log' },
  ];
  expect(launchLines({ statuses, secondsLeft: 4000 })).toEqual([
    'b (second try): step 120 of 300, loss 0.812, 3 min left',
    'c: evaluating, 4 languages left',
    '1 done, 2 running, 1 failed · 67 min left',
  ]);
  expect(counts(statuses)).toBe('1 done, 2 running, 1 failed');
  expect(failures(statuses)).toEqual(['d failed: no disk\n  (all of it: d.log)']);
});

test('a plan names each run with its estimate, and adds up what is left', () => {
  const lines = planLines([planned('a', 'done', 0), planned('b', 'new', 3600), planned('c', 'started', 3600)], 2);
  expect(lines).toEqual([
    '  done                  a',
    '  new     ~60 min       b',
    '  started ~60 min       c',
    '3 runs, 1 done; about 60 min with 2 at a time (estimated)',
  ]);
});

/** What a terminal shows of a text: rows as they wrap, `\r`, and the escape that clears to the end of the row. */
function screen(text: string, columns: number): string[] {
  const rows = [''];
  let column = 0;
  for (const [piece] of text.matchAll(/\x1b\[K|[^]/g)) {
    const row = rows.at(-1)!;
    if (piece === '\r') column = 0;
    else if (piece === '\x1b[K') rows[rows.length - 1] = row.slice(0, column);
    else if (piece === '\n' || column === columns) {
      rows.push(piece === '\n' ? '' : piece);
      column = piece === '\n' ? 0 : 1;
    } else {
      rows[rows.length - 1] = row.slice(0, column) + piece + row.slice(column + 1);
      column += 1;
    }
  }
  return rows;
}

describe('the lines of npm start', () => {
  const run = configure('mini', { task: 'nli', schedule: { name: 'gradual' }, steps: 150 });
  afterEach(() => {
    vi.useRealTimers();
  });

  function written(surface: { isTTY: boolean; columns: number }): string {
    vi.useFakeTimers();
    let text = '';
    const { onEvent } = textReporter({ ...surface, write: (more) => (text += more) });
    onEvent({ type: 'opening', languagesLeft: 3 }, run);
    onEvent({ type: 'validation', step: 50, metrics: { accuracy: 55.1 } }, run);
    for (let step = 95; step < 100; step += 1) {
      vi.advanceTimersByTime(60_000);
      const open = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
      const numbers = { loss: 0.987, learningRate: 1e-3, gradNorm: 1, tokensPerSecond: 2345, secondsLeft: 80 };
      onEvent({ type: 'step', step, open, ...numbers }, run);
    }
    onEvent({ type: 'interrupted', step: 99 }, run);
    return text;
  }

  test.each([40, 80, 200])('on a terminal of %d columns, one row changes in place', (columns) => {
    const text = written({ isTTY: true, columns });
    const passing = screen(text.slice(0, text.lastIndexOf('\r')), columns);
    const whole =
      'nli, gradual, seed 1: step 100 of 150, 80 s left, loss 0.987, validation accuracy 55.1, 10 layers open, 2345 tokens/s';
    expect(passing).toEqual([whole.slice(0, columns - 1)]);
    expect(screen(text, columns).join('')).toBe(
      'nli, gradual, seed 1: stopped after step 99; the same command goes on from there',
    );
  });

  test('in a log, each is a whole line', () => {
    const lines = written({ isTTY: false, columns: 0 }).split('\n');
    expect(lines).toHaveLength(1 + 5 + 1 + 1);
    expect(lines[5]).toMatch(/^nli, gradual, seed 1: step 100 of 150, .* 2345 tokens\/s$/);
  });
});

test('a longer run costs more; a full fine-tuning step costs more than an adapter step', () => {
  const seconds = (choices: Parameters<typeof configure>[1]) => estimateSeconds(configure('small', choices));
  const base = seconds({ task: 'nli' });
  expect(seconds({ task: 'nli', steps: 2 * configuration.steps })).toBeGreaterThan(base);
  expect(seconds({ task: 'nli', trackFisher: 'tracked' })).toBeGreaterThan(base);
  expect(seconds({ task: 'nli', method: { type: 'full' } })).toBeGreaterThan(base);
  expect(seconds({ task: 'nli', evaluation: { languages: ['en'] } })).toBeLessThan(base);
});

test('a sweep expands to each configuration once, in its order', () => {
  expect(cartesian({ seed: [1, 2], name: ['x', 'y'] })).toEqual([
    { seed: 1, name: 'x' },
    { seed: 1, name: 'y' },
    { seed: 2, name: 'x' },
    { seed: 2, name: 'y' },
  ]);
  const twice = defineSweep({
    name: 'twice',
    title: 'the same run under two words',
    profile: 'smoke',
    runs: () => [{ task: 'nli' }, { task: 'nli', seed: 1, schedule: { name: 'standard' } }, { task: 'nli', seed: 2 }],
  });
  expect(expandSweep(twice).map(({ seed }) => seed)).toEqual([1, 2]);
  expect(() => defineSweep({ ...twice, name: 'My Sweep' })).toThrow(/no name for a sweep/);
});
