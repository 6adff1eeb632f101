/** The runs of a sweep in a cell: a live panel for each that has to be trained, a line for each that was there. */
import { describeSchedule } from '../experiments/comparisons';
import type { ProfileName } from '../experiments/configuration';
import type { RunResult } from '../experiments/result';
import { runHere } from '../experiments/runHere';
import type { Sweep } from '../experiments/sweep';
import { markdown } from './display';
import { cellSignal } from './interrupt';
import { livePanel, type LivePanel } from './live';

/** The results of all runs. The Stop button ends it after the current step; the same cell then goes on from there. */
export function runLive(sweep: Sweep, { profile }: { profile?: ProfileName } = {}): Promise<RunResult[]> {
  let panel: LivePanel | undefined;
  return runHere(sweep, {
    ...(profile === undefined ? {} : { profile }),
    signal: cellSignal(),
    onEvent: (event, configuration) => {
      const title = `**${describeSchedule(configuration)}**, seed ${configuration.seed}`;
      switch (event.type) {
        case 'present':
          markdown(`${title}: its result was there and is used.`);
          break;
        case 'opening':
          markdown(title);
          panel = livePanel();
          break;
        case 'evaluated':
          break;
        case 'start':
        case 'unfreeze':
        case 'step':
        case 'fisher':
        case 'validation':
        case 'checkpoint':
        case 'interrupted':
        case 'done':
          panel?.update(event);
      }
    },
  });
}
