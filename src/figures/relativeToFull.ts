/** Figure 2: how much better or worse than full fine-tuning each schedule transfers, per model and data set. */
import type { Data } from 'plotly.js';
import { UserError } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { paperValue, type PaperSetting } from './paperValues';
import { experimentOf, provenance, runsOf } from './provenance';
import { groupBy, type RunRow, type ScoreRow } from './rows';
import { meanAndSd, scoresBySchedule, selectScores, type ScoreSelection } from './scores';
import { requireSeeds } from './seeds';
import { scheduleColours, scheduleLabel, sortSchedules } from './style';
import { mean } from './summary';

export interface RelativeToFullOptions extends Pick<ScoreSelection, 'split' | 'metric'> {
  readonly runs: readonly RunRow[];
  /** Experiments of the paper to show beside ours, each as a group of its own. */
  readonly paper?: readonly PaperSetting[];
}

/** One bar: a schedule in an experiment. */
interface Relative {
  readonly group: string;
  readonly schedule: string;
  /** Transfer average minus that of full fine-tuning, in points. */
  readonly difference: number;
  /** Over seeds; 0 where there is a single one or none is printed. */
  readonly sd: number;
  readonly source: 'ours' | 'paper';
}

/**
 * Bars from 0, the transfer average of full fine-tuning. Ours first, filled; the paper's groups hatched.
 * @throws UserError when our rows have no `full` runs for an experiment; without any rows only the paper is drawn.
 */
export function relativeToFull(rows: readonly ScoreRow[], options: RelativeToFullOptions): Figure {
  const runs = runsOf(rows, options.runs);
  const ours = oursRelative(rows, runs, options);
  const theirs = (options.paper ?? []).flatMap(paperRelative);
  const all = [...ours, ...theirs];
  if (all.length === 0) throw new UserError('There is nothing to draw: give score rows, or experiments of the paper.');
  const schedules = sortSchedules([...groupBy(all, (bar) => bar.schedule).keys()]);
  const colourOf = scheduleColours(schedules);
  const groups = [...groupBy(all, (bar) => bar.group).keys()];
  const data = schedules.map((schedule): Data => {
    const bars = groups.map((group) => all.find((bar) => bar.schedule === schedule && bar.group === group));
    return {
      type: 'bar',
      x: groups,
      y: bars.map((bar) => bar?.difference ?? null),
      error_y: { type: 'data', array: bars.map((bar) => bar?.sd ?? 0), thickness: 1, width: 2 },
      marker: {
        color: colourOf(schedule),
        pattern: { shape: bars.map((bar) => (bar?.source === 'paper' ? '/' : '')), solidity: 0.35, size: 6 },
      },
      name: scheduleLabel(schedule),
      hovertemplate: `${scheduleLabel(schedule)}<br>%{x}<br>%{y:+.1f} points<extra></extra>`,
    };
  });
  return frame({
    title: 'Transfer relative to full fine-tuning',
    made: ours.length === 0 ? 'the paper alone' : provenance(runs),
    notes: [
      'difference of the transfer averages (without English)',
      ...(theirs.length > 0 ? ['hatched: the paper'] : []),
    ],
    data,
    layout: {
      barmode: 'group',
      bargap: 0.25,
      xaxis: { type: 'category', showgrid: false },
      yaxis: { title: { text: 'points above full fine-tuning' }, zeroline: true, zerolinewidth: 1.5 },
    },
    plotHeight: 300,
  });
}

function oursRelative(
  rows: readonly ScoreRow[],
  runs: readonly RunRow[],
  selection: Pick<ScoreSelection, 'split' | 'metric'>,
): Relative[] {
  const run = new Map(runs.map((candidate) => [candidate.runId, candidate]));
  const groups = groupBy(rows, (row) => `${experimentOf(run.get(row.runId)!).replace(', ', '<br>')} → ${row.dataset}`);
  return [...groups].flatMap(([group, ofGroup]) => {
    requireSeeds(ofGroup, runs);
    const scores = scoresBySchedule(selectScores(ofGroup, selection));
    const full = scores.find(({ schedule }) => schedule === 'full');
    if (full === undefined || full.average.size === 0) {
      throw new UserError(
        `${group.replace('<br>', ', ')}: there are no runs of schedule "full" to compare with. Run the full fine-tuning sweep first.`,
      );
    }
    const zero = mean([...full.average.values()]);
    return scores.flatMap(({ schedule, average }): Relative[] => {
      const cell = meanAndSd(average.values());
      if (schedule === 'full' || cell === undefined) return [];
      return [
        { group, schedule, difference: cell.mean - zero, sd: Number.isNaN(cell.sd) ? 0 : cell.sd, source: 'ours' },
      ];
    });
  });
}

function paperRelative(setting: PaperSetting): Relative[] {
  const average = (schedule: string) => paperValue({ ...setting, schedule, language: 'average' });
  const full = average('full');
  if (full === undefined) return [];
  const names = { mbert: 'mBERT', xlmr: 'XLM-R', mdeberta: 'mDeBERTa' };
  return ['standard', 'gradual', 'fun'].flatMap((schedule): Relative[] => {
    const printed = average(schedule);
    if (printed === undefined) return [];
    return [
      {
        group: `${names[setting.model]}<br>${setting.dataset.toUpperCase()}`,
        schedule,
        difference: printed.value - full.value,
        sd: printed.sd ?? 0,
        source: 'paper',
      },
    ];
  });
}
