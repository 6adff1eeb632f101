/**
 * The search for the settings of the profile `small`, by English validation alone: no test set is opened. Learning rate
 * and pooling by standard training, then k by gradual unfreezing at the same number of steps.
 */
import type { TaskName } from '../../datasets/taskData';
import type { ProfileName } from '../configuration';
import type { RunChoices } from '../profiles';
import { cartesian, defineSweep, type Sweep } from '../sweep';

/** A seed that no comparison uses. */
const searchSeed = 100;

/** Shares of the steps by which all twelve layers are open. */
const openingShares = [0.15, 0.3, 0.45];

const validationOnly = { seed: searchSeed, evaluation: { languages: [] } } as const;

export const searches: readonly Sweep[] = [
  search('search-nli', 'nli', ['mean', 'first'], 900),
  search('search-copa', 'copa', ['mean', 'first'], 600),
  // Span heads look at every token: there is nothing to pool.
  search('search-qa', 'qa-xquad', ['mean'], 900),
];

function search(name: string, task: TaskName, poolings: readonly ('mean' | 'first')[], steps: number): Sweep {
  return defineSweep({
    name,
    title: `${task}: learning rate, pooling and k, by English validation`,
    profile: 'small',
    runs: (profile) => [...standardRuns(task, poolings, profile, steps), ...gradualRuns(task, profile, steps)],
  });
}

function standardRuns(
  task: TaskName,
  poolings: readonly ('mean' | 'first')[],
  profile: ProfileName,
  steps: number,
): RunChoices[] {
  return cartesian({ pooling: poolings, learningRate: [2e-4, 5e-4, 1e-3, 2e-3] }).map(({ pooling, learningRate }) => ({
    task,
    head: { pooling },
    optimiser: { learningRate },
    ...(profile === 'small' ? { steps } : {}),
    ...validationOnly,
  }));
}

function gradualRuns(task: TaskName, profile: ProfileName, steps: number): RunChoices[] {
  if (profile !== 'small') return [{ task, schedule: { name: 'gradual' }, ...validationOnly }];
  return cartesian({ share: openingShares, learningRate: [5e-4, 1e-3] }).map(({ share, learningRate }) => ({
    task,
    schedule: { name: 'gradual', every: Math.floor((share * steps) / 12) },
    optimiser: { learningRate },
    steps,
    ...validationOnly,
  }));
}
