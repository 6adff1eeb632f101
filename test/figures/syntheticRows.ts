/**
 * Rows as runs would leave them, made up: the shapes of the curves and the noise between seeds are plausible, no more.
 */
import { randomStream } from '../../src/engine/random';
import type {
  EstimatorRow,
  FisherRow,
  RunRow,
  ScoreRow,
  StepRow,
  UnfreezingRow,
  ValidationRow,
} from '../../src/figures/rows';
import { createSchedule, preview, type ScheduleConfig } from '../../src/schedulers/index';

export interface SyntheticOptions {
  readonly schedules: readonly ScheduleConfig[];
  readonly seeds: readonly number[];
  readonly steps?: number;
  readonly layers?: number;
  readonly every?: number;
  readonly model?: string;
  readonly dataset?: string;
  readonly languages?: readonly string[];
  /** What a schedule's runs are called beside its name; for fixed orders. */
  readonly label?: (schedule: number) => string;
}

export interface SyntheticRows {
  readonly runs: RunRow[];
  readonly fisher: FisherRow[];
  readonly steps: StepRow[];
  readonly unfreezing: UnfreezingRow[];
  readonly scores: ScoreRow[];
  readonly validation: ValidationRow[];
}

const gain: Readonly<Record<string, number>> = { gradual: 2.4, fun: 2.1, random: 0.9, lpft: 0.4, full: 1.2 };

/** All rows of schedules × seeds. */
export function syntheticRows(options: SyntheticOptions): SyntheticRows {
  const {
    schedules,
    seeds,
    steps = 480,
    layers = 12,
    every = 20,
    model = 'multilingual-e5-small',
    dataset = 'mini-nli',
    languages = ['en', 'de', 'es', 'it', 'tr', 'id', 'sw', 'zh'],
    label = () => '',
  } = options;
  const all: SyntheticRows = { runs: [], fisher: [], steps: [], unfreezing: [], scores: [], validation: [] };
  schedules.forEach((config, index) =>
    seeds.forEach((seed) => {
      const schedule = config.name;
      const runId = `${dataset}-${model.slice(0, 12)}-${schedule}${config.every ?? ''}${label(index)}-s${seed}`;
      const about = { runId, schedule, seed };
      const stream = randomStream(seed, runId);
      const noise = (size: number) => size * stream.normal();
      const trace = (layer: number, step: number) => {
        const time = step / steps;
        const hump = Math.exp(-(((time - 0.15 - 0.02 * index) / 0.22) ** 2)) * (schedule === 'standard' ? 1 : 1.8);
        return (0.4 + hump) * (0.15 + (layer / layers) ** 2) * 4 * Math.exp(noise(0.15));
      };
      const settings = JSON.stringify({ ...config, dataset, model, steps });
      all.runs.push({ ...about, model, task: 'nli', dataset, profile: 'mini', steps, settings });
      const { openings } = preview(createSchedule(config, layers), { layers, steps, seed, fisherTrace: trace });
      openings.forEach(({ layer, step }, order) => all.unfreezing.push({ ...about, layer, step, order }));
      const openedAt = new Map(openings.map(({ layer, step }) => [layer, step]));
      for (let step = 0; step < steps; step += every) {
        for (let layer = 0; layer < layers; layer++) {
          const value = trace(layer, step);
          const trainable = step >= (openedAt.get(layer) ?? Infinity);
          all.fisher.push({ ...about, step, layer, trace: value, standardError: value * 0.08, trainable });
        }
      }
      for (let step = 0; step < steps; step++) {
        const loss = 0.35 + 0.75 * Math.exp(-step / (steps / 4)) + noise(0.08);
        all.steps.push({ ...about, step, loss, learningRate: 5e-4 * (1 - step / steps), gradNorm: 1 });
      }
      for (let step = every * 2; step <= steps; step += every * 2) {
        const value = 80 - 45 * Math.exp(-step / (steps / 4)) + noise(0.8);
        all.validation.push({ ...about, step, metric: 'accuracy', value });
      }
      const ofRun = noise(0.5);
      languages.forEach((language, i) => {
        const value =
          (language === 'en' ? 80 : 74 - 2.6 * i + (gain[schedule] ?? 0)) + ofRun + noise(0.7) + index * 0.05;
        all.scores.push({ ...about, language, dataset, split: 'test', metric: 'accuracy', value, examples: 300 });
      });
    }),
  );
  return all;
}

/** Several sets of rows as one. */
export function together(...parts: readonly SyntheticRows[]): SyntheticRows {
  const join = <K extends keyof SyntheticRows>(key: K) =>
    parts.flatMap((part) => part[key] as unknown[]) as SyntheticRows[K];
  return {
    runs: join('runs'),
    fisher: join('fisher'),
    steps: join('steps'),
    unfreezing: join('unfreezing'),
    scores: join('scores'),
    validation: join('validation'),
  };
}

/** What estimators would say of one run. */
export function syntheticEstimates(run: RunRow, steps: readonly number[], layers = 12): EstimatorRow[] {
  const stream = randomStream(1, 'estimates');
  const of = { runId: run.runId, schedule: run.schedule, seed: run.seed };
  const factor = { exact: 1, mc: 1, sketch: 1, mode: 0.45, empirical: 0.8 };
  return steps.flatMap((step) =>
    Array.from({ length: layers }, (_, layer) => layer).flatMap((layer): EstimatorRow[] => {
      const truth = 3 * (0.2 + (layer / layers) ** 2) * (1 + Math.sin(step / 150) ** 2);
      const row = (estimator: string, value: number, error: number, batchSize: number): EstimatorRow => ({
        ...of,
        step,
        layer,
        estimator,
        trace: value + error * stream.normal(),
        standardError: error,
        examples: 256,
        batchSize,
      });
      return [
        ...Object.entries(factor).map(([name, f]) =>
          row(name, truth * f, truth * (name === 'exact' ? 0.04 : 0.09), 32),
        ),
        ...[1, 2, 4, 8, 16, 32, 64].map((size) =>
          row('officialCode', (truth * 0.45) / size ** 0.8, (truth * 0.03) / size, size),
        ),
      ];
    }),
  );
}
