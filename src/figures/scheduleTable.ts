/**
 * Tables 1, 2, 7–14 and 16–18: per schedule English, each language and the average, with the paper's value beside ours.
 */
import { refuseUnknownKeys } from '../engine/errors';
import { compareIfPaired, type PairedComparison } from './comparison';
import { signed, withSd } from './numbers';
import { paperValue, type PaperSetting } from './paperValues';
import type { ScoreRow } from './rows';
import {
  meanAndSd,
  scoresBySchedule,
  scoreSelectionKeys,
  selectScores,
  targetLanguages,
  type ScoreSelection,
} from './scores';
import { scheduleLabel, sortSchedules } from './style';

export interface ScheduleTableOptions extends ScoreSelection {
  /** The experiment of the paper to show beside ours; left out: ours alone. */
  readonly paper?: PaperSetting;
  /** The schedule that the others are claimed to be better than. Default: standard. */
  readonly against?: string;
  /** The least difference that would count, in points. Default: 0.5. */
  readonly smallest?: number;
}

const scheduleTableKeys = ['paper', 'against', 'smallest', ...scoreSelectionKeys];

/** One cell, for arquero and danfo: numbers, nothing formatted. Undefined: not measured, or not printed. */
export interface ScheduleCell {
  readonly schedule: string;
  /** ISO 639-1, or "average": over all languages but English. */
  readonly language: string;
  /** In percent, over seeds; sd is NaN for one seed. */
  readonly mean?: number;
  readonly sd?: number;
  readonly seeds: number;
  readonly paper?: number;
  readonly paperSd?: number;
}

/** A line of the table as text, its columns in reading order. */
export type ScheduleLine = Readonly<Record<string, string>>;

/**
 * A line a schedule: English, the other languages, the average, each as mean ± sd over seeds in percent; the paper's
 * English and average; the difference from `against` with its 95% interval over seeds, p over languages, and the
 * reading of both (the rule is `verdictTest`).
 */
export function scheduleTable(rows: readonly ScoreRow[], options: ScheduleTableOptions = {}): ScheduleLine[] {
  refuseUnknownKeys('scheduleTable', options, scheduleTableKeys);
  const { paper, against = 'standard', smallest, ...selection } = options;
  const selected = selectScores(rows, selection);
  const cells = scheduleCells(selected, options);
  const schedules = sortSchedules([...new Set(cells.map(({ schedule }) => schedule))]);
  const languages = [...new Set(cells.map(({ language }) => language))];
  return schedules.map((schedule) => {
    const cellOf = (language: string) => cells.find((cell) => cell.schedule === schedule && cell.language === language);
    const scores = languages.map((language) => [language, writeOurs(cellOf(language))]);
    const printed = languages.filter((language) => language === 'en' || language === 'average');
    const theirs = printed.map((language) => [`${language} (paper)`, writeTheirs(cellOf(language))]);
    return {
      schedule: scheduleLabel(schedule),
      seeds: String(Math.max(...languages.map((language) => cellOf(language)?.seeds ?? 0))),
      ...(Object.fromEntries(scores) as ScheduleLine),
      ...(paper === undefined ? {} : (Object.fromEntries(theirs) as ScheduleLine)),
      ...(schedules.includes(against) && schedules.length > 1
        ? writeComparison(
            schedule === against ? undefined : compareIfPaired(selected, { schedule, against, smallest }),
            against,
          )
        : {}),
    };
  });
}

/** The same cells as tidy rows: one a schedule and language, "average" among them. */
export function scheduleCells(rows: readonly ScoreRow[], options: ScheduleTableOptions = {}): ScheduleCell[] {
  refuseUnknownKeys('scheduleCells', options, scheduleTableKeys);
  const { paper, dataset, split, metric } = options;
  const selected = selectScores(rows, { dataset, split, metric });
  const english = selected.some((row) => row.language === 'en') ? ['en'] : [];
  const languages = [...english, ...targetLanguages(selected), 'average'];
  return scoresBySchedule(selected).flatMap(({ schedule, byLanguage, average }) =>
    languages.map((language): ScheduleCell => {
      const ours = meanAndSd((language === 'average' ? average : byLanguage.get(language))?.values());
      const theirs = paper && paperValue({ ...paper, schedule, language, metric: selected[0]!.metric });
      return {
        schedule,
        language,
        mean: ours?.mean,
        sd: ours?.sd,
        seeds: ours?.n ?? 0,
        paper: theirs?.value,
        paperSd: theirs?.sd,
      };
    }),
  );
}

function writeComparison(comparison: PairedComparison | undefined, against: string): ScheduleLine {
  const column = `− ${scheduleLabel(against)}`;
  if (comparison === undefined) return { [column]: '', p: '', 'better?': '' };
  const { difference, interval, languageP, verdict } = comparison;
  const bounds = Number.isFinite(interval.low) ? ` [${signed(interval.low)}, ${signed(interval.high)}]` : '';
  return { [column]: signed(difference) + bounds, p: languageP.toFixed(3), 'better?': verdict };
}

const writeOurs = (cell: ScheduleCell | undefined) => write(cell?.mean, cell?.sd);

const writeTheirs = (cell: ScheduleCell | undefined) => write(cell?.paper, cell?.paperSd);

const write = (mean: number | undefined, sd: number | undefined) => (mean === undefined ? '–' : withSd(mean, sd));
