/** First light: the embedded model on the embedded NLI suite under three schedules, in minutes. */
import { defineSweep } from '../sweep';

/** Of the profile `mini`; other profiles keep their own numbers. */
const settings = { steps: 150, every: 5, batchSize: 16, learningRate: 1e-3, trackEvery: 15, fisherExamples: 16 };

export const firstLight = defineSweep({
  name: 'first-light',
  title: 'NLI on the embedded suite: standard, gradual and FUN, with tr(F)',
  profile: 'mini',
  runs: (profile) =>
    (['standard', 'gradual', 'fun'] as const).map((name) => ({
      task: 'nli',
      seed: 1,
      ...(profile === 'mini'
        ? {
            schedule: name === 'standard' ? { name } : { name, every: settings.every },
            ...(name === 'fun'
              ? { fisherForSchedule: { estimator: 'exact', examples: settings.fisherExamples } as const }
              : {}),
            steps: settings.steps,
            batchSize: settings.batchSize,
            dropout: 0,
            optimiser: { learningRate: settings.learningRate },
            validation: { every: 50, examples: 150 },
            evaluation: { examples: 150 },
            trackFisher: {
              estimator: 'exact',
              examples: settings.fisherExamples,
              every: settings.trackEvery,
              layers: 'all',
            },
          }
        : { schedule: { name }, trackFisher: 'tracked' }),
    })),
});
