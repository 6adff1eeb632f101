/** Two schedules of one condition, run by run: results of the same seed stand side by side, example by example. */
import type { ScoreRow } from '../../figures/rows';
import { mean } from '../../figures/statistics';
import { mainMetric, scheduleVariant, transferEvaluations } from '../conditions';
import { unpackBits, unpackFractions, type LanguageEvaluation, type RunResult } from '../result';

/** Runs of one schedule and one of another with the same seed. */
export interface SeedPair {
  readonly seed: number;
  readonly a: RunResult;
  readonly b: RunResult;
}

/** The runs of two schedules (by their labels), paired by seed, seeds ascending. */
export function pairBySeed(results: readonly RunResult[], a: string, b: string): SeedPair[] {
  const find = (label: string, seed: number) =>
    results.find(({ configuration }) => configuration.seed === seed && scheduleVariant(configuration) === label);
  const seeds = [...new Set(results.map(({ configuration }) => configuration.seed))].sort((x, y) => x - y);
  return seeds.flatMap((seed) => {
    const [ofA, ofB] = [find(a, seed), find(b, seed)];
    return ofA === undefined || ofB === undefined ? [] : [{ seed, a: ofA, b: ofB }];
  });
}

/** Score rows of the main metric, under the labels that tell variants of one schedule apart; without English. */
export function transferRows(results: readonly RunResult[]): ScoreRow[] {
  return results.flatMap((result) => {
    const { configuration, id } = result;
    const metric = mainMetric(configuration);
    const labels = { runId: id, schedule: scheduleVariant(configuration), seed: configuration.seed, metric };
    return transferEvaluations(result).map(({ language, dataset, split, examples, metrics }) => ({
      ...labels,
      language,
      dataset,
      split,
      examples,
      value: metrics[metric]!,
    }));
  });
}

/**
 * Differences a − b in points, seeds × examples, averaged over the languages that all runs have. Test sets that are
 * parallel have one column an example; else the languages' examples follow each other, weighted so that every language
 * counts the same.
 */
export function exampleDifferences(pairs: readonly SeedPair[]): number[][] {
  const languages = commonTargets(pairs.flatMap(({ a, b }) => [a, b]));
  return pairs.map(({ a, b }) => {
    const metric = mainMetric(a.configuration);
    const valuesOf = (result: RunResult, wanted: string) =>
      perExample(
        transferEvaluations(result).find(({ language }) => language === wanted)!,
        metric,
      );
    const byLanguage = languages.map((language) => {
      const ofB = valuesOf(b, language);
      return valuesOf(a, language).map((value, i) => value - ofB[i]!);
    });
    const [first = []] = byLanguage;
    if (byLanguage.every((values) => values.length === first.length)) {
      return first.map((_, i) => mean(byLanguage.map((values) => values[i]!)));
    }
    const total = byLanguage.reduce((sum, values) => sum + values.length, 0);
    return byLanguage.flatMap((values) => values.map((value) => (value * total) / (values.length * byLanguage.length)));
  });
}

/** The languages besides English that all of the results were tested in, as the first one orders them. */
export function commonTargets([first, ...others]: readonly RunResult[]): string[] {
  const targets = (result: RunResult) => transferEvaluations(result).map(({ language }) => language);
  const ofOthers = others.map((result) => new Set(targets(result)));
  return first === undefined ? [] : targets(first).filter((language) => ofOthers.every((of) => of.has(language)));
}

/** In percent. */
function perExample(evaluation: LanguageEvaluation, metric: 'accuracy' | 'f1'): number[] {
  if (metric === 'f1' && evaluation.f1 !== undefined) return unpackFractions(evaluation.f1).map((f1) => 100 * f1);
  return unpackBits(evaluation.correct, evaluation.examples).map((isRight) => (isRight ? 100 : 0));
}
