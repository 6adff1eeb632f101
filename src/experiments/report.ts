/** How far runs are, as lines of text for a terminal or a cell; one line changes in place, finished runs stay. */
import { formatDuration } from '../engine/formatDuration';
import type { RunConfiguration } from './configuration';
import { clearRow, passingLine } from './display';
import type { RunHereOptions } from './runHere';

export interface Reporter {
  readonly onEvent: NonNullable<RunHereOptions['onEvent']>;
}

/**
 * Where the lines go: a terminal, in which one line changes in place, or a log, which gets a line every half minute.
 */
export type ReportSurface = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> & { write(text: string): unknown };

export function textReporter(output: ReportSurface): Reporter {
  const interval = output.isTTY ? 500 : 30_000;
  let [shown, started] = [0, 0];
  let accuracy = '';
  /** `passing` lines of a terminal are replaced by the next one. */
  const line = (text: string, kind: 'passing' | 'lasting') => {
    if (!output.isTTY) output.write(`${text}\n`);
    else output.write(kind === 'passing' ? passingLine(text, output.columns) : `${clearRow}${text}\n`);
  };
  const name = ({ schedule, seed, task }: RunConfiguration) => `${task}, ${schedule.name}, seed ${seed}`;
  return {
    onEvent(event, run) {
      const label = name(run);
      switch (event.type) {
        case 'opening':
          started = Date.now();
          accuracy = '';
          line(`${label}: opening model and data`, 'passing');
          break;
        case 'present':
          line(`${label}: done before, kept`, 'lasting');
          break;
        case 'step':
          if (Date.now() - shown < interval) break;
          shown = Date.now();
          // What matters most comes first: a narrow terminal cuts the end.
          line(
            `${label}: step ${event.step + 1} of ${run.steps}, ${formatDuration(event.secondsLeft)} left, loss ${event.loss.toFixed(3)}` +
              `${accuracy}, ${event.open.length} ${event.open.length === 1 ? 'layer' : 'layers'} open, ${Math.round(event.tokensPerSecond)} tokens/s`,
            'passing',
          );
          break;
        case 'validation':
          accuracy = Object.entries(event.metrics)
            .slice(0, 1)
            .map(([metric, value]) => `, validation ${metric} ${value.toFixed(1)}`)
            .join('');
          break;
        case 'evaluated':
          if (output.isTTY) line(`${label}: evaluating, ${event.left} languages left`, 'passing');
          if (event.left === 0)
            line(`${label}: done in ${formatDuration((Date.now() - started) / 1000)}${accuracy}`, 'lasting');
          break;
        case 'interrupted':
          line(`${label}: stopped after step ${event.step}; the same command goes on from there`, 'lasting');
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
