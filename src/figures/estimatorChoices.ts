/** Whether FUN would have opened other layers, had it ranked them by another estimator of tr(F). */
import { UserError } from '../engine/errors';
import { distinct, groupBy, type EstimatorRow, type UnfreezingRow } from './rows';

/** One turn of FUN: what each estimator would have opened, given the layers that were frozen in this run by then. */
export interface EstimatorTurn {
  readonly step: number;
  /** Layers that could be opened. */
  readonly frozen: number;
  /** What the run opened. */
  readonly opened: number;
  /** The layer that each estimator ranks first; ties go to the higher layer. */
  readonly choices: ReadonlyMap<string, number>;
}

/**
 * The turns at which the run opened a layer and estimates were made of all layers, before it was opened. Every choice
 * is made on the run's own path: estimators that differ once would have gone on from another model.
 */
export function estimatorTurns(rows: readonly EstimatorRow[], unfreezing: readonly UnfreezingRow[]): EstimatorTurn[] {
  const turns = [...unfreezing].sort((a, b) => a.order - b.order);
  const byStep = groupBy(rows, (row) => row.step);
  const layers = distinct(rows.map((row) => row.layer));
  const found = turns.flatMap(({ step, layer: opened }, turn): EstimatorTurn[] => {
    const here = byStep.get(step);
    if (here === undefined) return [];
    const before = new Set(turns.slice(0, turn).map(({ layer }) => layer));
    const frozen = layers.filter((layer) => !before.has(layer));
    const choices = [...groupBy(here, (row) => row.estimator)].map(([estimator, ofEstimator]) => {
      const ranked = ofEstimator
        .filter((row) => !before.has(row.layer))
        .sort((a, b) => b.trace - a.trace || b.layer - a.layer);
      return [estimator, ranked[0]!.layer] as const;
    });
    return [{ step, frozen: frozen.length, opened, choices: new Map(choices) }];
  });
  if (found.length === 0) {
    throw new UserError(
      'No estimates were made at the steps at which layers opened; estimate at the event "unfreeze".',
    );
  }
  return found;
}

/** The turns as plain rows: a column for each estimator. */
export const turnTable = (turns: readonly EstimatorTurn[]): Record<string, number>[] =>
  turns.map(({ step, frozen, opened, choices }) => ({ step, frozen, opened, ...Object.fromEntries(choices) }));

/** One sentence an estimator: in how many turns it agrees with the exact trace, where there was something to choose. */
export function turnReading(turns: readonly EstimatorTurn[]): string[] {
  const open = turns.filter(({ frozen, choices }) => frozen > 1 && choices.has('exact'));
  const estimators = distinct(open.flatMap(({ choices }) => [...choices.keys()])).filter((name) => name !== 'exact');
  return estimators.map((estimator) => {
    const other = open.filter(({ choices }) => choices.get(estimator) !== choices.get('exact'));
    const steps = other.map(({ step }) => step);
    return other.length === 0
      ? `${estimator}: opens the same layer as exact in all ${open.length} turns.`
      : `${estimator}: another layer than exact in ${other.length} of ${open.length} turns (step ${steps.join(', ')}).`;
  });
}
