/** Readings that compare the transfer of two schedules: better, as good, and English unchanged. */
import { testSetOf, type TaskName } from '../../datasets/tasks';
import { compareIfPaired, type Verdict } from '../../figures/comparison';
import { signed } from '../../figures/numbers';
import { paperValue, type PaperSetting } from '../../figures/paperValues';
import { distinct, groupBy } from '../../figures/rows';
import { crossedBootstrap, mean, studentInterval, type Interval } from '../../figures/statistics';
import { englishScore } from '../conditions';
import type { RunConfiguration } from '../configuration';
import type { RunResult } from '../result';
import { commonTargets, exampleDifferences, pairBySeed, transferRows, type SeedPair } from './pairs';
import { formatInterval, formatP, formatSeeds, type Reading } from './reading';

/** Points: `as good` allows a loss of this much, and English counts as unchanged within it. */
export const margin = 1;

export interface TransferQuestion {
  readonly task: TaskName;
  /** Labels of the schedules, as `scheduleVariant` gives them. */
  readonly schedule: string;
  readonly against: string;
  readonly role: Reading['role'];
  /** `better`: a gain is claimed; `as good`: no loss above the margin. Default: better. */
  readonly claimed?: 'better' | 'as good';
  /** Which results are meant, beside the task. */
  readonly only?: (configuration: RunConfiguration) => boolean;
  /** How the condition is named, as in `1000 examples`. */
  readonly condition?: string;
  /** What the paper's tables call the condition. */
  readonly paper?: Pick<PaperSetting, 'adapter' | 'trainExamples'>;
}

/**
 * Over the seeds with both schedules, tested on a target language that they have in common. No reading when there is
 * none, or the seeds have no such language in common.
 */
export function readTransfer(results: readonly RunResult[], question: TransferQuestion): Reading[] {
  return bySplit(results, question).flatMap(([set, ofSplit]) => transferOn(set, ofSplit, question));
}

function transferOn(set: string, results: readonly RunResult[], question: TransferQuestion): Reading[] {
  const { schedule, against, role, claimed = 'better', condition } = question;
  const pairs = pairBySeed(results, schedule, against).filter(({ a, b }) => commonTargets([a, b]).length > 0);
  if (pairs.length === 0) return [];
  const comparison = compareIfPaired(transferRows(pairs.flatMap(({ a, b }) => [a, b])), { schedule, against });
  if (comparison === undefined) return [];
  const bootstrap = crossedBootstrap(exampleDifferences(pairs), { seed: 0 });
  const { difference, interval, languageP, verdict } = comparison;
  const isBetter = claimed === 'better';
  const average = `${set} average${condition === undefined ? '' : `, ${condition}`}`;
  return [
    {
      what: `${average}: ${schedule} − ${against}${isBetter ? '' : ' (as good)'}`,
      role,
      effect: `${signed(difference)} points (${formatSeeds(pairs.length)})`,
      interval: `seeds ${formatInterval(interval)}; seeds and examples ${formatInterval(bootstrap)}`,
      // The permutation test is of a difference: it says nothing for "as good".
      test: isBetter ? `${formatP(languageP)} over ${comparison.languages.length} languages` : `above −${margin} point`,
      verdict: isBetter ? verdict : noLossVerdict(interval),
      paper: paperDifference(question, 'average'),
    },
  ];
}

/** Whether English stays as it is: within the margin. */
export function readEnglish(results: readonly RunResult[], question: TransferQuestion): Reading[] {
  return bySplit(results, question).flatMap(([set, ofSplit]) => englishOn(set, ofSplit, question));
}

function englishOn(set: string, results: readonly RunResult[], question: TransferQuestion): Reading[] {
  const { schedule, against, role } = question;
  const differences = pairBySeed(results, schedule, against).flatMap(englishDifference);
  if (differences.length === 0) return [];
  const interval = studentInterval(differences);
  return [
    {
      what: `${set}, English: ${schedule} − ${against}`,
      role,
      effect: `${signed(mean(differences))} points (${formatSeeds(differences.length)})`,
      interval: `seeds ${formatInterval(interval)}`,
      test: `within ±${margin} point`,
      verdict: unchangedVerdict(interval),
      paper: paperDifference(question, 'en'),
    },
  ];
}

/**
 * The results that are meant, by the test set that they were scored on, with its name: where the development set of
 * MLQA stood in for its test set in some of them, the two are not compared.
 */
function bySplit(
  results: readonly RunResult[],
  { task, only = () => true }: TransferQuestion,
): [string, RunResult[]][] {
  const meant = results.filter(
    ({ configuration, evaluation }) => configuration.task === task && evaluation.length > 0 && only(configuration),
  );
  const name = testSetOf[task].toUpperCase();
  const groups = [...groupBy(meant, ({ evaluation }) => distinct(evaluation.map(({ split }) => split)).join(' and '))];
  return groups.map(([split, ofSplit]) => [groups.length === 1 ? name : `${name} (${split})`, ofSplit]);
}

function englishDifference({ a, b }: SeedPair): number[] {
  const [ofA, ofB] = [englishScore(a), englishScore(b)];
  return ofA === undefined || ofB === undefined ? [] : [ofA - ofB];
}

function noLossVerdict({ low, high }: Interval): Verdict {
  if (low > -margin) return 'shows';
  return high < 0 ? 'does not show' : 'too noisy to tell';
}

function unchangedVerdict({ low, high }: Interval): Verdict {
  if (low > -margin && high < margin) return 'shows';
  return low > margin || high < -margin ? 'does not show' : 'too noisy to tell';
}

/** The same difference in the paper's tables, for its two main models, with the tables that have the two values. */
function paperDifference({ task, schedule, against, paper }: TransferQuestion, language: string): string {
  const dataset = testSetOf[task];
  const parts = (['mbert', 'xlmr'] as const).flatMap((model) => {
    const value = (name: string) => paperValue({ model, dataset, schedule: name, language, ...paper });
    const [a, b] = [value(schedule), value(against)];
    if (a === undefined || b === undefined) return [];
    const tables = distinct([a, b].flatMap(({ table }) => table.split(', ')));
    return [`${model === 'mbert' ? 'mBERT' : 'XLM-R'} ${signed(a.value - b.value)} (Table ${tables.join(', ')})`];
  });
  return parts.length === 0 ? 'not printed' : parts.join(', ');
}
