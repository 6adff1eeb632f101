/**
 * The four profiles: what a run's configuration is where its definition does not say. A definition names what it
 * varies (task, schedule, seed, …); `configure` fills in the rest.
 */
import { miniLanguages } from '../datasets/manifest';
import { asksForSpans, paperLanguages, trainingSetOf, type TaskName, type TrainingSet } from '../datasets/tasks';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { defaultPrecision, type Precision } from '../engine/precision';
import { adapterLanguages } from '../models/hub/manifest';
import { configOf, type ScheduleChoice } from '../schedulers/configured';
import type { ScheduleName } from '../schedulers/createSchedule';
import { isInFile, scheduleFile } from '../schedulers/scheduleFile';
import type { LearningRateName } from '../schedulers/learningRate';
import { checkConfiguration } from './checkConfiguration';
import type {
  DataConfiguration,
  EvaluationConfiguration,
  ExampleCount,
  HeadChoice,
  FisherConfiguration,
  FisherTracking,
  Method,
  OptimiserConfiguration,
  ProfileName,
  RunConfiguration,
} from './configuration';
import { methodOf, usualSchedule, type MethodName } from './methods';
import { paperSettings } from './paperSettings';
import { usualEstimator } from './usualEstimator';

/** The numbers that a profile chooses by task (and, in the paper, by model and schedule). */
export interface TaskSettings {
  readonly learningRate: number;
  readonly decay: LearningRateName;
  readonly batchSize: number;
  readonly steps: number;
  /** k of the schedules that have one. */
  readonly every: number;
  readonly maxLength: number;
  readonly validateEvery: number;
  /** Steps between two points of the tr(F) curve, where it is tracked. */
  readonly trackEvery: number;
}

const smoke: TaskSettings = {
  learningRate: 1e-3,
  decay: 'linear',
  batchSize: 4,
  steps: 12,
  every: 2,
  maxLength: 32,
  validateEvery: 6,
  trackEvery: 4,
};

const mini: Readonly<Record<TrainingSet, TaskSettings>> = {
  mnli: { ...smoke, batchSize: 16, steps: 300, every: 10, maxLength: 64, validateEvery: 50, trackEvery: 20 },
  copa: {
    ...smoke,
    decay: 'constant',
    batchSize: 16,
    steps: 300,
    every: 10,
    maxLength: 64,
    validateEvery: 50,
    trackEvery: 20,
  },
  squad: { ...smoke, batchSize: 8, steps: 300, every: 10, maxLength: 128, validateEvery: 50, trackEvery: 20 },
};

/** Chosen by the sweeps `search-…` on English validation alone; see data/results/small/PROTOCOL.md. */
const small: Readonly<Record<TrainingSet, TaskSettings>> = {
  mnli: { ...smoke, batchSize: 8, steps: 1000, every: 16, maxLength: 128, validateEvery: 100, trackEvery: 50 },
  copa: {
    ...smoke,
    learningRate: 5e-4,
    decay: 'constant',
    batchSize: 16,
    steps: 400,
    every: 15,
    maxLength: 64,
    validateEvery: 40,
    trackEvery: 20,
  },
  squad: { ...smoke, batchSize: 8, steps: 600, every: 10, maxLength: 384, validateEvery: 100, trackEvery: 50 },
};

/** `small`: bfloat16 products, a third faster on the two cores that it is made for. */
const precisionOf: Readonly<Record<ProfileName, Precision>> = {
  smoke: 'float32',
  mini: 'float32',
  small: 'bf16',
  paper: 'float32',
};

const modelOf: Readonly<Record<ProfileName, string>> = {
  smoke: 'tiny-random',
  mini: 'multilingual-e5-small',
  small: 'multilingual-e5-small',
  paper: 'xlm-roberta-base',
};

/** Examples a language in evaluation; `small`: 1,000 of XNLI, XQuAD, XCOPA and MLQA's development set whole. */
const evaluationExamples: Readonly<Record<ProfileName, Readonly<Record<TaskName, ExampleCount>>>> = {
  smoke: { nli: 8, copa: 8, 'qa-xquad': 8, 'qa-mlqa': 8 },
  mini: { nli: 'all', copa: 'all', 'qa-xquad': 'all', 'qa-mlqa': 'all' },
  small: { nli: 1000, copa: 'all', 'qa-xquad': 'all', 'qa-mlqa': 'all' },
  paper: { nli: 'all', copa: 'all', 'qa-xquad': 'all', 'qa-mlqa': 'all' },
};

