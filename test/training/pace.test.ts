import { expect, test } from 'vitest';
import { fisherUnfreezing } from '../../src/schedulers/index';
import { aheadOf, Pace } from '../../src/training/pace';
import { runThrough, tinyModel, tinyOptions, tinySettings } from './tiny';

test('steps and the work between them, each by its own time and by how often it is still to come', async () => {
  let seconds = 100;
  const pace = new Pace(() => seconds);
  const work = (kind: Parameters<Pace['time']>[0], taking: number) =>
    pace.time(kind, () => Promise.resolve((seconds += taking)));
  const step = () => {
    seconds += 2;
    pace.stepDone();
  };
  const ahead = { step: 98, choice: 0, tracking: 3, validation: 5 };

  await work('tracking', 30);
  step();
  // One estimate before the first step is not one before each.
  expect(pace.secondsLeft(ahead)).toBe(98 * 2 + 3 * 30);
  step();
  await work('validation', 10);
  expect(pace.secondsLeft(ahead)).toBe(98 * 2 + 3 * 30 + 5 * 10);
  await work('validation', 20);
  expect(pace.secondsLeft(ahead)).toBe(98 * 2 + 3 * 30 + 5 * 15);
  await expect(pace.time('choice', () => Promise.reject(new Error('a defect')))).rejects.toThrow('a defect');
  expect(pace.secondsLeft({ step: 0, choice: 0, tracking: 0, validation: 0 })).toBe(0);
});

test.each([
  [16, 4, 5],
  [15, 4, 5],
  [7, 3, 10],
])(
  'what is ahead in %i steps, tracked every %i and validated every %i: what then comes',
  async (steps, every, validated) => {
    const schedule = fisherUnfreezing({ every: 1 });
    const estimator = { estimator: 'mc', examples: 2 } as const;
    const settings = {
      ...tinySettings,
      steps,
      schedule,
      fisherForSchedule: estimator,
      trackFisher: { ...estimator, every, layers: 'all' as const },
    };
    const validation = { every: validated, metric: 'accuracy', run: () => Promise.resolve({ accuracy: 0 }) };
    const kinds: string[] = [];
    await runThrough(tinyOptions(tinyModel(), { settings, validation }), ({ type }) => kinds.push(type));
    const intervals = { steps, tracking: every, validation: validated };
    const places = kinds.flatMap((kind, place) => (kind === 'step' ? [place] : []));
    places.forEach((place, step) => {
      const count = (kind: string) => kinds.slice(place + 1).filter((other) => other === kind).length;
      const choice = count('unfreeze');
      const ahead = aheadOf(step, { ...intervals, choice });
      expect(ahead).toEqual({
        step: count('step'),
        tracking: count('fisher'),
        validation: count('validation'),
        choice,
      });
    });
  },
);
