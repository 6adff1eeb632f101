/**
 * Results as a table: one row for runs that differ in their seed alone, with scores over seeds and what the runs cost.
 * Lines that read alike differ in a setting that has no column, such as dropout or how tr(F) was tracked.
 */
import { distinct, groupBy } from '../figures/rows';
import { formatMeanAndSd, mean } from '../figures/statistics';
import {
  bestValidation,
  conditionOf,
  englishScore,
  mainMetric,
  scheduleVariant,
  settingsLabel,
  transferAverage,
  transferEvaluations,
} from './conditions';
import { canonicalJson } from './configuration';
import { totalSeconds, type RunResult } from './result';

export interface ResultsTableRow {
  readonly condition: string;
  readonly schedule: string;
  readonly settings: string;
  readonly seeds: number;
  readonly metric: string;
  /** Best English validation; like the next two, mean ± standard deviation over seeds, in percent. */
  readonly validation: string;
  readonly english: string;
  readonly average: string;
  /** The language with the lowest mean, and the mean. */
  readonly lowest: string;
  /** Means over runs. */
  readonly seconds: string;
  readonly tokensPerSecond: string;
  readonly peakMegabytes: string;
}

export function resultsTable(results: readonly RunResult[]): ResultsTableRow[] {
  const conditions = groupBy(results, ({ configuration }) => conditionOf(configuration));
  return [...conditions].flatMap(([condition, ofCondition]) =>
    [...groupBy(ofCondition, allButSeed).values()].map((runs) => ({
      condition,
      schedule: scheduleVariant(runs[0]!.configuration),
      settings: settingsLabel(runs[0]!.configuration),
      seeds: distinct(runs.map(({ configuration }) => configuration.seed)).length,
      metric: mainMetric(runs[0]!.configuration),
      validation: overSeeds(runs.map(bestValidation)),
      english: overSeeds(runs.map(englishScore)),
      average: overSeeds(runs.map(transferAverage)),
      lowest: lowestLanguage(runs),
      seconds: mean(runs.map(({ cost }) => totalSeconds(cost))).toFixed(0),
      tokensPerSecond: mean(runs.map(({ cost }) => cost.tokensPerSecond)).toFixed(0),
      peakMegabytes: (Math.max(...runs.map(({ cost }) => cost.peakRssBytes)) / 1e6).toFixed(0),
    })),
  );
}

/** Runs of any other configuration are no seeds of this one: their mean would be of different things. */
function allButSeed({ configuration }: RunResult): string {
  return canonicalJson({ ...configuration, seed: undefined });
}

function overSeeds(values: readonly (number | undefined)[]): string {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? '–' : formatMeanAndSd(known);
}

function lowestLanguage(runs: readonly RunResult[]): string {
  const metric = mainMetric(runs[0]!.configuration);
  const scores = runs.flatMap((run) =>
    transferEvaluations(run).map(({ language, metrics }) => ({ language, value: metrics[metric]! })),
  );
  const means = [...groupBy(scores, ({ language }) => language)].map(
    ([language, ofLanguage]) => [language, mean(ofLanguage.map(({ value }) => value))] as const,
  );
  const lowest = means.sort((a, b) => a[1] - b[1])[0];
  return lowest === undefined ? '–' : `${lowest[0]} ${lowest[1].toFixed(1)}`;
}
