/** The numbers printed in the paper, as rows: one row a score, with the table that it is from. */
import { oneOf } from '../engine/errors';
import results from '../../data/paper/results.json';

export const paperModels = ['mbert', 'xlmr', 'mdeberta'] as const;
export type PaperModel = (typeof paperModels)[number];
export const paperDatasets = ['mlqa', 'xquad', 'xcopa', 'xnli'] as const;
export type PaperDataset = (typeof paperDatasets)[number];

/** Which experiment of the paper ours stands beside. */
export interface PaperSetting {
  readonly model: PaperModel;
  readonly dataset: PaperDataset;
  /** `madx`: task adapters on language adapters. `none`: full fine-tuning. Default: madx. */
  readonly adapter?: 'madx' | 'lora' | 'none';
  /** English training examples. Default: all. */
  readonly trainExamples?: 1000 | 5000 | 10000 | 'all';
}

export interface PaperValue extends Required<PaperSetting> {
  /** By this project's names: standard, random, gradual, gradual-reverse, fun, full. */
  readonly schedule: string;
  readonly metric: 'f1' | 'em' | 'accuracy';
  /** ISO 639-1, or "average": over all languages but English. */
  readonly language: string;
  /** In percent. */
  readonly value: number;
  /** Over four runs; undefined where the paper prints none. */
  readonly sd?: number;
  /** "1, 8": the tables of the paper that print it. */
  readonly table: string;
}

interface Scores {
  readonly en?: number;
  readonly en_em?: number;
  readonly avg: number | null;
  readonly avg_sd?: number;
  readonly avg_em?: number;
  readonly avg_em_sd?: number;
  readonly per_language?: Readonly<Record<string, number | undefined>>;
}

const scheduleOf: Readonly<Record<string, string>> = {
  standard: 'standard',
  rand: 'random',
  gu: 'gradual',
  gu_rev: 'gradual-reverse',
  fun: 'fun',
  full: 'full',
};

/** Every score of Tables 1, 2, 7–14 and 16–18. */
export const paperValues: readonly PaperValue[] = [
  ...mainTables(),
  ...fullFineTuningTable(),
  ...loraTables(),
  ...lowDataTables(),
  ...reverseTable(),
  ...mdebertaTables(),
];

/** Which of the paper's scores is meant; the metric may be left out: accuracy, or F1 for question answering. */
export interface PaperLookup extends PaperSetting {
  readonly schedule: string;
  readonly language: string;
  readonly metric?: string;
}

/** The paper's score, or undefined where it prints none. @throws UserError for an unknown model or data set. */
export function paperValue(lookup: PaperLookup): PaperValue | undefined {
  oneOf('model of the paper', lookup.model, paperModels);
  oneOf('data set of the paper', lookup.dataset, paperDatasets);
  const adapter = lookup.schedule === 'full' ? 'none' : (lookup.adapter ?? 'madx');
  const wanted = {
    ...lookup,
    adapter,
    trainExamples: lookup.trainExamples ?? 'all',
    metric: lookup.metric ?? mainMetric(lookup.dataset),
  };
  const keys = ['model', 'dataset', 'adapter', 'trainExamples', 'schedule', 'metric', 'language'] as const;
  return paperValues.find((row) => keys.every((key) => row[key] === wanted[key]));
}

/** What the paper's main tables print: accuracy, or F1 for question answering. */
export function mainMetric(dataset: string): 'accuracy' | 'f1' {
  return dataset === 'mlqa' || dataset === 'xquad' ? 'f1' : 'accuracy';
}

/** "XLM-R, XNLI, LoRA, 1,000 examples". */
export function describeSetting({ model, dataset, adapter = 'madx', trainExamples = 'all' }: PaperSetting): string {
  const names = { mbert: 'mBERT', xlmr: 'XLM-R base', mdeberta: 'mDeBERTa' };
  const parts = [names[model], dataset.toUpperCase()];
  if (adapter === 'lora') parts.push('LoRA');
  if (trainExamples !== 'all') parts.push(`${trainExamples.toLocaleString('en')} examples`);
  return parts.join(', ');
}

