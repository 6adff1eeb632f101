/** A schedule from a configuration: the nine of the paper by name, checked against the model before anything runs. */
import { oneOf, refuseUnknownKeys, UserError } from '../engine/errors';
import { completeOrder, fixedOrderUnfreezing } from './fixed';
import { fullFineTuning } from './full';
import { fisherUnfreezing } from './fun';
import { gradualUnfreezing } from './gradual';
import { reverseGradualUnfreezing } from './gradualReverse';
import { linearProbingThenFineTuning } from './lpft';
import { randomUnfreezing } from './random';
import type { Schedule } from './schedule';
import { standardTraining } from './standard';
import { surgicalFineTuning } from './surgical';

/** The schedules of the paper, by the names that results, tables and figures use. */
export const scheduleNames = [
  'standard',
  'gradual',
  'gradual-reverse',
  'lpft',
  'random',
  'fixed',
  'fun',
  'surgical',
  'full',
] as const;

export type ScheduleName = (typeof scheduleNames)[number];

/** A schedule as plain JSON. Each schedule takes its own keys and no others. */
export interface ScheduleConfig {
  readonly name: ScheduleName;
  /** k, in steps; of gradual, gradual-reverse, lpft, random, fixed, fun. */
  readonly every?: number;
  /** Of fixed: the order of opening, L layers or all but the top one. */
  readonly order?: readonly number[];
  /** Of surgical: the layers to train. */
  readonly layers?: readonly number[];
}

type Option = 'every' | 'order' | 'layers';

const optionsOf: Readonly<Record<ScheduleName, readonly Option[]>> = {
  standard: [],
  gradual: ['every'],
  'gradual-reverse': ['every'],
  lpft: ['every'],
  random: ['every'],
  fixed: ['every', 'order'],
  fun: ['every'],
  surgical: ['layers'],
  full: [],
};

/**
 * The schedule that `config` describes, for a model of `layerCount` layers.
 *
 * @throws UserError on an unknown name, a missing or foreign key, or layers that the model does not have.
 */
export function createSchedule(config: ScheduleConfig, layerCount: number): Schedule {
  const name = oneOf('schedule', config.name, scheduleNames);
  refuseUnknownKeys(`schedule "${name}"`, config, ['name', ...optionsOf[name]]);
  const option = <K extends Option>(key: K): NonNullable<ScheduleConfig[K]> => {
    const value = config[key];
    if (value === undefined) throw new UserError(`schedule "${name}" needs "${key}": ${explanation[key]}.`);
    return value;
  };
  switch (name) {
    case 'standard':
      return standardTraining();
    case 'gradual':
      return gradualUnfreezing({ every: option('every') });
    case 'gradual-reverse':
      return reverseGradualUnfreezing({ every: option('every') });
    case 'lpft':
      return linearProbingThenFineTuning({ every: option('every') });
    case 'random':
      return randomUnfreezing({ every: option('every') });
    case 'fixed': {
      const schedule = fixedOrderUnfreezing({ every: option('every'), order: option('order') });
      completeOrder(option('order'), layerCount); // throws now rather than at step 0
      return schedule;
    }
    case 'fun':
      return fisherUnfreezing({ every: option('every') });
    case 'surgical': {
      const schedule = surgicalFineTuning({ layers: option('layers') });
      const missing = option('layers').filter((layer) => layer >= layerCount);
      if (missing.length > 0) {
        throw new UserError(
          `schedule "surgical": the model has layers 0 … ${layerCount - 1}; it has no ${missing.join(', ')}.`,
        );
      }
      return schedule;
    }
    case 'full':
      return fullFineTuning();
  }
}

const explanation: Readonly<Record<Option, string>> = {
  every: 'the number of steps between two openings, for example 50',
  order: 'the layers in the order in which they open, for example [2, 0, 1]',
  layers: 'the layers to train, for example [0, 1, 2]',
};
