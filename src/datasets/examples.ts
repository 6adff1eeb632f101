/**
 * What a data set is made of once it is read: one plain type per task family, and the split that carries them.
 * A split always says where its examples came from and whether they are all there, so that a subset is never
 * silently taken for the whole.
 */

import type { FileHashes } from '../engine/fileHash';

/** Label numbers of MNLI and XNLI (the hub's convention). */
export const nliLabels = ['entailment', 'neutral', 'contradiction'] as const;

/** A sentence pair of MNLI or XNLI. */
export interface NliExample {
  readonly premise: string;
  readonly hypothesis: string;
  /** 0 entailment, 1 neutral, 2 contradiction. */
  readonly label: 0 | 1 | 2;
}

/** A question of COPA or XCOPA: which choice is the more plausible cause (or effect) of the premise? */
export interface MultipleChoiceExample {
  readonly premise: string;
  readonly choices: readonly string[];
  readonly asksFor: 'cause' | 'effect';
  /** Index into `choices`. */
  readonly label: number;
}

/** One accepted answer: `context.slice(start, start + text.length) === text`. */
export interface Answer {
  readonly text: string;
  /** In UTF-16 units (the files count code points; the reader converts). */
  readonly start: number;
}

/** A question of SQuAD, XQuAD or MLQA about one paragraph. */
export interface QuestionExample {
  readonly id: string;
  readonly question: string;
  readonly context: string;
  /** At least one; training uses the first, evaluation the best match. */
  readonly answers: readonly Answer[];
}

/** The example type of each data set. `text` is plain text for masked language models, one passage a line. */
export interface ExampleTypes {
  xnli: NliExample;
  mnli: NliExample;
  squad: QuestionExample;
  xquad: QuestionExample;
  mlqa: QuestionExample;
  copa: MultipleChoiceExample;
  xcopa: MultipleChoiceExample;
  text: string;
}

export type DatasetName = keyof ExampleTypes;

/** `validation_mismatched` exists for MNLI only; XQuAD's only split is called `test` here. */
export type SplitName = 'train' | 'validation' | 'validation_mismatched' | 'test';

/** `mini`: the suite embedded in the project. `published`: the real data sets. */
export type Suite = 'mini' | 'published';

/** The examples of one split in one language, with their provenance. */
export interface Split<Example> {
  readonly name: DatasetName;
  readonly language: string;
  readonly split: SplitName;
  readonly suite: Suite;
  readonly examples: readonly Example[];
  /** Kind of place and path inside it, for example `mirror:xnli/test-sw.tsv`; never a path of this machine. */
  readonly source: string;
  /** SHA-256 of what was read, by source: the file of `source`, and those that decided something about its examples. */
  readonly files: FileHashes;
  /** Number of `examples`. */
  readonly count: number;
  /** Number of examples that the source holds; larger than `count` when the caller set a limit. */
  readonly available: number;
  /** Number of examples in the set as published; undefined where nothing is published (plain text). */
  readonly expectedCount: number | undefined;
  /** Whether `examples` is the whole split as published (for plain text: all that the source holds). */
  readonly complete: boolean;
  /** What a reader of results must know: subsets, repairs, stand-ins. */
  readonly notes: readonly string[];
}