const validationExamples: Readonly<Record<ProfileName, ExampleCount>> = {
  smoke: 8,
  mini: 'all',
  small: 400,
  paper: 'all',
};

/** What a definition may say about a run; only the task is required. */
export interface RunChoices {
  readonly task: TaskName;
  readonly model?: string;
  /** By name: as the paper has it. Default: bottleneck. */
  readonly method?: MethodName | Method;
  /**
   * A schedule of the paper (by name, as JSON, or `gradualUnfreezing({ every })`: all the same run; one that takes
   * `every` and does not give it gets the profile's), or one of your own with a name of its own: in a lab as an object,
   * everywhere as `{ file, every }` (see `ScheduleFile`). Default: standard; `full` with that method.
   */
  readonly schedule?: ScheduleChoice;
  readonly timing?: RunConfiguration['timing'];
  readonly data?: Partial<DataConfiguration>;
  /** Default: those of the hub in profile `paper`, where any are published for the model; else none. */
  readonly languageAdapters?: RunConfiguration['languageAdapters'];
  readonly head?: RunConfiguration['head'];
  readonly startFrom?: RunConfiguration['startFrom'];
  readonly optimiser?: Partial<OptimiserConfiguration>;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly bucketing?: RunConfiguration['bucketing'];
  readonly dropout?: number;
  readonly prefixDropout?: boolean;
  /** Of schedules that read tr(F), or may (those in files), and refused for others. Default: exact (answers: sketch), 64 examples (smoke: 8). */
  readonly fisherForSchedule?: RunConfiguration['fisherForSchedule'];
  /**
   * `tracked`: with the profile's interval. Missing parts: exact (answers: sketch), 64 examples (smoke: 8), all layers.
   * Default: not tracked.
   */
  readonly trackFisher?: 'tracked' | false | (Partial<FisherTracking> & Pick<FisherTracking, 'every'>);
  readonly validation?: Partial<RunConfiguration['validation']>;
  readonly evaluation?: Partial<EvaluationConfiguration>;
  readonly precision?: RunConfiguration['precision'];
  readonly seed?: number;
}

const choiceKeys: Readonly<Record<keyof RunChoices, true>> = {
  task: true,
  model: true,
  method: true,
  schedule: true,
  timing: true,
  data: true,
  languageAdapters: true,
  head: true,
  startFrom: true,
  optimiser: true,
  steps: true,
  batchSize: true,
  bucketing: true,
  dropout: true,
  prefixDropout: true,
  fisherForSchedule: true,
  trackFisher: true,
  validation: true,
  evaluation: true,
  precision: true,
  seed: true,
};

/**
 * The whole configuration of a run: the choices, and the profile's defaults for everything else.
 *
 * @throws UserError when a choice is not known (learning rate and the like are parts of `optimiser`), and when the
 *   result is not a possible configuration.
 */
