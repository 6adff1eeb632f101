/** Learning-rate schedules of the paper (Tables 3, 4, 15): linear to zero without warm-up, and constant (COPA). */
import { oneOf, refuseUnknownKeys, UserError, wholeNumber } from '../engine/errors';

export const learningRateNames = ['linear', 'constant'] as const;
export type LearningRateName = (typeof learningRateNames)[number];

/** The rate of the update made at `step` (0 … steps−1). */
export type LearningRate = (step: number) => number;

/**
 * Falls from `rate` at step 0 by equal amounts to 0 at step `steps`, and stays 0.
 *
 * rate = 1e-3, steps = 4: 1e-3, 7.5e-4, 5e-4, 2.5e-4, then 0.
 */
export function linearToZero({ rate, steps }: { rate: number; steps: number }): LearningRate {
  positive(rate);
  wholeNumber('steps', steps);
  return (step) => rate * Math.max(0, (steps - step) / steps);
}

/** `rate` at every step. */
export function constantRate({ rate }: { rate: number }): LearningRate {
  positive(rate);
  return () => rate;
}

export interface LearningRateConfig {
  readonly name: LearningRateName;
  /** The rate of step 0. */
  readonly rate: number;
}

/** The learning rate that `config` describes, for a run of `steps` steps. */
export function createLearningRate(config: LearningRateConfig, steps: number): LearningRate {
  refuseUnknownKeys('learning rate', config, ['name', 'rate']);
  const name = oneOf('learning rate', config.name, learningRateNames);
  switch (name) {
    case 'linear':
      return linearToZero({ rate: config.rate, steps });
    case 'constant':
      return constantRate({ rate: config.rate });
  }
}

function positive(rate: number): void {
  if (!(rate > 0 && Number.isFinite(rate))) {
    throw new UserError(`The learning rate must be a positive number, for example 5e-4, not ${rate}.`);
  }
}
