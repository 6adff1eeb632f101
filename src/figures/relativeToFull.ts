/** Figure 2: how much better or worse than full fine-tuning each schedule transfers, per model and data set. */
import type { Data } from 'plotly.js';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { mainMetric, paperValue, type PaperSetting } from './paperValues';
import { experimentOf, provenance, runsNamed, runsOf } from './provenance';
import { distinct, groupBy, type RunRow, type ScoreRow } from './rows';
import { scoresBySchedule, selectScores, type ScoreSelection } from './scores';
import { requireSeeds } from './seeds';
import { scheduleColours, scheduleLabel, sortSchedules } from './style';
import { mean, standardDeviation } from './summary';

export interface RelativeToFullOptions extends Pick<ScoreSelection, 'split'> {
  /** Default: that of each data set, F1 for question answering and accuracy for the others. */
  readonly metric?: string;
  readonly runs: readonly RunRow[];
  /** Experiments of the paper to show beside ours, each as a group of its own. */
  readonly paper?: readonly PaperSetting[];
}

/** One bar: a schedule in an experiment. */
interface Relative {
  readonly group: string;
  readonly schedule: string;
  /** Transfer average minus that of full fine-tuning, in points; ours is the mean over the seeds that both have. */
  readonly difference: number;
  /** Ours: of the difference, over seeds; the paper's: as printed for the schedule. 0 where there is none. */
  readonly sd: number;
  readonly source: 'ours' | 'paper';
  /** What ours was computed from. */
  readonly runIds: readonly string[];
}

/**
 * Bars from 0, the transfer average of full fine-tuning. Ours first, filled; the paper's groups hatched.
 * @throws UserError when our rows have no `full` runs for an experiment, or a schedule has no seed in common with them;
 *   without any rows only the paper is drawn.
 */
export function relativeToFull(rows: readonly ScoreRow[], options: RelativeToFullOptions): Figure {
  refuseUnknownKeys('relativeToFull', options, ['runs', 'paper', 'split', 'metric']);
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
    made:
      ours.length === 0
        ? 'the paper alone'
        : provenance(
            runsNamed(
              ours.flatMap(({ runIds }) => runIds),
              runs,
            ),
          ),
    notes: notes(ours, theirs),
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

/** How the differences were taken, and what the error bars are of: of ours and of the paper's not the same. */
function notes(ours: readonly Relative[], theirs: readonly Relative[]): string[] {
  const hasSpread = (bars: readonly Relative[]) => bars.some(({ sd }) => sd > 0);
  return [
    `difference of the transfer averages (without English)${ours.length > 0 ? ', seed by seed' : ''}`,
    ...(hasSpread(ours) ? ['bars ± sd of the difference'] : []),
    ...(theirs.length > 0
      ? [`hatched: the paper, difference of printed means${hasSpread(theirs) ? ', ± sd of the schedule alone' : ''}`]
      : []),
  ];
}

function oursRelative(
  rows: readonly ScoreRow[],
  runs: readonly RunRow[],
  selection: Pick<RelativeToFullOptions, 'split' | 'metric'>,
): Relative[] {
  const run = new Map(runs.map((candidate) => [candidate.runId, candidate]));
  const groups = groupBy(rows, (row) => `${experimentOf(run.get(row.runId)!).replace(', ', '<br>')} → ${row.dataset}`);
  return [...groups].flatMap(([group, ofGroup]) => {
    requireSeeds(ofGroup, runs);
    const metric = selection.metric ?? mainMetric(ofGroup[0]!.dataset);
    const scores = scoresBySchedule(selectScores(ofGroup, { ...selection, metric }));
    const full = scores.find(({ schedule }) => schedule === 'full');
    if (full === undefined || full.average.size === 0) {
      throw new UserError(
        `${group.replace('<br>', ', ')}: there are no runs of schedule "full" to compare with. Run the full fine-tuning sweep first.`,
      );
    }
    return scores.flatMap(({ schedule, average }): Relative[] => {
      if (schedule === 'full' || average.size === 0) return [];
      const seeds = [...average.keys()].filter((seed) => full.average.has(seed));
      if (seeds.length === 0) {
        throw new UserError(
          `${group.replace('<br>', ', ')}: ${scheduleLabel(schedule)} has no seed in common with full fine-tuning. ` +
            `Run it with seed ${[...full.average.keys()].join(' or ')}, or leave it out.`,
        );
      }
      const differences = seeds.map((seed) => average.get(seed)! - full.average.get(seed)!);
      const sd = seeds.length > 1 ? standardDeviation(differences) : 0;
      const isUsed = (row: ScoreRow) => [schedule, 'full'].includes(row.schedule) && seeds.includes(row.seed);
      const runIds = distinct(ofGroup.filter(isUsed).map(({ runId }) => runId));
      return [{ group, schedule, difference: mean(differences), sd, source: 'ours', runIds }];
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
        runIds: [],
      },
    ];
  });
}
