/**
 * The data of an experiment (§5.1 and Table 3 of the paper): English training and validation data, and test data in
 * every language. Model selection sees English only, and nothing of the test sets.
 */
import { UserError, oneOf, refuseUnknownKeys, wholeNumber } from '../engine/errors';
import { randomStream } from '../engine/random';
import type { DatasetName, ExampleTypes, QuestionExample } from './examples';
import type { Split, SplitName, Suite } from './examples';
import { loadDataset } from './load';
import { findLocal } from './locate';
import { dataPlaces, type DataPlaces } from './places';
import { copaTestSet, taskNames, type TaskExamples, type TaskName } from './tasks';

/** How many examples of a split to take. */
export type ExampleCount = number | 'all';

export interface TaskDataRequest<Task extends TaskName> {
  readonly task: Task;
  readonly suite: Suite;
  /** Decides which training examples are taken and their order (stream "data"). */
  readonly seed: number;
  /** Test languages, in this order. English is only among them when named. */
  readonly languages: readonly string[];
  /** This many training examples, drawn by the seed (an error where fewer are at hand); default: all. */
  readonly trainExamples?: ExampleCount;
  /** At most this many validation examples, the same for every seed; default: all. */
  readonly validationExamples?: ExampleCount;
  /** At most this many test examples a language, the same (parallel) lines for every seed; default: all. */
  readonly testExamples?: ExampleCount;
}

export interface TaskData<Example> {
  readonly task: TaskName;
  readonly suite: Suite;
  /** English, shuffled by the seed. */
  readonly train: Split<Example>;
  /** English. */
  readonly validation: Split<Example>;
  /** One split a language, in the order asked for. */
  readonly tests: readonly Split<Example>[];
}

/** Loads everything that an experiment needs. Throws as `loadDataset` does. */
export async function loadTaskData<Task extends TaskName>(
  request: TaskDataRequest<Task>,
  places: DataPlaces = dataPlaces(),
): Promise<TaskData<TaskExamples[Task]>> {
  const keys = ['task', 'suite', 'seed', 'languages', 'trainExamples', 'validationExamples', 'testExamples'];
  refuseUnknownKeys('loadTaskData', request, keys);
  const task = oneOf('Task', request.task, taskNames) as Task;
  const { suite, seed, languages } = request;
  const { train, validation } = await sourcesOf(task, suite, places).training();
  for (const split of [train, validation]) requireExamples(split);
  const tests = await Promise.all(languages.map((language) => loadTest(request, language, places)));
  return {
    task,
    suite,
    train: sample(train, request.trainExamples ?? 'all', seed),
    validation: inOrder(validation, request.validationExamples ?? 'all', 'validationExamples'),
    tests,
  };
}

/** One test set as `loadTaskData` gives it, without the data for training. */
export async function loadTest<Task extends TaskName>(
  { task, suite, testExamples = 'all' }: Pick<TaskDataRequest<Task>, 'task' | 'suite' | 'testExamples'>,
  language: string,
  places: DataPlaces = dataPlaces(),
): Promise<Split<TaskExamples[Task]>> {
  const split = await sourcesOf(task, suite, places).test(language);
  requireExamples(split);
  return inOrder(split, testExamples, 'testExamples');
}

/** Where the parts of a task's data come from; each is loaded when it is asked for. */
interface Sources<Example> {
  readonly training: () => Promise<{ train: Split<Example>; validation: Split<Example> }>;
  readonly test: (language: string) => Promise<Split<Example>>;
}

function sourcesOf<Task extends TaskName>(task: Task, suite: Suite, places: DataPlaces): Sources<TaskExamples[Task]> {
  const load = <Name extends DatasetName>(name: Name, split: SplitName, language = 'en') =>
    loadDataset({ name, language, split, suite }, places);
  const english = suite === 'mini' ? 'xcopa' : 'copa';
  const sources: { [T in TaskName]: Sources<TaskExamples[T]> } = {
    nli: {
      training: async () => ({
        train: await load(suite === 'mini' ? 'xnli' : 'mnli', 'train'),
        validation: await load('xnli', 'validation'),
      }),
      test: (language) => load('xnli', 'test', language),
    },
    copa: {
      training: async () => ({ train: await load(english, 'train'), validation: await load(english, 'validation') }),
      test: (language) => load(copaTestSet(suite, language), 'test', language),
    },
    'qa-xquad': {
      training: () => questionTraining(load, suite),
      test: (language) => load('xquad', 'test', language),
    },
    'qa-mlqa': {
      training: () => questionTraining(load, suite),
      test: (language) => mlqaTest(language, suite, places),
    },
  };
  return sources[task];
}

