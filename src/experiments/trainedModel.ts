/**
 * The model of a run that was saved, as it was when it was saved: evaluated and asked, not trained. Nothing of the data
 * is read before a language is scored, and nothing but that language's test set then.
 */
import { UserError } from '../engine/errors';
import type { AdapterModel } from '../models/adapterModel';
import type { EncodedExample } from '../tasks/batch';
import type { PredictedRow } from '../tasks/ownText';
import type { Tokenizer } from '../tokenizers/tokenizer';
import { trainableParameters } from '../training/trainable';
import { evaluateLanguage, evaluationBatch } from './evaluateLanguage';
import { overLanguage, TRAINING_LANGUAGE } from './languageAdapters';
import type { SharedBase } from './openBase';
import type { LanguageEvaluation } from './result';
import { restoreSaved, type SavedRun } from './savedRun';
import { onBase } from './sharedBases';
import { openTaskModel, taskOn } from './taskModel';
import type { EvaluationSet } from './taskSets';

export interface TrainedModel {
  readonly model: AdapterModel;
  readonly tokenizer: Tokenizer;
  /** In any language that the task's test sets have. */
  evaluate(languages: readonly string[]): AsyncIterable<LanguageEvaluation>;
  predict(rows: readonly unknown[], language?: string): Promise<PredictedRow[]>;
  testSet(language: string): Promise<EvaluationSet>;
  /** Those that the run was trained on, with its data as they are now. */
  trainingExamples(): Promise<readonly EncodedExample[]>;
  /** What `work` gives while the language's adapter is in place, where the run has language adapters. */
  over<T>(language: string, work: () => Promise<T>): Promise<T>;
  close(): void | Promise<void>;
}

/**
 * @param shared the lab's base, used as `openSession` uses it.
 * @throws UserError when the run was trained on another model or other language adapters, or its method trains other
 *   parameters than were saved.
 */
export async function openTrained(saved: SavedRun, shared: SharedBase): Promise<TrainedModel> {
  const { name } = shared.opened;
  const configuration = { ...saved.configuration, model: name }; // a folder may have been moved
  return onBase(configuration, shared, async (base) => {
    const task = taskOn(base, configuration);
    const { model, languageAdapters, modelSource } = await openTaskModel(base, configuration, task);
    try {
      const { configuration: trainedAs, modelSource: trainedOn } = saved.result;
      if (modelSource !== trainedOn) {
        throw new UserError(
          `${saved.folder} was trained on the model "${trainedAs.model}" (${trainedOn}), and this lab's "${name}" is ` +
            `another (${modelSource}): open a lab with that model, in the same files.`,
        );
      }
      const { type } = configuration.method;
      restoreSaved(trainableParameters(model, { name: type === 'full' ? 'full' : 'standard' }), saved);
    } catch (error) {
      model.dispose();
      throw error;
    }
    const batches = evaluationBatch(base.engine);
    const tests = new Map<string, EvaluationSet>();
    const testSet = async (language: string) => {
      const set = tests.get(language) ?? (await task.openTest(language));
      tests.set(language, set);
      return set;
    };
    const over = <T>(language: string, work: () => Promise<T>) => overLanguage(languageAdapters, language, work);
    return {
      model,
      tokenizer: base.tokenizer,
      testSet,
      trainingExamples: async () => (await task.openSets()).train.encoded,
      over,
      async *evaluate(languages) {
        for (const language of languages) {
          const set = await testSet(language);
          yield await over(language, () => evaluateLanguage(set, model, batches));
        }
      },
      predict: (rows, language = TRAINING_LANGUAGE) => over(language, () => task.predict(model, rows, batches)),
      close: () => model.dispose(),
    };
  });
}
