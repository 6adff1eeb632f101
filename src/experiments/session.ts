/**
 * A run's parts put together: its base model, adapter and head from the run's seed, data, trainer, evaluation. Runs of the
 * notebooks, of the command line and of sweeps all go through here.
 */
import { join } from 'node:path';
import { UserError } from '../engine/errors';
import { funHome } from '../engine/places';
import type { Precision } from '../engine/precision';
import type { EngineInfo } from '../engine/tf';
import { engineLine } from '../engine/engineLine';
import { dataPlaces } from '../datasets/places';
import type { Split } from '../datasets/examples';
import { AdapterModel } from '../models/adapterModel';
import { adapterEntry, fetchDatasetFile } from '../models/hub/index';
import type { OpenedModel } from '../models/openModel';
import type { Parameter } from '../nn/parameter';
import { createLearningRate } from '../schedulers/learningRate';
import { createSchedule } from '../schedulers/createSchedule';
import type { Schedule } from '../schedulers/schedule';
import { tokenizerHash } from '../tokenizers/loadTokenizer';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { EvaluationBatch } from '../tasks/batchOrder';
import type { PredictedRow } from '../tasks/ownText';
import { snapshot, type BestState } from '../training/checkpoint';
import type { TrainingEvent } from '../training/events';
import { eventFiles, type EventFiles } from '../training/tensorboard';
import { restoreParameters, trainableParameters } from '../training/trainable';
import { train } from '../training/trainer';
import { runId, trainingId, type RunConfiguration } from './configuration';
import { modelSourceText } from './inputs';
import { openLanguageAdapters, TRAINING_LANGUAGE, type LanguageAdapters } from './languageAdapters';
import { openBase, type SharedBase } from './openBase';
import { packBits, packFractions, type DataSource, type EngineFacts, type LanguageEvaluation } from './result';
import type { RunnableLab, TrainingStream } from './runner';
import { changesBase } from './sharedBases';
import { runTask, type EvaluationSet, type RunTask, type TaskSets } from './taskSets';

const TASK_ADAPTER = 'task';
const HEAD = 'task';
/** Evaluation keeps nothing for gradients: larger batches fit. On a CPU, smaller ones of long sequences are faster. */
export const evaluationBatch = ({ device }: EngineInfo): EvaluationBatch =>
  device === 'GPU' ? { batchSize: 32 } : { batchSize: 32, mostScores: 32 * 128 ** 2 };

/** What the encoded sets are kept under: the model, and for a folder, whose files may change, their hash. */
function tokenizerIdentity({ name, source, tokenizer }: OpenedModel): string {
  return [name, source, ...(tokenizer.type === 'folder' ? [tokenizerHash(tokenizer.folder)] : [])].join(', ');
}

export interface Session extends RunnableLab {
  readonly configuration: RunConfiguration;
  readonly model: AdapterModel;
  readonly sets: TaskSets;
  readonly tokenizer: Tokenizer;
  /**
   * As `RunnableLab.train`; without a checkpoint folder nothing is stored. `schedule` stands in for the configured one;
   * `name` is what TensorBoard calls the run, by default the id of its configuration.
   */
  train(options: {
    checkpointFolder?: string;
    schedule?: Schedule;
    name?: string;
    checkpointEvery?: number;
  }): TrainingStream;
  /**
   * Puts the best state by English validation into the model, until `train` is called again, which begins with the state
   * of its checkpoint. Returns the state's step. Not to be called before the stream of `train` has ended.
   *
   * @throws UserError when there was no validation yet.
   */
  useBest(): number;
  /**
   * Predictions of the state that `evaluate` scores, on rows of one's own text; with the language's adapter, where the run
   * has language adapters.
   *
   * @throws UserError for rows that are none of the task.
   */
  predict(rows: readonly unknown[], language?: string): Promise<PredictedRow[]>;
  /** Calls `work` while the state that `evaluate` scores is in the model. */
  withScored<T>(work: (state: ScoredState) => T): T;
}

export interface ScoredState {
  /** What the run trains. */
  readonly trained: readonly Parameter[];
  /** The step that it is of, where it is the best one by English validation; else it is that of the last step. */
  readonly bestStep?: number;
}

/**
 * @param shared a base to use, not closed here. Full fine-tuning changes its base, and so opens one of its own; so does a
 * run in another precision.
 */
export async function openSession(configuration: RunConfiguration, shared?: SharedBase): Promise<Session> {
  requirePublishedAdapters(configuration);
  return onBase(configuration, shared, (base) => sessionOn(base, configuration));
}

