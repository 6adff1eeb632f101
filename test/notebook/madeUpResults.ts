/** Results as runs would leave them, made up from their configurations: to see notebooks with everything recorded. */
import { randomStream } from '../../src/engine/random';
import { mainMetric } from '../../src/experiments/conditions';
import { runId, type RunConfiguration } from '../../src/experiments/configuration';
import { packBits, resultFormat, toColumns, type RunResult } from '../../src/experiments/result';
import { trainingSetLabel } from '../../src/experiments/rows';
import { createSchedule, preview, type ScheduleConfig } from '../../src/schedulers/index';

const gain: Readonly<Record<string, number>> = { gradual: 2.4, fun: 2.1, random: 0.9, lpft: 0.4, full: 1.2 };
const testSet = { nli: 'xnli', copa: 'xcopa', 'qa-xquad': 'xquad', 'qa-mlqa': 'mlqa' } as const;

/** Smooth curves with noise, scores with a gain that depends on the schedule; nothing was trained. */
export function madeUpResult(configuration: RunConfiguration, layers = 12): RunResult {
  const { schedule, seed, steps, task, evaluation, trackFisher, validation } = configuration;
  const id = runId(configuration);
  const stream = randomStream(seed, id);
  const noise = (size: number) => size * stream.normal();
  const every = trackFisher?.every ?? 25;
  const trace = (layer: number, step: number) =>
    (0.4 + Math.exp(-(((step / steps - 0.2) / 0.22) ** 2)) * (schedule.name === 'standard' ? 1 : 1.8)) *
    (0.15 + (layer / layers) ** 2) *
    4 *
    Math.exp(noise(0.15));
  const at = (interval: number) => Array.from({ length: Math.floor(steps / interval) }, (_, i) => i * interval);
  const { openings } = preview(createSchedule(schedule as ScheduleConfig, layers), {
    layers,
    steps,
    seed,
    fisherTrace: trace,
  });
  const openedAt = new Map(openings.map(({ layer, step }) => [layer, step]));
  const everyLayer = Array.from({ length: layers }, (_, layer) => layer);
  const fisher = at(every).flatMap((step) =>
    everyLayer.map((layer) => {
      const value = trace(layer, step);
      const trainable = step >= (openedAt.get(layer) ?? Infinity);
      return { step, layer, trace: value, standardError: 0.08 * value, trainable };
    }),
  );
  const metric = mainMetric(configuration);
  const ofRun = noise(0.5);
  return {
    format: resultFormat,
    id,
    configuration,
    code: { commit: '0123456789abcdef', dirty: false },
    engine: { line: 'made up', threads: 2, precision: 'float32' },
    modelSource: 'made up',
    layers,
    data: [
      {
        use: 'train',
        dataset: trainingSetLabel(configuration),
        language: 'en',
        split: 'train',
        source: 'made up',
        count: 20_000,
        expectedCount: 392_702,
        complete: false,
        notes: [],
      },
    ],
    logs: {
      steps: toColumns(
        ['step', 'loss', 'learningRate', 'gradNorm'],
        // Every fifth step, counted back from the last one, which tells how many there were.
        at(5)
          .map((before) => steps - 1 - before)
          .reverse()
          .map((step) => ({ step, loss: 0.4 + Math.exp(-4 * (step / steps)), learningRate: 1e-3, gradNorm: 1 })),
      ),
      unfreezing: toColumns(['step', 'layer'], openings),
      scores: toColumns(['step', 'layer', 'trace', 'standardError'], []),
      fisher: toColumns(
        ['step', 'layer', 'trace', 'standardError', 'trainable'],
        trackFisher === undefined ? [] : fisher,
      ),
      validation: toColumns(
        ['step', 'metric', 'value'],
        at(validation.every).map((step) => ({ step, metric, value: 80 - 45 * Math.exp((-4 * step) / steps) })),
      ),
    },
    evaluation: evaluation.languages.map((language, i) => ({
      language,
      dataset: testSet[task],
      split: 'test',
      examples: 8,
      source: 'made up',
      metrics: { [metric]: 74 - 2 * i + (gain[schedule.name] ?? 0) + ofRun + noise(0.7) },
      correct: packBits(new Array<boolean>(8).fill(true)),
    })),
    cost: {
      seconds: { opening: 5, training: 600, fisher: 30, validation: 20, evaluation: 60 },
      tokensPerSecond: 2000,
      peakRssBytes: 1e9,
      sessions: [{ startedAt: '2026-01-01T00:00:00.000Z', commit: null, firstStep: 0, seconds: 715 }],
    },
  };
}
