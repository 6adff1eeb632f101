/**
 * A task's data as the trainer and the evaluation see it: encoded sets, and the way from a model's logits to scores.
 * The one place that knows which task object belongs to which experiment.
 */
import { UserError } from '../engine/errors';
import type { Split } from '../datasets/examples';
import { loadTaskData, loadTest, type TaskData } from '../datasets/taskData';
import type { TaskExamples, TaskName } from '../datasets/tasks';
import type { DataPlaces } from '../datasets/places';
import type { AdapterModel } from '../models/adapterModel';
import type { HeadKind } from '../models/heads';
import type { EncodedExample } from '../tasks/batch';
import type { EvaluationBatch } from '../tasks/batchOrder';
import { encodeCached, type EncodedCache } from '../tasks/encodedCache';
import { multipleChoice } from '../tasks/multipleChoice';
import { nli } from '../tasks/nli';
import { choiceText, pairText, questionText, readRows, type OwnText, type PredictedRow } from '../tasks/ownText';
import { questionAnswering, scoreMlqa } from '../tasks/questionAnswering';
import { encodeAll, meanScores, type Scores, type Task } from '../tasks/task';
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
  readonly train: { readonly split: Split<unknown>; readonly encoded: readonly EncodedExample[] };
  readonly validation: EvaluationSet;
  /** By language. */
  readonly tests: ReadonlyMap<string, EvaluationSet>;
}

/** A run's task: what it asks of a model, and its data, read when they are asked for. */
export interface RunTask {
  readonly head: HeadKind;
  /** Names of the classes or choices, by index. */
  readonly labels?: readonly string[];
  /** The metric by which validation tells the best state, as `score` names it. */
  readonly validationMetric: string;
  openSets(): Promise<TaskSets>;
  /** The test set of a language by itself. */
  openTest(language: string): Promise<EvaluationSet>;
  /** Predictions on one's own text, encoded and answered as in `score`. @throws UserError for rows that are none. */
  predict(model: AdapterModel, rows: readonly unknown[], batches: EvaluationBatch): Promise<PredictedRow[]>;
}

export type TaskSetsRequest = Pick<RunConfiguration, 'task' | 'data' | 'validation' | 'evaluation' | 'seed'>;

export function runTask(
  request: TaskSetsRequest,
  tokenizer: Tokenizer,
  places: DataPlaces,
  cache: EncodedCache,
): RunTask {
  const { data, validation, evaluation, seed } = request;
  const limit = (key: string, count: number | 'all') => (count === 'all' ? {} : { [key]: count });
  const loading = <Name extends TaskName>(task: Name): Loading<TaskExamples[Name]> => {
    const tests = { task, suite: data.suite, ...limit('testExamples', evaluation.examples) };
    return {
      all: () =>
        loadTaskData(
          {
            ...tests,
            seed,
            languages: evaluation.languages,
            ...limit('trainExamples', data.trainExamples),
            ...limit('validationExamples', validation.examples),
          },
          places,
        ),
      test: (language) => loadTest(tests, language, places),
    };
  };
  const { maxLength } = data;
  const rowsOf = ([logits]: Float32Array[]) => logits!;
  const spansOf = ([start, end]: Float32Array[]) => ({ start: start!, end: end! });
  switch (request.task) {
    case 'nli':
      return taskOf(nli, pairText, loading('nli'), tokenizer, { maxLength }, rowsOf, cache);
    case 'copa':
      return taskOf(multipleChoice, choiceText, loading('copa'), tokenizer, { maxLength }, rowsOf, cache);
    case 'qa-xquad':
    case 'qa-mlqa': {
      const { defaults } = questionAnswering;
      const settings = { ...defaults, maxLength, docStride: data.docStride ?? defaults.docStride };
      // Training and validation are on SQuAD, whatever is tested.
      const score = request.task === 'qa-mlqa' ? scoreMlqa : questionAnswering.score;
      const load = loading(request.task);
      return taskOf(questionAnswering, questionText, load, tokenizer, settings, spansOf, cache, score);
    }
  }
}

/** How a task's data are read. */
interface Loading<Example> {
  readonly all: () => Promise<TaskData<Example>>;
  readonly test: (language: string) => Promise<Split<Example>>;
}

function taskOf<Example, Settings, Encoded extends EncodedExample, Logits, Prediction>(
  task: Task<Example, Settings, Encoded, Logits, Prediction>,
  text: OwnText<Example, Logits, Prediction>,
  loading: Loading<Example>,
  tokenizer: Tokenizer,
  settings: Settings,
  logitsOf: (factors: Float32Array[]) => Logits,
  cache: EncodedCache,
  scoreTest = task.score,
): RunTask {
  const encode = (split: Split<Example>) => encodeCached(task, split.examples, tokenizer, settings, cache);
  const answer = async (
    model: AdapterModel,
    encoded: readonly Encoded[],
    examples: readonly Example[],
    batches: EvaluationBatch,
  ) => {
    const factors = await predictFactors(model, encoded, { ...batches, padId: tokenizer.special.pad });
    const logits = factors.map(logitsOf);
    return { logits, predictions: task.predict(logits, encoded, examples, settings) };
  };
  const evaluationSet = (split: Split<Example>, score = task.score): EvaluationSet => {
    let cached: Encoded[] | undefined;
    const encoded = () => (cached ??= encode(split));
    return {
      split,
      encoded,
      async score(model, batches) {
        const { predictions } = await answer(model, encoded(), split.examples, batches);
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
    ...(text.labels === undefined ? {} : { labels: text.labels }),
    validationMetric: task.mainMetric,
    async openSets() {
      const data = await loading.all();
      return {
        train: { split: data.train, encoded: encode(data.train) },
        validation: evaluationSet(data.validation),
        tests: new Map(data.tests.map((split) => [split.language, evaluationSet(split, scoreTest)])),
      };
    },
    openTest: async (language) => evaluationSet(await loading.test(language), scoreTest),
    async predict(model, rows, batches) {
      const examples = readRows(text, rows);
      const encoded = encodeAll(task, examples, tokenizer, settings); // one's own text is kept nowhere
      const { logits, predictions } = await answer(model, encoded, examples, batches);
      // Classes and choices have one entry of logits an example; answers, with one a window, tell no logits.
      return predictions.map((prediction, i) => text.tell(prediction, logits[i]!));
    },
  };
}