/** Opens something on the shared base where the run can have that, else on one of its own, which is closed with it. */
export async function onBase<Opened extends { close(): void | Promise<void> }>(
  configuration: RunConfiguration,
  shared: SharedBase | undefined,
  open: (base: SharedBase) => Promise<Opened>,
): Promise<Opened> {
  const canShare = !changesBase(configuration) && configuration.precision === shared?.precision;
  if (canShare) return open(shared);
  const own = await openBase(configuration);
  try {
    const opened = await open(own);
    const close = async () => {
      await opened.close();
      own.close();
    };
    return { ...opened, close };
  } catch (error) {
    own.close(); // most likely data are missing, and a notebook tries again when it has them
    throw error;
  }
}

/** The task of a run, with the data of this machine. */
export function taskOn({ opened, tokenizer }: SharedBase, configuration: RunConfiguration): RunTask {
  const places = dataPlaces(process.env, fetchDatasetFile);
  const cache = { folder: join(funHome(), 'encoded'), tokenizerId: tokenizerIdentity(opened) };
  return runTask(configuration, tokenizer, places, cache);
}

/** The model of a run with its initial values, and its language adapters, the English one in place. */
export async function openTaskModel({ opened }: SharedBase, configuration: RunConfiguration, task: RunTask) {
  const model = taskModel(configuration, opened, task);
  const languageAdapters = await openLanguageAdapters(configuration, model).catch((error: unknown) => {
    model.dispose();
    throw error;
  });
  const modelSource = modelSourceText(opened.source, languageAdapters.source);
  return { model, languageAdapters, modelSource };
}

async function sessionOn(base: SharedBase, configuration: RunConfiguration): Promise<Session> {
  const { tokenizer, engine, precision } = base;
  const task = taskOn(base, configuration);
  const sets = await task.openSets();
  const { model, languageAdapters, modelSource } = await openTaskModel(base, configuration, task);
  const { optimiser, steps, seed } = configuration;
  const batches = evaluationBatch(engine);
  let best: BestState | undefined;
  /** The state of the last step, while the best one is in its place. */
  let last: ReturnType<typeof snapshot> | undefined;
  let trained: ReturnType<typeof trainableParameters> = [];

  return {
    configuration,
    model,
    sets,
    tokenizer,
    engine: engineFacts(engine, precision),
    modelSource,
    layers: model.layers,
    data: dataSources(sets),
    train({ checkpointFolder, schedule, name = runId(configuration), checkpointEvery = 50 }) {
      const abort = new AbortController();
      const watched = watching(name);
      const chosen = schedule ?? createSchedule(configuration.schedule, model.layers);
      best = last = undefined;
      trained = trainableParameters(model, chosen);
      const events = train({
        model,
        examples: sets.train.encoded,
        padId: tokenizer.special.pad,
        settings: {
          schedule: chosen,
          timing: configuration.timing,
          learningRate: createLearningRate({ name: optimiser.decay, rate: optimiser.learningRate }, steps),
          steps,
          batchSize: configuration.batchSize,
          weightDecay: optimiser.weightDecay,
          clipNorm: optimiser.clipNorm,
          dropout: configuration.dropout,
          prefixDropout: configuration.prefixDropout,
          bucketing: configuration.bucketing,
          ...(configuration.fisherForSchedule === undefined
            ? {}
            : { fisherForSchedule: configuration.fisherForSchedule }),
          ...(configuration.trackFisher === undefined ? {} : { trackFisher: configuration.trackFisher }),
          seed,
        },
        validation: {
          every: configuration.validation.every,
          metric: percentName(task.mainMetric),
          run: async () => percentages((await sets.validation.score(model, batches)).means),
        },
        ...(checkpointFolder === undefined
          ? {}
          : {
              checkpoint: { folder: checkpointFolder, every: checkpointEvery, fingerprint: trainingId(configuration) },
            }),
        prefixCache: { folder: join(funHome(), 'hidden-states') },
        signal: abort.signal,
        onWarning: (message) => process.emitWarning(message),
        onBest: (state) => (best = state),
      });
      return { [Symbol.asyncIterator]: () => follow(events, watched), stop: () => abort.abort() };
    },
    async *evaluate(languages) {
      const tests = languages.map((language) => [language, testSet(sets, language)] as const);
      const putBack = scoredState();
      try {
        for (const [language, set] of tests) {
          await languageAdapters.use(language);
          yield await evaluateLanguage(set, model, batches);
        }
      } finally {
        await languageAdapters.use(TRAINING_LANGUAGE);
        putBack();
      }
    },
    async predict(rows, language = TRAINING_LANGUAGE) {
      const putBack = scoredState();
      try {
        return await overLanguage(languageAdapters, language, () => task.predict(model, rows, batches));
      } finally {
        putBack();
      }
    },
    withScored(work) {
      const putBack = scoredState();
      const isBest = configuration.evaluation.checkpoint === 'best' && best !== undefined;
      try {
        return work({ trained, ...(isBest ? { bestStep: best!.step } : {}) });
      } finally {
        putBack();
      }
    },
    useBest() {
      if (best === undefined) {
        throw new UserError(
          `There was no English validation yet (there is one every ${configuration.validation.every} steps), ` +
            `so no state is the best; train on, or use the model as it is.`,
        );
      }
      last ??= snapshot(trained);
      restoreParameters(trained, best.parameters);
      return best.step;
    },
    close: () => model.dispose(),
  };

  /** Puts the state that is scored into the model, where it is not; what it gives puts the other one back. */
  function scoredState(): () => void {
    const asked = configuration.evaluation.checkpoint === 'best' ? best?.parameters : last;
    if (asked === undefined) return () => undefined;
    const inPlace = snapshot(trained);
    restoreParameters(trained, asked);
    return () => restoreParameters(trained, inPlace);
  }

  async function* follow(
    events: ReturnType<typeof train>,
    watched: EventFiles | undefined,
  ): AsyncGenerator<TrainingEvent> {
    try {
      for (;;) {
        const next = await events.next();
        if (next.done) return;
        watched?.write(next.value);
        yield next.value;
      }
    } finally {
      await events.return({ finished: false }); // when whoever iterates leaves early: frees the optimiser
    }
  }
}