export function configure(profile: ProfileName, choices: RunChoices): RunConfiguration {
  refuseUnknownKeys('A run', choices, Object.keys(choiceKeys));
  const { task } = choices;
  const model = choices.model ?? modelOf[profile];
  const method = methodOf(choices.method);
  const chosen = choices.schedule ?? usualSchedule(method);
  const name = isInFile(chosen) ? 'gradual' : configOf(chosen).name; // whose numbers one's own has, too
  const trainExamples = choices.data?.trainExamples ?? (profile === 'smoke' ? 64 : 'all');
  const settings = settingsOf(profile, task, model, method, name, trainExamples);
  const suite = profile === 'small' || profile === 'paper' ? 'published' : 'mini';
  const maxLength = choices.data?.maxLength ?? settings.maxLength;
  const estimate = usualEstimate(task, profile);
  return checkConfiguration({
    profile,
    model,
    task,
    data: {
      suite,
      trainExamples,
      maxLength,
      ...(asksForSpans(task) ? { docStride: Math.floor(maxLength / 3) } : {}),
      ...choices.data,
    },
    method,
    languageAdapters: choices.languageAdapters ?? usualLanguageAdapters(profile, model, method),
    head: choices.head ?? usualHead(profile, model),
    ...(choices.startFrom === undefined ? {} : { startFrom: choices.startFrom }),
    schedule: scheduleOf(chosen, settings.every),
    timing: choices.timing ?? 'paper',
    optimiser: {
      learningRate: settings.learningRate,
      decay: settings.decay,
      weightDecay: 0,
      clipNorm: 1,
      ...choices.optimiser,
    },
    steps: choices.steps ?? settings.steps,
    batchSize: choices.batchSize ?? settings.batchSize,
    bucketing: choices.bucketing ?? (profile === 'paper' ? 'none' : 'byLength'),
    dropout: choices.dropout ?? 0.1,
    prefixDropout: choices.prefixDropout ?? profile === 'paper',
    ...estimateOf(choices.fisherForSchedule ?? (name === 'fun' || isInFile(chosen) ? estimate : undefined)),
    ...trackingOf(choices.trackFisher, settings.trackEvery, estimate),
    validation: { every: settings.validateEvery, examples: validationExamples[profile], ...choices.validation },
    evaluation: {
      languages: suite === 'mini' ? miniLanguages : ['en', ...paperLanguages[task]],
      examples: evaluationExamples[profile][task],
      checkpoint: 'best',
      ...choices.evaluation,
    },
    precision: choices.precision ?? defaultPrecision(precisionOf[profile]),
    seed: choices.seed ?? 1,
  });
}

function settingsOf(
  profile: ProfileName,
  task: TaskName,
  model: string,
  method: Method,
  schedule: ScheduleName,
  trainExamples: ExampleCount,
): TaskSettings {
  switch (profile) {
    case 'smoke':
      return smoke;
    case 'mini':
      return mini[trainingSetOf[task]];
    case 'small':
      return small[trainingSetOf[task]];
    case 'paper':
      return paperSettings(task, model, method, schedule, trainExamples);
  }
}

/** Those of the paper: mDeBERTa, for example, has none. */
function usualLanguageAdapters(
  profile: ProfileName,
  model: string,
  method: Method,
): RunConfiguration['languageAdapters'] {
  const havePublished = method.type !== 'full' && adapterLanguages(model).length > 0;
  return profile === 'paper' && havePublished ? { source: 'hub' } : 'none';
}

/** `paper`: that of the paper's scripts, but for the embedded model, whose file lacks the pooler that they read. */
function usualHead(profile: ProfileName, model: string): HeadChoice {
  if (profile !== 'paper') return { pooling: 'mean' };
  return model === modelOf.mini ? { pooling: 'first' } : { pooling: 'first', family: 'transformers' };
}

/** How tr(F) is estimated where a run does not say. */
function usualEstimate(task: TaskName, profile: ProfileName): FisherConfiguration {
  return { ...usualEstimator(task), examples: profile === 'smoke' ? 8 : 64 };
}

function scheduleOf(chosen: ScheduleChoice, every: number): RunConfiguration['schedule'] {
  if (isInFile(chosen)) return scheduleFile({ every, ...chosen });
  const config = configOf(chosen);
  return takesInterval(config.name) ? { every, ...config } : config;
}

/** Whether the schedule opens layers at intervals. */
function takesInterval(name: ScheduleName): boolean {
  return name !== 'standard' && name !== 'surgical' && name !== 'full';
}

const estimateOf = (estimate: FisherConfiguration | undefined): Pick<RunConfiguration, 'fisherForSchedule'> =>
  estimate === undefined ? {} : { fisherForSchedule: estimate };

function trackingOf(
  asked: RunChoices['trackFisher'],
  every: number,
  estimate: FisherConfiguration,
): Pick<RunConfiguration, 'trackFisher'> {
  if (asked === undefined || asked === false) return {};
  if (asked !== 'tracked' && (asked === null || typeof asked !== 'object')) {
    throw new UserError(
      `trackFisher must be { every: STEPS, … }, 'tracked' (as the profile has it) or false, not ${String(asked)}.`,
    );
  }
  const chosen: Partial<FisherTracking> = asked === 'tracked' ? {} : asked;
  const { examples } = estimate;
  const usual = chosen.estimator === undefined ? estimate : { estimator: chosen.estimator, examples };
  return { trackFisher: { ...usual, every, layers: 'all', ...chosen } };
}
