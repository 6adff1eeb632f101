/** The scores of a trained model in one language, as results have them. */
import type { EngineInfo } from '../engine/tf';
import type { AdapterModel } from '../models/adapterModel';
import type { EvaluationBatch } from '../tasks/batchOrder';
import { packBits, packFractions, type LanguageEvaluation } from './result';
import type { EvaluationSet } from './taskSets';

/** Evaluation keeps nothing for gradients: larger batches fit. On a CPU, smaller ones of long sequences are faster. */
export const evaluationBatch = ({ device }: EngineInfo): EvaluationBatch =>
  device === 'GPU' ? { batchSize: 32 } : { batchSize: 32, mostScores: 32 * 128 ** 2 };

export async function evaluateLanguage(
  set: EvaluationSet,
  model: AdapterModel,
  batches: EvaluationBatch,
): Promise<LanguageEvaluation> {
  const { perExample, means } = await set.score(model, batches);
  const right = perExample.map((scores) => (scores.accuracy ?? scores.exactMatch ?? 0) === 1);
  const { name, language, split, count, source } = set.split;
  return {
    language,
    dataset: name,
    split,
    examples: count,
    source,
    metrics: percentages(means),
    correct: packBits(right),
    ...(means.f1 === undefined ? {} : { f1: packFractions(perExample.map(({ f1 }) => f1!)) }),
  };
}

const percentNames: Readonly<Record<string, string>> = { exactMatch: 'em', mlqaExactMatch: 'mlqaEm' };
export const percentName = (metric: string): string => percentNames[metric] ?? metric;

/** Scores in percent, under the names that results use. */
export function percentages(scores: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([metric, value]) => [percentName(metric), 100 * value]));
}
