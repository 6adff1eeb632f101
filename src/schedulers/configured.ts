/**
 * Which configuration a schedule of the paper was made from: `gradualUnfreezing({ every: 8 })` and
 * `{ name: 'gradual', every: 8 }` are then one schedule, with one identity. A schedule of one's own has none, even when
 * it began as a copy (`{ ...gradualUnfreezing({ every: 8 }), select }`): it may do something else.
 */
import type { ScheduleConfig } from './createSchedule';
import type { Schedule } from './schedule';

const configs = new WeakMap<Schedule, ScheduleConfig>();

/** The schedule that `config` describes. Frozen: what is remembered of it stays true. */
export function configured(config: ScheduleConfig, how: Omit<Schedule, 'name'>): Schedule {
  const schedule = Object.freeze({ name: config.name, ...how });
  configs.set(schedule, config);
  return schedule;
}

/** The configuration of a schedule of the paper; none of one's own. */
export const configOf = (schedule: Schedule): ScheduleConfig | undefined => configs.get(schedule);