type Load = <Name extends DatasetName>(name: Name, split: SplitName) => Promise<Split<ExampleTypes[Name]>>;

/** SQuAD; its development set without the paragraphs that XQuAD was translated from validates. */
async function questionTraining(load: Load, suite: Suite): ReturnType<Sources<QuestionExample>['training']> {
  if (suite === 'mini') return { train: await load('xquad', 'train'), validation: await load('xquad', 'validation') };
  const [train, development, xquad] = await Promise.all([
    load('squad', 'train'),
    load('squad', 'validation'),
    load('xquad', 'test'),
  ]);
  const tested = new Set(xquad.examples.map(({ context }) => context));
  const examples = development.examples.filter(({ context }) => !tested.has(context));
  const note = `SQuAD dev without XQuAD's ${tested.size} paragraphs`;
  const files = { ...development.files, ...xquad.files };
  return { train, validation: { ...narrowed(development, examples, note), files } };
}

/**
 * MLQA's test set. Its development set, said so, where that is what the user's mirror has; the hub is not asked for the
 * other then (`npm run data -- fetch mlqa` gets it).
 */
async function mlqaTest(language: string, suite: Suite, places: DataPlaces): Promise<Split<QuestionExample>> {
  const test = { name: 'mlqa', language, split: 'test', suite } as const;
  const standIn = { ...test, split: 'validation' } as const;
  if (suite === 'mini' || findLocal(test, places)) return loadDataset(test, places);
  if (!findLocal(standIn, places)?.source.startsWith('mirror:')) return loadDataset(test, places);
  const development = await loadDataset(standIn, places);
  return { ...development, notes: [...development.notes, "MLQA's development set stands in for its test set"] };
}

/** Files of one's own may be empty; the paper's never are. */
function requireExamples({ name, split, language, count, source, notes }: Split<unknown>): void {
  if (count > 0) return;
  const why = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  throw new UserError(
    `${name} ${split} (${language}): there is no example in ${source}${why}. Put at least one there, or remove the file.`,
  );
}

/** Training examples in the seed's order; a number that is not there is an error, since it names the experiment. */
function sample<Example>(split: Split<Example>, limit: ExampleCount, seed: number): Split<Example> {
  const { count, source } = split;
  const size = limit === 'all' ? count : wholeNumber('trainExamples', limit);
  if (size > count) {
    throw new UserError(
      `trainExamples: ${size} were asked for (by the run or its profile), but ${source} has ${count}. ` +
        `Ask for fewer: data: { trainExamples: ${count} } (--train-examples ${count}), or 'all'.`,
    );
  }
  const order = randomStream(seed, 'data').permutation(count);
  const examples = order.slice(0, size).map((i) => split.examples[i]!);
  return size === count ? { ...split, examples } : narrowed(split, examples, `${size} drawn with seed ${seed}`);
}

/** The same lines for every seed and language: drawn once, kept in file order, so that parallel sets stay parallel. */
function inOrder<Example>(split: Split<Example>, limit: ExampleCount, what: string): Split<Example> {
  const { count } = split;
  if (limit === 'all' || wholeNumber(what, limit) >= count) return split;
  const chosen = new Set(randomStream(0, 'evaluation subset').permutation(count).slice(0, limit));
  const examples = split.examples.filter((_, index) => chosen.has(index));
  return narrowed(split, examples, `${limit} of ${count}, the same lines in every run`);
}

function narrowed<Example>(split: Split<Example>, examples: Example[], note: string): Split<Example> {
  const complete = examples.length === split.expectedCount;
  return { ...split, examples, count: examples.length, complete, notes: [...split.notes, note] };
}
