/**
 * Score rows as a table: schedule × seed × language, of one metric on one data set; the transfer average leaves English
 * out.
 */
import { UserError } from '../engine/errors';
import { distinct, groupBy, type ScoreRow } from './rows';
import { mean, standardDeviation } from './summary';

/** Which scores are meant; each may be left out when the rows hold only one. */
export interface ScoreSelection {
  readonly dataset?: string;
  readonly split?: string;
  readonly metric?: string;
}

export const scoreSelectionKeys = ['dataset', 'split', 'metric'] as const;

/** The scores of one schedule. */
export interface ScheduleScores {
  readonly schedule: string;
  /** Ascending. */
  readonly seeds: readonly number[];
  /** Score in percent: language → seed → value. */
  readonly byLanguage: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Mean over all languages but English: seed → value. Seeds that lack a language are left out. */
  readonly average: ReadonlyMap<number, number>;
}

export interface MeanAndSd {
  readonly mean: number;
  /** NaN for a single value. */
  readonly sd: number;
  /** How many values (seeds). */
  readonly n: number;
}

/** The rows that are meant. @throws UserError when a choice is left open, or nothing is left. */
export function selectScores(rows: readonly ScoreRow[], selection: ScoreSelection): ScoreRow[] {
  const selected = rows.filter((row) =>
    scoreSelectionKeys.every((key) => selection[key] === undefined || row[key] === selection[key]),
  );
  for (const key of scoreSelectionKeys) {
    const found = distinct(selected.map((row) => row[key]));
    if (found.length > 1)
      throw new UserError(
        `The scores are of more than one ${key}: ${found.join(', ')}. Choose one: { ${key}: '${found[0]}' }.`,
      );
  }
  if (selected.length === 0) {
    const wanted = scoreSelectionKeys.flatMap((key) =>
      selection[key] === undefined ? [] : [`${key} "${selection[key]}"`],
    );
    throw new UserError(
      `There are no scores${wanted.length > 0 ? ` of ${wanted.join(', ')}` : ''}; there are ${rows.length} rows in all.`,
    );
  }
  return selected;
}

/** Selected rows by schedule, in order of first appearance. @throws UserError when two rows claim one cell. */
export function scoresBySchedule(rows: readonly ScoreRow[], selection: ScoreSelection = {}): ScheduleScores[] {
  const selected = selectScores(rows, selection);
  const languages = targetLanguages(selected);
  return [...groupBy(selected, (row) => row.schedule)].map(([schedule, ofSchedule]) => {
    const byLanguage = new Map(
      [...groupBy(ofSchedule, (row) => row.language)].map(([language, cells]) => [language, bySeed(cells)]),
    );
    const seeds = distinct(ofSchedule.map((row) => row.seed)).sort((a, b) => a - b);
    const average = new Map<number, number>();
    for (const seed of seeds) {
      const values = languages.flatMap((language) => byLanguage.get(language)?.get(seed) ?? []);
      if (values.length > 0 && values.length === languages.length) average.set(seed, mean(values));
    }
    return { schedule, seeds, byLanguage, average };
  });
}

/** All languages but English, in order of first appearance. */
export function targetLanguages(rows: readonly Pick<ScoreRow, 'language'>[]): string[] {
  return distinct(rows.map((row) => row.language)).filter((language) => language !== 'en');
}

/** Mean ± sd over seeds; undefined where there is nothing. */
export function meanAndSd(values: Iterable<number> | undefined): MeanAndSd | undefined {
  const list = values === undefined ? [] : [...values];
  return list.length === 0 ? undefined : { mean: mean(list), sd: standardDeviation(list), n: list.length };
}

function bySeed(cells: readonly ScoreRow[]): Map<number, number> {
  const values = new Map<number, number>();
  for (const { schedule, language, seed, value, runId } of cells) {
    if (values.has(seed)) {
      throw new UserError(
        `Two scores of ${schedule}, seed ${seed}, ${language} (one of them of run ${runId}): ` +
          `the rows mix runs of different settings. Filter them to one model, training set and profile.`,
      );
    }
    values.set(seed, value);
  }
  return values;
}
