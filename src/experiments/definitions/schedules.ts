/** The main comparisons: schedules on NLI (claims C1, C2, C4, C5, C6), question answering and COPA (Table 1, 12). */
import type { ProfileName } from '../configuration';
import { cartesian, defineSweep } from '../sweep';

/** The seeds of a comparison that is secondary here: two, and in the profile `paper` the paper's four. */
export function secondarySeeds(profile: ProfileName): readonly number[] {
  return profile === 'paper' ? [1, 2, 3, 4] : [1, 2];
}

/** All that the paper compares. */
const sixSchedules = ['standard', 'gradual', 'fun', 'lpft', 'gradual-reverse', 'random'] as const;

export const nliSchedules = defineSweep({
  name: 'nli-schedules',
  title: 'MNLI → XNLI: six schedules, four seeds, tr(F) of all layers (C1, C2, C4, C5, C6)',
  profile: 'small',
  runs: () =>
    cartesian({ seed: [1, 2, 3, 4], name: sixSchedules }).map(({ seed, name }) => ({
      task: 'nli',
      schedule: { name },
      seed,
      trackFisher: 'tracked',
    })),
});

export const qaSchedules = defineSweep({
  name: 'qa-schedules',
  title: 'SQuAD → XQuAD and MLQA: four schedules, two seeds, tr(F) of all layers; profile paper: six, four',
  profile: 'small',
  runs: (profile) =>
    cartesian({
      // The embedded suite has no MLQA.
      task: profile === 'smoke' || profile === 'mini' ? (['qa-xquad'] as const) : (['qa-xquad', 'qa-mlqa'] as const),
      seed: secondarySeeds(profile),
      name: profile === 'paper' ? sixSchedules : (['standard', 'gradual', 'fun', 'gradual-reverse'] as const),
    }).map(({ task, seed, name }) => ({ task, schedule: { name }, seed, trackFisher: 'tracked' })),
});

export const copaSchedules = defineSweep({
  name: 'copa-schedules',
  title: 'COPA → XCOPA: four schedules, four seeds; profile paper: LPFT, too',
  profile: 'small',
  runs: (profile) =>
    cartesian({
      seed: [1, 2, 3, 4],
      name: [...(['standard', 'gradual', 'fun', 'random'] as const), ...(profile === 'paper' ? ['lpft' as const] : [])],
    }).map(({ seed, name }) => ({ task: 'copa', schedule: { name }, seed, trackFisher: 'tracked' })),
});
