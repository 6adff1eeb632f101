/**
 * Which configuration a schedule of the paper was made from: `gradualUnfreezing({ every: 8 })` and
 * `{ name: 'gradual', every: 8 }` are then one schedule, with one identity. A schedule of one's own has none, even when
 * it began as a copy (`{ ...gradualUnfreezing({ every: 8 }), select }`): it may do something else.
 */
import { UserError } from '../engine/errors';
import type { ScheduleConfig, ScheduleName } from './createSchedule';
import type { Schedule } from './schedule';
import type { ScheduleFileChoice } from './scheduleFile';

const configs = new WeakMap<Schedule, ScheduleConfig>();

/** The schedule that `config` describes. Frozen: what is remembered of it stays true. */
export function configured(config: ScheduleConfig, how: Omit<Schedule, 'name'>): Schedule {
  const schedule = Object.freeze({ name: config.name, ...how });
  configs.set(schedule, config);
  return schedule;
}

/** A schedule of the paper by name, as JSON, or from its function: all the same. Or one of one's own, maybe in a file. */
export type ScheduleChoice = ScheduleName | ScheduleConfig | Schedule | ScheduleFileChoice;

/** The schedule of one's own that was chosen, if one was. */
export function ownSchedule(choice: ScheduleChoice | undefined): Schedule | undefined {
  return typeof choice === 'object' && 'select' in choice && !configs.has(choice) ? choice : undefined;
}

/** The configuration of a schedule of the paper. @throws UserError for one of one's own, which has none. */
export function configOf(choice: Exclude<ScheduleChoice, ScheduleFileChoice>): ScheduleConfig {
  if (typeof choice === 'string') return { name: choice };
  if (!('select' in choice)) return choice;
  const config = configs.get(choice);
  if (config !== undefined) return config;
  throw new UserError(
    `schedule "${choice.name}" is one of your own, which cannot be written down for another process: train it with ` +
      `lab.train, or give it as { file: 'schedules/NAME.ts', every }.`,
  );
}
