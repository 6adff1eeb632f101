/** The estimators of tr(F) (§2.3 of the paper) as the vectors that each sends back; see `columns`. */
import { UserError } from '../engine/errors';
import type { RandomStream } from '../engine/random';
import type { tf } from '../engine/tf';
import { choleskyFactor, drawLabels, labelColumn, likeliestLabels, type Column } from './columns';
import type { EstimatorChoice, PerExampleEstimator } from './estimatorChoice';

export interface PassOptions {
  /** Draws of `mc` and `sketch` come from here. */
  readonly stream: RandomStream;
  /** Gold labels [rows] of each factor, for `empirical`. */
  readonly goldLabels: readonly Int32Array[];
  /** E; more rows than examples mean that a factor has several a example (masked tokens). */
  readonly examples: number;
}

/**
 * The backward passes of one batch: each makes its column when it is its turn, and the caller owns it. The squared
 * norms of all passes, times `weight`, add up to tr(F) per example.
 */
export interface BackwardPasses {
  readonly passes: readonly (() => Column)[];
  readonly weight: number;
  /** What `exact` left out: one more pass estimates its tr(F), from this share of the probability at most. */
  readonly truncated?: { readonly pass: () => Column; readonly mass: number };
}

/**
 * With several independent factors (start and end of an answer; the masked tokens of a sequence) the trace is the sum
 * of the factors' traces: the cross terms vanish in expectation, because a score has mean zero. `exact` therefore sends
 * each factor back by itself, and the others all factors at once.
 *
 * @param p probabilities of each factor [rows, K]; they must live until the last pass.
 */
export function backwardPasses(
  { estimator, mcSamples = 1, mass = 1 }: EstimatorChoice & { readonly estimator: PerExampleEstimator },
  p: readonly tf.Tensor2D[],
  { stream, goldLabels, examples }: PassOptions,
): BackwardPasses {
  const once = (pass: () => Column): BackwardPasses => ({ passes: [pass], weight: 1 });
  const drawn = (pass: () => Column): BackwardPasses => ({
    passes: Array.from({ length: mcSamples }, () => pass),
    weight: 1 / mcSamples,
  });
  switch (estimator) {
    case 'exact':
      return exactPasses(p, mass, stream, examples);
    case 'mc':
      return drawn(() => p.map((pf) => labelColumn(pf, drawLabels(pf, stream))));
    case 'sketch': {
      const factors = p.map(choleskyFactor);
      return drawn(() => factors.map((L) => L.signedSum(0, stream)));
    }
    case 'mode':
      return once(() => p.map((pf) => labelColumn(pf, likeliestLabels(pf))));
    case 'empirical':
      if (goldLabels.length !== p.length) {
        throw new UserError(
          `The empirical Fisher needs gold labels for ${p.length} factors; ${goldLabels.length} given.`,
        );
      }
      return once(() => p.map((pf, f) => labelColumn(pf, goldLabels[f]!)));
  }
}

function exactPasses(p: readonly tf.Tensor2D[], mass: number, stream: RandomStream, examples: number): BackwardPasses {
  if (p.some((pf) => pf.shape[0] !== examples)) {
    throw new UserError(
      'The exact tr(F) takes factors of one row an example; for masked tokens use estimator "mc" or "sketch".',
    );
  }
  const factors = p.map(choleskyFactor);
  // A factor that has one possible label only sends one column of zeros.
  const counts = factors.map((L) => Math.max(1, mass < 1 ? L.columnsFor(mass) : L.columns));
  const passes = factors.flatMap((L, f) =>
    Array.from({ length: counts[f]! }, (_, j) => () => p.map((_, g) => (g === f ? L.column(j) : undefined))),
  );
  const left = Math.max(...factors.map((L, f) => L.massAfter(counts[f]!)));
  if (left === 0) return { passes, weight: 1 };
  const pass = () => factors.map((L, f) => L.signedSum(counts[f]!, stream));
  return { passes, weight: 1, truncated: { pass, mass: left } };
}
