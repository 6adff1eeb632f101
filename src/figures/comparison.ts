/**
 * Does one schedule transfer better than another? A paired comparison over seeds and languages, and its plain reading:
 * shows, does not show, or too noisy to tell.
 */
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { pairedPermutationTest, studentInterval } from './paired';
import type { ScoreRow } from './rows';
import { scoresBySchedule, scoreSelectionKeys, targetLanguages, type ScoreSelection } from './scores';
import { mean, type Interval } from './summary';

export type Verdict = 'shows' | 'does not show' | 'too noisy to tell';

/** The rule behind `Verdict`, to be printed beside it. */
export const verdictTest =
  "Differences are paired by seed and language. Shows: Student's 95% interval over seeds of the transfer average's " +
  'difference lies above 0, and a sign-flip permutation test over languages gives p < 0.05 (which takes six languages ' +
  'or more). Does not show: that interval lies below the least difference that would count. Else, or with one seed: ' +
  'too noisy to tell.';

export interface ComparisonOptions extends ScoreSelection {
  /** The schedule that is claimed to be better. */
  readonly schedule: string;
  readonly against: string;
  /** The least difference that would count, in points. Default: 0.5. */
  readonly smallest?: number;
}

const comparisonKeys = ['schedule', 'against', 'smallest', ...scoreSelectionKeys];

export interface PairedComparison {
  readonly schedule: string;
  readonly against: string;
  /** Seeds that both have in some target language, ascending. */
  readonly seeds: readonly number[];
  /** Target languages that both have. */
  readonly languages: readonly string[];
  /** Mean over seeds and languages of `schedule` − `against`, in points. */
  readonly difference: number;
  /** 95% interval of `difference`, over seeds. */
  readonly interval: Interval;
  /** Two-sided p over languages, each averaged over seeds. */
  readonly languageP: number;
  readonly verdict: Verdict;
}

/** Compares two schedules. @throws UserError when one has no scores, or they share no seed or no target language. */
export function compareSchedules(rows: readonly ScoreRow[], options: ComparisonOptions): PairedComparison {
  refuseUnknownKeys('compareSchedules', options, comparisonKeys);
  const comparison = compareIfPaired(rows, options);
  if (comparison !== undefined) return comparison;
  const { schedule, against } = options;
  throw new UserError(`"${schedule}" and "${against}" share no seed or no target language, so they cannot be paired.`);
}

/** The same, but undefined for schedules that share no seed or no target language: their runs are not done yet. */
export function compareIfPaired(rows: readonly ScoreRow[], options: ComparisonOptions): PairedComparison | undefined {
  refuseUnknownKeys('compareIfPaired', options, comparisonKeys);
  const { schedule, against, smallest = 0.5, ...selection } = options;
  const all = scoresBySchedule(rows, selection);
  const scoresOf = (name: string) => {
    const found = all.find((scores) => scores.schedule === name);
    if (found === undefined) {
      throw new UserError(
        `There are no scores of schedule "${name}". There are some of: ${all.map((s) => s.schedule).join(', ')}.`,
      );
    }
    return found;
  };
  const a = scoresOf(schedule);
  const b = scoresOf(against);

  const difference = (seed: number, language: string): number | undefined => {
    const [valueA, valueB] = [a, b].map((scores) => scores.byLanguage.get(language)?.get(seed));
    return valueA === undefined || valueB === undefined ? undefined : valueA - valueB;
  };
  const targets = targetLanguages(rows);
  const seeds = a.seeds.filter((seed) => targets.some((language) => difference(seed, language) !== undefined));
  // A language counts when every shared seed has it in both, so that all averages are over the same languages.
  const languages = targets.filter((language) => seeds.every((seed) => difference(seed, language) !== undefined));
  if (seeds.length === 0 || languages.length === 0) return undefined;
  const bySeed = seeds.map((seed) => mean(languages.map((language) => difference(seed, language)!)));
  const byLanguage = languages.map((language) => mean(seeds.map((seed) => difference(seed, language)!)));
  const interval = studentInterval(bySeed);
  const languageP = pairedPermutationTest(byLanguage, { seed: 0 });
  return {
    schedule,
    against,
    seeds,
    languages,
    difference: mean(bySeed),
    interval,
    languageP,
    verdict: readVerdict(interval, languageP, smallest),
  };
}

function readVerdict(interval: Interval, languageP: number, smallest: number): Verdict {
  if (interval.low > 0 && languageP < 0.05) return 'shows';
  if (interval.high < smallest) return 'does not show';
  return 'too noisy to tell';
}