/** One row of a printed table: whose scores these are. */
interface Printed {
  readonly model: string;
  readonly dataset: string;
  readonly method: string;
  readonly table: string;
  readonly adapter?: PaperValue['adapter'];
  readonly trainExamples?: PaperValue['trainExamples'];
}

function scoreRows(printed: Printed, scores: Scores): PaperValue[] {
  const dataset = printed.dataset as PaperDataset;
  const origin = {
    model: printed.model as PaperModel,
    dataset,
    adapter: printed.adapter ?? 'madx',
    trainExamples: printed.trainExamples ?? 'all',
    schedule: scheduleOf[printed.method]!,
    table: printed.table,
  } as const;
  const row = (
    language: string,
    value: number | null | undefined,
    sd?: number,
    metric: PaperValue['metric'] = mainMetric(dataset),
  ): PaperValue[] => (typeof value === 'number' ? [{ ...origin, metric, language, value, sd }] : []);
  return [
    ...row('en', scores.en),
    ...row('average', scores.avg, scores.avg_sd),
    ...row('en', scores.en_em, undefined, 'em'),
    ...row('average', scores.avg_em, scores.avg_em_sd, 'em'),
    ...Object.entries(scores.per_language ?? {}).flatMap(([language, value]) => row(language, value)),
  ];
}

function mainTables(): PaperValue[] {
  const { mlqa_f1: mlqa, xquad_f1: xquad, xcopa_acc: xcopa, xnli_acc: xnli } = results.tables;
  return Object.entries({ mlqa, xquad, xcopa, xnli }).flatMap(([dataset, { table, rows }]) =>
    rows.flatMap(({ model, method, ...scores }) => scoreRows({ model, dataset, method, table }, scores)),
  );
}

function fullFineTuningTable(): PaperValue[] {
  const { table, rows } = results.tables.full_finetuning;
  return rows.flatMap(({ model, mlqa_f1: mlqa, xquad_f1: xquad, xcopa_acc: xcopa, xnli_acc: xnli }) =>
    Object.entries({ mlqa, xquad, xcopa, xnli }).flatMap(([dataset, avg]) =>
      scoreRows({ model, dataset, method: 'full', table, adapter: 'none' }, { avg }),
    ),
  );
}

function loraTables(): PaperValue[] {
  const { table, rows } = results.tables.lora;
  return rows.flatMap(({ model, method, ...row }) =>
    paperDatasets.flatMap((dataset) => scoreRows({ model, dataset, method, table, adapter: 'lora' }, row[dataset])),
  );
}

function lowDataTables(): PaperValue[] {
  const { table, rows } = results.tables.low_data;
  const sizes = { '1k': 1000, '5k': 5000, '10k': 10000 } as const;
  return rows.flatMap(({ model, method, ...row }) =>
    (Object.keys(sizes) as (keyof typeof sizes)[]).flatMap((size) => {
      const setting = { model, method, table, trainExamples: sizes[size] };
      return [
        ...scoreRows({ ...setting, dataset: 'xquad' }, { avg: row.xquad_f1[size], avg_sd: row.xquad_f1_sd[size] }),
        ...scoreRows({ ...setting, dataset: 'xnli' }, { avg: row.xnli_acc[size], avg_sd: row.xnli_acc_sd[size] }),
      ];
    }),
  );
}

/** Of Table 12 only the reverse runs: its others are those of Table 1. */
function reverseTable(): PaperValue[] {
  const { table, rows } = results.tables.reverse_gu;
  return rows.flatMap(({ model, dataset, gu_rev }) => scoreRows({ model, dataset, method: 'gu_rev', table }, gu_rev));
}

function mdebertaTables(): PaperValue[] {
  const { table, rows } = results.tables.mdeberta;
  return rows.flatMap(({ dataset, method, ...scores }) =>
    scoreRows({ model: 'mdeberta', dataset, method, table }, scores),
  );
}
