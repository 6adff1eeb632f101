import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/engine/errors';
import { configOf } from '../../src/schedulers/configured';
import {
  createSchedule,
  fixedOrderUnfreezing,
  scheduleNames,
  surgicalFineTuning,
  type ScheduleConfig,
} from '../../src/schedulers/index';

const complete: Record<(typeof scheduleNames)[number], ScheduleConfig> = {
  standard: { name: 'standard' },
  gradual: { name: 'gradual', every: 5 },
  'gradual-reverse': { name: 'gradual-reverse', every: 5 },
  lpft: { name: 'lpft', every: 5 },
  random: { name: 'random', every: 5 },
  fixed: { name: 'fixed', every: 5, order: [1, 0] },
  fun: { name: 'fun', every: 5 },
  surgical: { name: 'surgical', layers: [0] },
  full: { name: 'full' },
};

describe('createSchedule', () => {
  test.each(scheduleNames)('%s carries its own name, and survives JSON', (name) => {
    const config = JSON.parse(JSON.stringify(complete[name])) as ScheduleConfig;
    expect(createSchedule(config, 3).name).toBe(name);
  });

  test.each(scheduleNames)(
    '%s remembers its configuration; a copy of it does not, and it cannot be changed',
    (name) => {
      const schedule = createSchedule(complete[name], 3);
      expect(configOf(schedule)).toEqual(complete[name]);
      expect(() => configOf({ ...schedule })).toThrow(/one of your own/);
      expect(() => Object.assign(schedule, { select: () => [] })).toThrow(TypeError);
    },
  );

  test('only fun needs Fisher information', () => {
    expect(scheduleNames.filter((name) => createSchedule(complete[name], 3).needs === 'fisher')).toEqual(['fun']);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'an unknown schedule',
      { name: 'gradul', every: 5 },
      /schedule "gradul" is not known\. Allowed: standard, gradual,/,
    ],
    ['a missing interval', { name: 'fun' }, /schedule "fun" needs "every"/],
    ['a missing order', { name: 'fixed', every: 5 }, /schedule "fixed" needs "order"/],
    ['missing layers', { name: 'surgical' }, /schedule "surgical" needs "layers"/],
    ['a mistyped key', { name: 'gradual', evry: 5 }, /schedule "gradual": unknown "evry"\. Allowed: name, every\./],
    ['a foreign key', { name: 'standard', every: 5 }, /schedule "standard": unknown "every"/],
    ['an interval of 0', { name: 'gradual', every: 0 }, /every must be a whole number of at least 1, not 0/],
    ['half an interval', { name: 'gradual', every: 2.5 }, /not 2\.5/],
    ['an order that repeats', { name: 'fixed', every: 5, order: [0, 0] }, /exactly once/],
    ['an order that skips', { name: 'fixed', every: 5, order: [0, 2] }, /exactly once/],
    ['an order for another model', { name: 'fixed', every: 5, order: [0] }, /order has 1 layers, but the model has 3/],
    ['a layer that is not there', { name: 'surgical', layers: [1, 3] }, /layers 0 … 2; it has no 3/],
    ['a layer twice', { name: 'surgical', layers: [1, 1] }, /each once/],
    ['no layer', { name: 'surgical', layers: [] }, /at least one layer/],
  ])('%s is refused with the way out', (_what, config, message) => {
    const create = () => createSchedule(config as ScheduleConfig, 3);
    expect(create).toThrow(UserError);
    expect(create).toThrow(message);
  });

  test('a fixed order too long or short for the model is refused when first asked', () => {
    const state = { step: 0, layers: 6, frozen: [0, 1, 2, 3, 4, 5], fisherTrace: new Map(), random: () => 0, past: [] };
    expect(() => fixedOrderUnfreezing({ every: 1, order: [0, 1] }).select(state)).toThrow(/order has 2 layers/);
    expect(() => surgicalFineTuning({ layers: [-1] })).toThrow(/at least 0, not -1/);
  });
});
