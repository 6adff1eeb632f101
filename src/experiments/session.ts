/**
 * A run's parts put together: its base model, adapter and head from the run's seed, data, trainer, evaluation. Runs of
 * the notebooks, of the command line and of sweeps all go through here.
 */
import { join } from 'node:path';
import { UserError } from '../engine/errors';
import { funHome } from '../engine/places';
import type { AdapterModel } from '../models/adapterModel';
import { createLearningRate } from '../schedulers/learningRate';
import { openSchedule } from '../schedulers/scheduleFile';
import type { Schedule } from '../schedulers/schedule';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { EncodedExample } from '../tasks/batch';
import type { PredictedRow } from '../tasks/ownText';
import { trainableParameters } from '../training/trainable';
import type { TrainingSettings } from '../training/trainingOptions';
import { runId, trainingId, type RunConfiguration } from './configuration';
import { evaluateLanguage, evaluationBatch, percentages, percentName } from './evaluateLanguage';
import { dataSources, engineFacts } from './facts';
import { overLanguage, requirePublishedAdapters, TRAINING_LANGUAGE } from './languageAdapters';
import { ModelStates } from './modelStates';
import type { SharedBase } from './openBase';
import { stepsTaken } from './result';
import type { RunnableLab, TrainingStream } from './runner';
import { writeSavedRun } from './savedRun';
import { onBase } from './sharedBases';
import { openTaskModel, taskOn } from './taskModel';
import type { EvaluationSet, TaskSets } from './taskSets';
import { trainingStream } from './trainingStream';

export interface Session extends RunnableLab {
  readonly configuration: RunConfiguration;
  readonly model: AdapterModel;
  readonly sets: TaskSets;
  readonly tokenizer: Tokenizer;
  /**
   * As `RunnableLab.train`; without a checkpoint folder nothing is stored. `schedule` stands in for the configured one;
   * `name` is what TensorBoard calls the run, by default the id of its configuration.
   */
  train(options: { checkpointFolder?: string; schedule?: Schedule; name?: string }): TrainingStream;
  /**
   * Puts the best state by English validation into the model, until `train` is called again, which begins with the
   * state of its checkpoint. Returns the state's step. Not to be called before the stream of `train` has ended.
   *
   * @throws UserError when there was no validation yet.
   */
  useBest(): number;
  /**
   * Predictions of the state that `evaluate` scores, on rows of one's own text; with the language's adapter, where the
   * run has language adapters.
   *
   * @throws UserError for rows that are none of the task.
   */
  predict(rows: readonly unknown[], language?: string): Promise<PredictedRow[]>;
  /** @throws UserError when the run is not tested in the language. */
  testSet(language: string): EvaluationSet;
  trainingExamples(): readonly EncodedExample[];
  /** What `work` gives while the language's adapter is in place, where the run has language adapters. */
  over<T>(language: string, work: () => Promise<T>): Promise<T>;
}

const stepsBetweenCheckpoints = 50;

/**
 * @param shared a base to use, not closed here. Full fine-tuning changes its base, and so opens one of its own; so does
 * a run in another precision.
 */
export async function openSession(configuration: RunConfiguration, shared?: SharedBase): Promise<Session> {
  requirePublishedAdapters(configuration);
  return onBase(configuration, shared, (base) => sessionOn(base, configuration));
}

async function sessionOn(base: SharedBase, configuration: RunConfiguration): Promise<Session> {
  const { tokenizer, engine } = base;
  const configured = await openSchedule(configuration.schedule, base.opened.encoder.config.layers);
  const task = taskOn(base, configuration);
  const sets = await task.openSets();
  const { model, languageAdapters, modelSource, startedFrom } = await openTaskModel(base, configuration, task);
  const batches = evaluationBatch(engine);
  const { checkpoint: scored } = configuration.evaluation;
  let states = new ModelStates([], scored);

  return {
    configuration,
    model,
    sets,
    tokenizer,
    engine: engineFacts(base),
    modelSource,
    ...(startedFrom === undefined ? {} : { startedFrom }),
    layers: model.layers,
    data: dataSources(sets),
    train({ checkpointFolder, schedule, name = runId(configuration) }) {
      const chosen = schedule ?? configured;
      states = new ModelStates(trainableParameters(model, chosen), scored);
      return trainingStream(
        {
          model,
          examples: sets.train.encoded,
          padId: tokenizer.special.pad,
          settings: trainingSettings(configuration, chosen),
          validation: {
            every: configuration.validation.every,
            metric: percentName(task.validationMetric),
            run: async () => percentages((await sets.validation.score(model, batches)).means),
          },
          checkpoint:
            checkpointFolder === undefined
              ? undefined
              : { folder: checkpointFolder, every: stepsBetweenCheckpoints, fingerprint: trainingId(configuration) },
          prefixCache: { folder: join(funHome(), 'hidden-states') },
          onWarning: (message) => process.emitWarning(message),
          onBest: states.onBest,
        },
        name,
      );
    },
    testSet: (language) => testSet(sets, language),
    trainingExamples: () => sets.train.encoded,
    over: (language, work) => overLanguage(languageAdapters, language, work),
    async *evaluate(languages) {
      const tests = languages.map((language) => [language, testSet(sets, language)] as const);
      for (const [language, set] of tests) {
        yield await whileScored(language, () => evaluateLanguage(set, model, batches));
      }
    },
    predict: (rows, language = TRAINING_LANGUAGE) => whileScored(language, () => task.predict(model, rows, batches)),
    save(folder, result) {
      const putBack = states.putScored();
      try {
        const { trained, scoredBestStep: best } = states;
        const [state, step] = best === undefined ? (['last', stepsTaken(result)] as const) : (['best', best] as const);
        writeSavedRun(folder, { result, model, trained, state, step });
      } finally {
        putBack();
      }
    },
    useBest() {
      const step = states.useBest();
      if (step !== undefined) return step;
      throw new UserError(
        `There was no English validation yet (there is one every ${configuration.validation.every} steps), ` +
          `so no state is the best; train on, or use the model as it is.`,
      );
    },
    close: () => model.dispose(),
  };

  /** What `work` gives while the state that is scored is in the model, over the language's adapter. */
  async function whileScored<T>(language: string, work: () => Promise<T>): Promise<T> {
    const putBack = states.putScored();
    try {
      return await overLanguage(languageAdapters, language, work);
    } finally {
      putBack();
    }
  }
}

function trainingSettings(configuration: RunConfiguration, schedule: Schedule): TrainingSettings {
  const { timing, optimiser, steps, batchSize, dropout, prefixDropout, bucketing } = configuration;
  const { fisherForSchedule, trackFisher, seed } = configuration;
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
    fisherForSchedule,
    trackFisher,
    seed,
  };
}

function testSet(sets: TaskSets, language: string): EvaluationSet {
  const set = sets.tests.get(language);
  if (set !== undefined) return set;
  const opened = [...sets.tests.keys()].join(', ') || 'none';
  throw new UserError(
    `No test data for "${language}" was opened. Opened: ${opened}. Name it in ` +
      `train({ evaluation: { languages: [...] } }); the data of a run are opened when it begins.`,
  );
}
