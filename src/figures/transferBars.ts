/**
 * Zero-shot transfer by language and schedule, with the paper's values beside ours (Tables 1, 8, 9, 10 as a figure).
 */
import type { Data, Layout } from 'plotly.js';
import { refuseUnknownKeys } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { metricTitle } from './metrics';
import { withSd } from './numbers';
import { describeSetting, paperValue, type PaperSetting } from './paperValues';
import { provenance, runsOf } from './provenance';
import type { RunRow, ScoreRow } from './rows';
import {
  meanAndSd,
  scoresBySchedule,
  scoreSelectionKeys,
  selectScores,
  targetLanguages,
  type MeanAndSd,
  type ScoreSelection,
} from './scores';
import { requireSeeds } from './seeds';
import { scheduleColours, scheduleLabel, sortSchedules } from './style';

export interface TransferBarsOptions extends ScoreSelection {
  readonly runs: readonly RunRow[];
  /** The experiment of the paper to show beside ours; left out: ours alone. */
  readonly paper?: PaperSetting;
  /**
   * Score of guessing, in percent: where the bars start. NLI 33.3, two choices 50, question answering 0. Default: 0.
   */
  readonly chance?: number;
}

/**
 * A group of bars a language (English first, the average of the others last), mean ± sd over seeds; diamonds: the
 * paper.
 */
export function transferBars(rows: readonly ScoreRow[], options: TransferBarsOptions): Figure {
  refuseUnknownKeys('transferBars', options, ['runs', 'paper', 'chance', ...scoreSelectionKeys]);
  const { runs: allRuns, paper, chance = 0, ...selection } = options;
  const selected = selectScores(rows, selection);
  requireSeeds(selected, allRuns);
  const scores = scoresBySchedule(selected);
  const languages = [...(selected.some((row) => row.language === 'en') ? ['en'] : []), ...targetLanguages(selected)];
  const categories = [...languages, 'average'];
  const metric = selected[0]!.metric;

  const schedules = sortSchedules(scores.map(({ schedule }) => schedule));
  const colourOf = scheduleColours(schedules);
  const data = schedules.flatMap((schedule): Data[] => {
    const ofSchedule = scores.find((candidate) => candidate.schedule === schedule)!;
    const cells = categories.map((category) =>
      meanAndSd((category === 'average' ? ofSchedule.average : ofSchedule.byLanguage.get(category))?.values()),
    );
    const color = colourOf(schedule);
    const group = { offsetgroup: schedule, legendgroup: schedule } as const;
    const ours: Data = {
      ...group,
      type: 'bar',
      x: categories,
      y: cells.map((cell) => (cell === undefined ? null : cell.mean - chance)),
      base: chance,
      error_y: {
        type: 'data',
        array: cells.map((cell) => finiteOrZero(cell?.sd)),
        // One seed has no spread: without this a cap would sit on every bar.
        visible: cells.some((cell) => finiteOrZero(cell?.sd) > 0),
        thickness: 1,
        width: 2,
      },
      marker: { color },
      name: scheduleLabel(schedule),
      customdata: cells.map(describeCell),
      hovertemplate: `${scheduleLabel(schedule)}, %{x}<br>%{customdata}<extra></extra>`,
    } as Data;
    if (paper === undefined) return [ours];
    const printed = categories.map((language) => paperValue({ ...paper, schedule, language, metric }));
    if (printed.every((value) => value === undefined)) return [ours];
    const theirs = {
      ...group,
      type: 'scatter',
      mode: 'markers',
      x: categories,
      y: printed.map((value) => value?.value ?? null),
      marker: { color, symbol: 'diamond', size: 7, line: { color: 'white', width: 1 } },
      showlegend: false,
      hovertemplate: `${scheduleLabel(schedule)}, %{x}<br>the paper: %{y:.1f}<extra></extra>`,
    } as Data;
    return [ours, theirs];
  });
  const guessing = chance > 0 ? [`bars start at chance, ${chance.toFixed(1)}%`] : [];
  return frame({
    title: 'Zero-shot transfer by language and schedule',
    made: `${provenance(runsOf(selected, allRuns))}; ${selected[0]!.dataset} ${selected[0]!.split}`,
    notes: [
      ...guessing,
      ...(paper === undefined ? [] : [`diamonds: the paper (${describeSetting(paper)})`]),
      'average: without English',
    ],
    data,
    layout: {
      barmode: 'group',
      scattermode: 'group',
      bargap: 0.2,
      bargroupgap: 0.05,
      xaxis: { title: { text: 'language' }, type: 'category', showgrid: false },
      yaxis: { title: { text: metricTitle(metric) }, range: barRange(data, chance) },
    } as Partial<Layout>,
    plotHeight: 300,
  });
}

/** From chance (or the lowest bar or error bar below it) to a little above the highest mark. */
function barRange(data: readonly Data[], chance: number): [number, number] {
  const ends = data.flatMap((trace) => {
    const { y, base = 0, error_y } = trace as { y: (number | null)[]; base?: number; error_y?: { array: number[] } };
    return y.flatMap((value, i) => {
      if (value === null) return [];
      const sd = error_y?.array[i] ?? 0;
      return [base + value - sd, base + value + sd];
    });
  });
  const low = Math.min(chance, ...ends);
  return [low < chance ? low - 2 : chance, Math.max(chance, ...ends) + 3];
}

/** "61.7 ± 1.0, 4 seeds". */
function describeCell(cell: MeanAndSd | undefined): string {
  if (cell === undefined) return '';
  return `${withSd(cell.mean, cell.sd)}, ${cell.n} ${cell.n === 1 ? 'seed' : 'seeds'}`;
}

const finiteOrZero = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : 0);
