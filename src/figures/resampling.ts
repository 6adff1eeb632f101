/** How statistics that draw (bootstraps, permutation tests) are told what to draw. */
import { refuseUnknownKeys, UserError, wholeNumber } from '../engine/errors';

export interface ResamplingOptions {
  /** Seeds the draws: the same seed gives the same interval and p. */
  readonly seed: number;
  /** Bootstrap samples and permutations. Default: 10,000; crossed bootstrap: 2,000. */
  readonly draws?: number;
  /** Default: 0.95. */
  readonly confidence?: number;
}

/**
 * @throws UserError for an option that `what` does not take, and for what is no seed, number of draws or confidence.
 */
export function checkResampling(
  what: string,
  options: ResamplingOptions,
  allowed: readonly (keyof ResamplingOptions)[] = ['seed', 'draws', 'confidence'],
): void {
  refuseUnknownKeys(what, options, allowed);
  const { seed, draws = 1, confidence = 0.95 } = options;
  wholeNumber(`${what}: seed`, seed, 0);
  wholeNumber(`${what}: draws`, draws);
  if (!(confidence > 0 && confidence < 1)) {
    throw new UserError(`${what}: confidence must lie between 0 and 1, not ${confidence}; 0.95 is 95%.`);
  }
}
