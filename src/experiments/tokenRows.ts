/** How texts become tokens: a row for every test example of a task, to be counted by arquero, danfojs or a figure. */
import { loadTaskData } from '../datasets/taskData';
import type { TaskName } from '../datasets/tasks';
import type { MultipleChoiceExample, NliExample, QuestionExample, Suite } from '../datasets/examples';
import { funHome } from '../engine/places';
import type { TokenRow } from '../figures/tokenFigures';
import { fetchTokenizer } from '../models/hub/index';
import { findTokenizer } from '../models/openModel';
import { makeTokenizer } from '../tokenizers/makeTokenizer';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { ProfileName } from './configuration';
import { configure } from './profiles';

/** The tokenizer of a profile's model, and that model's name. Of a model on the hub, the weights are not fetched. */
export async function openTokenizer(profile: ProfileName): Promise<{ tokenizer: Tokenizer; model: string }> {
  const { model } = configure(profile, { task: 'nli' });
  return { tokenizer: makeTokenizer(await findTokenizer(model, { home: funHome(), fetchTokenizer })), model };
}

export interface TokenRowsRequest {
  readonly task: TaskName;
  readonly suite: Suite;
  readonly languages: readonly string[];
  /** At most so many examples a language; parallel sets stay parallel. Default: all. */
  readonly examples?: number | 'all';
}

/** Every text of an example; what the model reads is made of these. */
function textsOf(example: NliExample | MultipleChoiceExample | QuestionExample): string[] {
  if ('hypothesis' in example) return [example.premise, example.hypothesis];
  if ('choices' in example) return [example.premise, ...example.choices];
  return [example.question, example.context];
}

/** Tokens (without special ones), words and characters of the test examples. Words: Unicode's, as ICU finds them. */
export async function tokenRows(tokenizer: Tokenizer, request: TokenRowsRequest): Promise<TokenRow[]> {
  const { task, suite, languages, examples = 'all' } = request;
  const { tests } = await loadTaskData({ task, suite, seed: 1, languages, testExamples: examples });
  return tests.flatMap(({ name, language, examples: list }) => {
    const segmenter = new Intl.Segmenter(language, { granularity: 'word' });
    const wordsOf = (text: string) => [...segmenter.segment(text)].filter(({ isWordLike }) => isWordLike).length;
    return list.map((example, index) => {
      const texts = textsOf(example);
      const sum = (count: (text: string) => number) => texts.reduce((total, text) => total + count(text), 0);
      return {
        task,
        dataset: name,
        language,
        example: index,
        tokens: sum((text) => tokenizer.encode(text).ids.length),
        words: sum(wordsOf),
        characters: sum((text) => [...text].length),
      };
    });
  });
}
