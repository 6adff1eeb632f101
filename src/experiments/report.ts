/** How far runs are, as lines of text for a terminal or a cell; one line changes in place, finished runs stay. */
import type { RunConfiguration } from './configuration';
import type { RunHereOptions } from './runHere';

export interface Reporter {
  readonly onEvent: NonNullable<RunHereOptions['onEvent']>;
}

/** Where the lines go: a terminal, in which one line changes in place, or a log, which gets a line every half minute. */
export type ReportSurface = 'terminal' | 'log';

/** @param write gets text with `\r` where a line of a terminal is to be written over. */
export function textReporter(write: (text: string) => void, surface: ReportSurface): Reporter {
  const interval = surface === 'terminal' ? 500 : 30_000;
  let [shown, width, started] = [0, 0, 0];
  let [loss, accuracy] = [NaN, ''];
  const line = (text: string, end: '' | '\n') => {
    if (surface === 'log') {
      write(`${text}\n`);
      return;
    }
    write(`\r${text.padEnd(width)}${end}`);
    width = end === '' ? text.length : 0;
  };
  const name = ({ schedule, seed, task }: RunConfiguration) => `${task}, ${schedule.name}, seed ${seed}`;
  return {
    onEvent(event, run) {
      const label = name(run);
      switch (event.type) {
        case 'opening':
          started = Date.now();
          accuracy = '';
          line(`${label}: opening model and data`, '');
          break;
        case 'present':
          line(`${label}: done before, kept`, '\n');
          break;
        case 'step':
          loss = event.loss;
          if (Date.now() - shown < interval) break;
          shown = Date.now();
          line(
            `${label}: step ${event.step + 1} of ${run.steps}, loss ${loss.toFixed(3)}, ${event.open.length} layers open, ` +
              `${Math.round(event.tokensPerSecond)} tokens/s${accuracy}, ${clock(event.secondsLeft)} left`,
            '',
          );
          break;
        case 'validation':
          accuracy = Object.entries(event.metrics)
            .slice(0, 1)
            .map(([metric, value]) => `, validation ${metric} ${value.toFixed(1)}`)
            .join('');
          break;
        case 'evaluated':
          if (surface === 'terminal') line(`${label}: evaluating, ${event.left} languages left`, '');
          if (event.left === 0) line(`${label}: done in ${clock((Date.now() - started) / 1000)}${accuracy}`, '\n');
          break;
        case 'interrupted':
          line(`${label}: stopped after step ${event.step}; the same command goes on from there`, '\n');
          break;
        case 'start':
        case 'unfreeze':
        case 'fisher':
        case 'checkpoint':
        case 'done':
          break;
      }
    },
  };
}

/** "45 s", "3 min 05 s". */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
