/**
 * What each data set is and where its files are: languages, splits, published counts, licence, citation, the file
 * names of a local mirror (the whole set first, then known subsets), of the hub, and of the embedded mini suite.
 * `{language}` stands for the language code. A local file may also be gzipped (`.gz` is tried by itself).
 */
import type { DatasetName, SplitName } from './examples';

/** Where the hub keeps a data set. */
export interface HubLocation {
  readonly repository: string;
  /** Branch, commit, or the hub's own conversion to parquet. */
  readonly revision: string;
  /** Whether the repository, revision and file names were seen on the live hub by this project. */
  readonly verified: boolean;
  readonly files: Partial<Record<SplitName, string>>;
}

export interface SplitEntry {
  /** Examples as published, for every language or per language. */
  readonly expectedCount: number | Readonly<Record<string, number>> | undefined;
  /** Paths inside a mirror, best first. */
  readonly files: readonly string[];
}

export interface DatasetEntry {
  readonly title: string;
  readonly languages: readonly string[];
  readonly splits: Partial<Record<SplitName, SplitEntry>>;
  readonly licence: string;
  readonly citation: string;
  readonly home: string;
  readonly hub?: HubLocation;
  /** Files of the embedded suite, inside `data/mini`; absent where the suite has no such part. */
  readonly mini?: Partial<Record<SplitName, SplitEntry>>;
}

/** The languages of the embedded mini suite; `train` and `validation` are English only. */
export const miniLanguages = ['en', 'de', 'es', 'it', 'tr', 'id', 'sw', 'zh'] as const;

const xnliLanguages = ['ar', 'bg', 'de', 'el', 'en', 'es', 'fr', 'hi', 'ru', 'sw', 'th', 'tr', 'ur', 'vi', 'zh'];
const xquadLanguages = ['ar', 'de', 'el', 'en', 'es', 'hi', 'ro', 'ru', 'th', 'tr', 'vi', 'zh'];
const xcopaLanguages = ['et', 'ht', 'id', 'it', 'qu', 'sw', 'ta', 'th', 'tr', 'vi', 'zh'];

