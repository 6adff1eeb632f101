/**
 * A task's data as the trainer and the evaluation see it: encoded sets, and the way from a model's logits to scores.
 * The one place that knows which task object belongs to which experiment.
 */
import { UserError } from '../engine/errors';
import type { Split } from '../datasets/examples';
import { loadTaskData } from '../datasets/taskData';
import type { TaskName } from '../datasets/tasks';
import type { DataPlaces } from '../datasets/places';
import type { AdapterModel } from '../models/adapterModel';
import type { HeadKind } from '../models/heads';
import type { EncodedExample } from '../tasks/batch';
import type { EvaluationBatch } from '../tasks/batchOrder';
import { encodeCached, type EncodedCache } from '../tasks/encodedCache';
import { multipleChoice } from '../tasks/multipleChoice';
import { nli } from '../tasks/nli';
import { questionAnswering, scoreMlqa } from '../tasks/questionAnswering';
import { meanScores, type Scores, type Task } from '../tasks/task';
import type { Tokenizer } from '../tokenizers/tokenizer';
import { predictFactors } from '../training/predict';
import type { RunConfiguration } from './configuration';

/** One evaluated set: scores of every example, and their means. */
export interface SetScores {
  readonly perExample: readonly Scores[];
  readonly means: Scores;
}

/** A split with its encoding; encoded when first asked for. */
export interface EvaluationSet {
  readonly split: Split<unknown>;
  readonly encoded: () => readonly EncodedExample[];
  readonly score: (model: AdapterModel, batches: EvaluationBatch) => Promise<SetScores>;
}

export interface TaskSets {
  readonly head: HeadKind;
  readonly mainMetric: string;
  readonly train: { readonly split: Split<unknown>; readonly encoded: readonly EncodedExample[] };
  readonly validation: EvaluationSet;
  /** By language. */
  readonly tests: ReadonlyMap<string, EvaluationSet>;
}

export type TaskSetsRequest = Pick<RunConfiguration, 'task' | 'data' | 'validation' | 'evaluation' | 'seed'>;

export async function openTaskSets(
  request: TaskSetsRequest,
  tokenizer: Tokenizer,
  places: DataPlaces,
  cache: EncodedCache,
): Promise<TaskSets> {
  const { data, validation, evaluation, seed } = request;
  const limit = (key: string, count: number | 'all') => (count === 'all' ? {} : { [key]: count });
  const load = <Name extends TaskName>(task: Name) =>
    loadTaskData(
      {
        task,
        suite: data.suite,
        seed,
        languages: evaluation.languages,
        ...limit('trainExamples', data.trainExamples),
        ...limit('validationExamples', validation.examples),
        ...limit('testExamples', evaluation.examples),
      },
      places,
    );
  const { maxLength } = data;
  const rowsOf = ([logits]: Float32Array[]) => logits!;
  const spansOf = ([start, end]: Float32Array[]) => ({ start: start!, end: end! });
  switch (request.task) {
    case 'nli':
      return setsOf(nli, await load('nli'), tokenizer, { maxLength }, rowsOf, cache);
    case 'copa':
      return setsOf(multipleChoice, await load('copa'), tokenizer, { maxLength }, rowsOf, cache);
    case 'qa-xquad':
    case 'qa-mlqa': {
      const { defaults } = questionAnswering;
      const settings = { ...defaults, maxLength, docStride: data.docStride ?? defaults.docStride };
      // Training and validation are on SQuAD, whatever is tested.
      const score = request.task === 'qa-mlqa' ? scoreMlqa : questionAnswering.score;
      return setsOf(questionAnswering, await load(request.task), tokenizer, settings, spansOf, cache, score);
    }
  }
}

function setsOf<Example, Settings, Encoded extends EncodedExample, Logits, Prediction>(
  task: Task<Example, Settings, Encoded, Logits, Prediction>,
  data: { train: Split<Example>; validation: Split<Example>; tests: readonly Split<Example>[] },
  tokenizer: Tokenizer,
  settings: Settings,
  logitsOf: (factors: Float32Array[]) => Logits,
  cache: EncodedCache,
  scoreTest = task.score,
): TaskSets {
  const encode = (split: Split<Example>) => encodeCached(task, split.examples, tokenizer, settings, cache);
  const evaluationSet = (split: Split<Example>, score = task.score): EvaluationSet => {
    let cached: Encoded[] | undefined;
    const encoded = () => (cached ??= encode(split));
    return {
      split,
      encoded,
      async score(model, batches) {
        const factors = await predictFactors(model, encoded(), { ...batches, padId: tokenizer.special.pad });
        const predictions = task.predict(factors.map(logitsOf), encoded(), split.examples, settings);
        const perExample = predictions.map((prediction, i) => score(prediction, split.examples[i]!, split.language));
        return { perExample, means: meanScores(perExample) };
      },
    };
  };
  if (task.head.kind === 'maskedLanguageModel')
    throw new UserError('Masked LM is trained by npm run language-adapter.');
  const { kind: type, ...rest } = task.head;
  return {
    head: { type, ...rest } as HeadKind,
    mainMetric: task.mainMetric,
    train: { split: data.train, encoded: encode(data.train) },
    validation: evaluationSet(data.validation),
    tests: new Map(data.tests.map((split) => [split.language, evaluationSet(split, scoreTest)])),
  };
}
