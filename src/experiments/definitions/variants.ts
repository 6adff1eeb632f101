/** The other conditions of the paper: few examples (C7), LoRA (C8), full fine-tuning, and how FUN estimates tr(F). */
import { taskNames } from '../../datasets/tasks';
import type { ProfileName } from '../configuration';
import { cartesian, defineSweep } from '../sweep';
import { usualEstimator } from '../usualEstimator';
import { secondarySeeds } from './schedules';

const threeSchedules = ['standard', 'gradual', 'fun'] as const;

/** English examples of `low-data`: the paper's three numbers, of which the smaller two are within reach elsewhere. */
function fewExamples(profile: ProfileName): readonly number[] {
  if (profile === 'smoke') return [16, 32];
  return profile === 'paper' ? [1000, 5000, 10000] : [1000, 5000];
}

export const lowData = defineSweep({
  name: 'low-data',
  title:
    '1,000 and 5,000 examples of MNLI and SQuAD: standard, gradual, FUN, two seeds; profile paper: 10,000 too, four (C7)',
  profile: 'small',
  runs: (profile) =>
    cartesian({
      task: ['nli', 'qa-xquad'] as const,
      trainExamples: fewExamples(profile),
      seed: secondarySeeds(profile),
      name: threeSchedules,
    }).map(({ task, trainExamples, seed, name }) => ({ task, data: { trainExamples }, schedule: { name }, seed })),
});

export const loraSchedules = defineSweep({
  name: 'lora-schedules',
  title: 'LoRA on MNLI and SQuAD: standard, gradual, FUN, two seeds; profile paper: every data set, four (C8)',
  profile: 'small',
  runs: (profile) =>
    cartesian({
      task: profile === 'paper' ? taskNames : (['nli', 'qa-xquad'] as const),
      seed: secondarySeeds(profile),
      name: threeSchedules,
    }).map(({ task, seed, name }) => ({
      task,
      method: 'lora',
      schedule: { name },
      seed,
      trackFisher: 'tracked',
    })),
});

export const fullFineTuning = defineSweep({
  name: 'full-fine-tuning',
  title:
    'MNLI → XNLI: every base parameter trained, two seeds; profile paper: every data set, four (Figure 2, Table 7)',
  profile: 'small',
  runs: (profile) =>
    cartesian({
      task: profile === 'paper' ? taskNames : (['nli'] as const),
      seed: secondarySeeds(profile),
    }).map(({ task, seed }) => ({
      task,
      method: 'full',
      seed,
      ...(profile === 'small' ? { optimiser: { learningRate: 5e-5 } } : {}),
    })),
});

export const funEstimators = defineSweep({
  name: 'fun-estimators',
  title: "FUN with an unbiased trace and with the released code's estimate, in both timings, on MNLI and SQuAD",
  profile: 'small',
  runs: (profile) =>
    cartesian({
      task: ['nli', 'qa-xquad'] as const,
      seed: [1, 2],
      estimator: ['usual', 'officialCode'] as const,
      timing: ['paper', 'officialCode'] as const,
    }).map(({ task, seed, estimator, timing }) => ({
      task,
      schedule: { name: 'fun' },
      timing,
      fisherForSchedule: {
        ...(estimator === 'usual' ? usualEstimator(task) : { estimator }),
        examples: profile === 'smoke' ? 8 : 64,
      },
      seed,
      trackFisher: 'tracked',
    })),
});
