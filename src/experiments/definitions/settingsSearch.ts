/**
 * The search for the settings of the profile `small`, by English validation alone: no test set is opened. Learning rate
 * and pooling by standard training, then k by gradual unfreezing at the same number of steps.
 */
import type { TaskName } from '../../datasets/tasks';
import type { ProfileName } from '../configuration';
import type { RunChoices } from '../profiles';
import { defineSweep, type Sweep } from '../sweep';

/** A seed that no comparison uses. */
const searchSeed = 100;

/** Shares of the steps by which all twelve layers are open. */
const openingShares = [0.2, 0.45];

const validationOnly = { seed: searchSeed, evaluation: { languages: [] } } as const;

interface Grid {
  readonly task: TaskName;
  readonly steps: number;
  readonly learningRates: readonly number[];
  /** Mean pooling is searched over all learning rates, the first token at this one; span heads have nothing to pool. */
  readonly firstTokenAt?: number;
  /** Of the runs that look for k. */
  readonly gradualRate: number;
}

export const searches: readonly Sweep[] = [
  search('search-nli', {
    task: 'nli',
    steps: 1000,
    learningRates: [5e-4, 1e-3, 2e-3],
    firstTokenAt: 1e-3,
    gradualRate: 1e-3,
  }),
  search('search-copa', {
    task: 'copa',
    steps: 400,
    learningRates: [5e-4, 1e-3, 2e-3],
    firstTokenAt: 1e-3,
    gradualRate: 1e-3,
  }),
  search('search-qa', { task: 'qa-xquad', steps: 600, learningRates: [5e-4, 1e-3, 2e-3], gradualRate: 1e-3 }),
];

function search(name: string, grid: Grid): Sweep {
  return defineSweep({
    name,
    title: `${grid.task}: learning rate, pooling and k, by English validation`,
    profile: 'small',
    runs: (profile) => [...standardRuns(grid, profile), ...gradualRuns(grid, profile)],
  });
}

function standardRuns({ task, steps, learningRates, firstTokenAt }: Grid, profile: ProfileName): RunChoices[] {
  const combinations = [
    ...learningRates.map((learningRate) => ({ pooling: 'mean' as const, learningRate })),
    ...(firstTokenAt === undefined ? [] : [{ pooling: 'first' as const, learningRate: firstTokenAt }]),
  ];
  return combinations.map(({ pooling, learningRate }) => ({
    task,
    head: { pooling },
    optimiser: { learningRate },
    ...(profile === 'small' ? { steps } : {}),
    ...validationOnly,
  }));
}

function gradualRuns({ task, steps, gradualRate }: Grid, profile: ProfileName): RunChoices[] {
  if (profile !== 'small') return [{ task, schedule: { name: 'gradual' }, ...validationOnly }];
  return openingShares.map((share) => ({
    task,
    schedule: { name: 'gradual', every: Math.floor((share * steps) / 12) },
    optimiser: { learningRate: gradualRate },
    steps,
    ...validationOnly,
  }));
}