export const manifest: Readonly<Record<DatasetName, DatasetEntry>> = {
  mnli: {
    title: 'MultiNLI',
    languages: ['en'],
    splits: {
      train: { expectedCount: 392_702, files: ['mnli/train.tsv', 'mnli/train.subset.tsv'] },
      validation: { expectedCount: 9_815, files: ['mnli/dev_matched.tsv', 'mnli/dev_matched.partial.tsv'] },
      validation_mismatched: {
        expectedCount: 9_832,
        files: ['mnli/dev_mismatched.tsv', 'mnli/dev_mismatched.partial.tsv'],
      },
    },
    licence: 'OANC licence, CC BY 3.0 and CC BY-SA 3.0, by genre',
    citation: 'Williams, Nangia and Bowman 2018',
    home: 'https://cims.nyu.edu/~sbowman/multinli/',
    hub: {
      repository: 'nyu-mll/multi_nli',
      revision: 'main',
      verified: false,
      files: {
        train: 'data/train-00000-of-00001.parquet',
        validation: 'data/validation_matched-00000-of-00001.parquet',
        validation_mismatched: 'data/validation_mismatched-00000-of-00001.parquet',
      },
    },
  },
  xnli: {
    title: 'XNLI 1.0',
    languages: xnliLanguages,
    splits: {
      validation: { expectedCount: 2_490, files: ['xnli/dev-{language}.tsv'] },
      test: { expectedCount: 5_010, files: ['xnli/test-{language}.tsv'] },
    },
    licence: 'CC BY-NC 4.0',
    citation: 'Conneau, Rinott, Lample, Williams, Bowman, Schwenk and Stoyanov 2018',
    home: 'https://github.com/facebookresearch/XNLI',
    hub: {
      repository: 'facebook/xnli',
      revision: 'main',
      verified: false,
      files: {
        validation: '{language}/validation-00000-of-00001.parquet',
        test: '{language}/test-00000-of-00001.parquet',
      },
    },
    mini: {
      train: { expectedCount: 2_400, files: ['xnli/train-{language}.tsv'] },
      validation: { expectedCount: 300, files: ['xnli/dev-{language}.tsv'] },
      test: { expectedCount: 300, files: ['xnli/test-{language}.tsv'] },
    },
  },
  squad: {
    title: 'SQuAD 1.1',
    languages: ['en'],
    splits: {
      train: { expectedCount: 87_599, files: ['squad/train-v1.1.json', 'squad/train-v1.1.subset.json'] },
      validation: { expectedCount: 10_570, files: ['squad/dev-v1.1.json'] },
    },
    licence: 'CC BY-SA 4.0',
    citation: 'Rajpurkar, Zhang, Lopyrev and Liang 2016',
    home: 'https://rajpurkar.github.io/SQuAD-explorer/',
    hub: {
      repository: 'rajpurkar/squad',
      revision: 'main',
      verified: false,
      files: {
        train: 'plain_text/train-00000-of-00001.parquet',
        validation: 'plain_text/validation-00000-of-00001.parquet',
      },
    },
  },
  xquad: {
    title: 'XQuAD',
    languages: xquadLanguages,
    splits: { test: { expectedCount: 1_190, files: ['xquad/xquad.{language}.json'] } },
    licence: 'CC BY-SA 4.0',
    citation: 'Artetxe, Ruder and Yogatama 2020',
    home: 'https://github.com/google-deepmind/xquad',
    hub: {
      repository: 'google/xquad',
      revision: 'main',
      verified: false,
      files: { test: 'xquad.{language}/validation-00000-of-00001.parquet' },
    },
    mini: {
      train: { expectedCount: 600, files: ['xquad/train.{language}.json'] },
      validation: { expectedCount: 100, files: ['xquad/dev.{language}.json'] },
      test: { expectedCount: 120, files: ['xquad/xquad.{language}.json'] },
    },
  },
  mlqa: {
    title: 'MLQA v1, question and context in the same language',
    languages: ['ar', 'de', 'en', 'es', 'hi', 'vi', 'zh'],
    splits: {
      validation: {
        expectedCount: { ar: 517, de: 512, en: 1_148, es: 500, hi: 507, vi: 511, zh: 504 },
        files: ['mlqa/dev/dev-context-{language}-question-{language}.json'],
      },
      test: {
        expectedCount: { ar: 5_335, de: 4_517, en: 11_590, es: 5_253, hi: 4_918, vi: 5_495, zh: 5_137 },
        files: ['mlqa/test/test-context-{language}-question-{language}.json'],
      },
    },
    licence: 'CC BY-SA 3.0',
    citation: 'Lewis, Oğuz, Rinott, Riedel and Schwenk 2020',
    home: 'https://github.com/facebookresearch/MLQA',
    hub: {
      repository: 'facebook/mlqa',
      revision: 'refs/convert/parquet',
      verified: false,
      files: {
        validation: 'mlqa.{language}.{language}/validation/0000.parquet',
        test: 'mlqa.{language}.{language}/test/0000.parquet',
      },
    },
  },
  copa: {
    title: 'COPA 1.0 (development set cut into train, ids 1–400, and validation, 401–500)',
    languages: ['en'],
    splits: {
      train: { expectedCount: 400, files: ['copa/copa-dev.xml'] },
      validation: { expectedCount: 100, files: ['copa/copa-dev.xml'] },
      test: { expectedCount: 500, files: ['copa/copa-test.xml'] },
    },
    licence: 'BSD 2-clause (believed; see the home page)',
    citation: 'Roemmele, Bejan and Gordon 2011',
    home: 'https://people.ict.usc.edu/~gordon/copa.html',
    // The hub's test split (SuperGLUE) has no labels, so it is not named here.
    hub: {
      repository: 'aps/super_glue',
      revision: 'refs/convert/parquet',
      verified: false,
      files: { train: 'copa/train/0000.parquet', validation: 'copa/validation/0000.parquet' },
    },
  },
  xcopa: {
    title: 'XCOPA',
    languages: xcopaLanguages,
    splits: {
      validation: { expectedCount: 100, files: ['xcopa/{language}/val.{language}.jsonl'] },
      test: { expectedCount: 500, files: ['xcopa/{language}/test.{language}.jsonl'] },
    },
    licence: 'CC BY 4.0',
    citation: 'Ponti, Glavaš, Majewska, Liu, Vulić and Korhonen 2020',
    home: 'https://github.com/cambridgeltl/xcopa',
    hub: {
      repository: 'cambridgeltl/xcopa',
      revision: 'main',
      verified: false,
      files: {
        validation: '{language}/validation-00000-of-00001.parquet',
        test: '{language}/test-00000-of-00001.parquet',
      },
    },
    mini: {
      train: { expectedCount: 400, files: ['xcopa/train.{language}.jsonl'] },
      validation: { expectedCount: 100, files: ['xcopa/val.{language}.jsonl'] },
      test: { expectedCount: 100, files: ['xcopa/{language}/test.{language}.jsonl'] },
    },
  },
  text: {
    title: 'Plain text for language adapters: the files of one folder a language',
    languages: [...new Set([...xnliLanguages, ...xquadLanguages, ...xcopaLanguages])].sort(),
    splits: {
      train: { expectedCount: undefined, files: ['lm-text/{language}'] },
      validation: { expectedCount: undefined, files: ['lm-text/{language}'] },
    },
    licence: "each file's own",
    citation: 'none: the text that the user gives',
    home: '',
    mini: {
      train: { expectedCount: undefined, files: ['xnli/test-{language}.tsv'] },
      validation: { expectedCount: undefined, files: ['xnli/test-{language}.tsv'] },
    },
  },
};

/** The published number of examples of a split in a language; undefined where none is published. */
export function expectedCountOf(entry: SplitEntry, language: string): number | undefined {
  const { expectedCount } = entry;
  return typeof expectedCount === 'object' ? expectedCount[language] : expectedCount;
}