/** What `work` gives while the language's adapter is in place, where there is one. */
export async function overLanguage<T>(
  languageAdapters: LanguageAdapters,
  language: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    await languageAdapters.use(language);
    return await work();
  } finally {
    await languageAdapters.use(TRAINING_LANGUAGE);
  }
}

/** Before anything is fetched: each language has a published adapter, where they come from the hub. */
function requirePublishedAdapters({ model, languageAdapters, evaluation }: RunConfiguration): void {
  if (languageAdapters === 'none' || languageAdapters.source !== 'hub') return;
  for (const language of [TRAINING_LANGUAGE, ...evaluation.languages]) adapterEntry(model, language);
}

/** FUN_TENSORBOARD: a folder, in which every run writes TensorBoard's event files into one of its own. */
function watching(name: string): EventFiles | undefined {
  const folder = process.env.FUN_TENSORBOARD;
  return folder ? eventFiles(join(folder, name)) : undefined;
}

/** Adapter and head with the run's own initial values. */
function taskModel(
  { method, head, seed }: RunConfiguration,
  { name, encoder }: OpenedModel,
  { head: kind, labels }: RunTask,
): AdapterModel {
  const model = new AdapterModel(name, encoder);
  const named = labels === undefined ? {} : { labels };
  model.addHead(HEAD, { kind, family: 'adapters', ...named, ...head }, seed);
  if (method.type === 'full') {
    model.activate({ head: HEAD });
    return model;
  }
  const config = method.type === 'lora' ? method : ({ ...method, activation: 'relu', leaveOut: [] } as const);
  model.addTaskAdapter(TASK_ADAPTER, config, seed);
  model.activate({ task: TASK_ADAPTER, head: HEAD });
  return model;
}

function testSet(sets: TaskSets, language: string): EvaluationSet {
  const set = sets.tests.get(language);
  if (set !== undefined) return set;
  const opened = [...sets.tests.keys()].join(', ') || 'none';
  throw new UserError(
    `No test data for "${language}" was opened. Opened: ${opened}. To score it, name it in ` +
      `train({ evaluation: { languages: [...] } }); the data of a run are opened when it begins.`,
  );
}

export async function evaluateLanguage(
  set: EvaluationSet,
  model: AdapterModel,
  batches: EvaluationBatch,
): Promise<LanguageEvaluation> {
  const { perExample, means } = await set.score(model, batches);
  const right = perExample.map((scores) => (scores.accuracy ?? scores.exactMatch ?? 0) === 1);
  const { name, language, split, count, source } = set.split;
  return {
    language,
    dataset: name,
    split,
    examples: count,
    source,
    metrics: percentages(means),
    correct: packBits(right),
    ...(means.f1 === undefined ? {} : { f1: packFractions(perExample.map(({ f1 }) => f1!)) }),
  };
}

const percentNames: Readonly<Record<string, string>> = { exactMatch: 'em', mlqaExactMatch: 'mlqaEm' };
const percentName = (metric: string): string => percentNames[metric] ?? metric;

/** Scores in percent, under the names that results use. */
function percentages(scores: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(scores).map(([metric, value]) => [percentName(metric), 100 * value]));
}

function engineFacts(info: EngineInfo, precision: Precision): EngineFacts {
  return { line: engineLine(info, precision), threads: info.threads, precision };
}

function dataSources(sets: TaskSets): DataSource[] {
  const source = (use: DataSource['use'], split: Split<unknown>): DataSource => ({
    use,
    dataset: split.name,
    language: split.language,
    split: split.split,
    source: split.source,
    files: split.files,
    count: split.count,
    expectedCount: split.expectedCount ?? null,
    complete: split.complete,
    notes: split.notes,
  });
  return [
    source('train', sets.train.split),
    source('validation', sets.validation.split),
    ...[...sets.tests.values()].map(({ split }) => source('test', split)),
  ];
}
