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
import type { Split } from '../datasets/examples';
import type { AdapterModel } from '../models/adapterModel';
import { adapterEntry } from '../models/hub/index';
import type { Parameter } from '../nn/parameter';
import { createLearningRate } from '../schedulers/learningRate';
import { createSchedule } from '../schedulers/createSchedule';
import type { Schedule } from '../schedulers/schedule';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { PredictedRow } from '../tasks/ownText';
import { snapshot, type BestState } from '../training/checkpoint';
import type { TrainingEvent } from '../training/events';
import { eventFiles, type EventFiles } from '../training/tensorboard';
import { restoreParameters, trainableParameters } from '../training/trainable';
import { train } from '../training/trainer';
import type { TrainingSettings } from '../training/trainingOptions';
import { runId, trainingId, type RunConfiguration } from './configuration';
import { evaluateLanguage, evaluationBatch, overLanguage, percentages, percentName } from './evaluateLanguage';
import { TRAINING_LANGUAGE } from './languageAdapters';
import type { SharedBase } from './openBase';
import type { DataSource, EngineFacts } from './result';
import type { RunnableLab, TrainingStream } from './runner';
import { onBase } from './sharedBases';
import { openTaskModel, taskOn } from './taskModel';
import type { EvaluationSet, TaskSets } from './taskSets';

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

async function sessionOn(base: SharedBase, configuration: RunConfiguration): Promise<Session> {
  const { tokenizer, engine, precision } = base;
  const task = taskOn(base, configuration);
  const sets = await task.openSets();
  const { model, languageAdapters, modelSource } = await openTaskModel(base, configuration, task);
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
        settings: trainingSettings(configuration, chosen),
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

function trainingSettings(configuration: RunConfiguration, schedule: Schedule): TrainingSettings {
  const { timing, optimiser, steps, batchSize, dropout, prefixDropout, bucketing, seed } = configuration;
  const { fisherForSchedule, trackFisher } = configuration;
  return {
    schedule,
    timing,
    learningRate: createLearningRate({ name: optimiser.decay, rate: optimiser.learningRate }, steps),
    steps,
    batchSize,
    weightDecay: optimiser.weightDecay,
    clipNorm: optimiser.clipNorm,
    dropout,
    prefixDropout,
    bucketing,
    ...(fisherForSchedule === undefined ? {} : { fisherForSchedule }),
    ...(trackFisher === undefined ? {} : { trackFisher }),
    seed,
  };
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

function testSet(sets: TaskSets, language: string): EvaluationSet {
  const set = sets.tests.get(language);
  if (set !== undefined) return set;
  const opened = [...sets.tests.keys()].join(', ') || 'none';
  throw new UserError(
    `No test data for "${language}" was opened. Opened: ${opened}. To score it, name it in ` +
      `train({ evaluation: { languages: [...] } }); the data of a run are opened when it begins.`,
  );
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
