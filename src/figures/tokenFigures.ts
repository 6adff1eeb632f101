/** What the data looks like to a model: how long its texts are in tokens, and into how many a word is split. */
import type { Data, Layout, LayoutAxis } from 'plotly.js';
import { refuseUnknownKeys } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { distinct, groupBy } from './rows';
import { palette } from './style';
import { mean } from './summary';

/** One example of a test set. */
export interface TokenRow {
  readonly task: string;
  readonly dataset: string;
  /** ISO 639-1. */
  readonly language: string;
  readonly example: number;
  /** Without special tokens. */
  readonly tokens: number;
  readonly words: number;
  readonly characters: number;
}

export interface TokenFigureOptions {
  /** Whose tokens these are: the tokenizer's model. */
  readonly tokenizer: string;
}

/** A box a language and task: tokens of an example (median, quartiles, 1.5 interquartile ranges). */
export function tokenLengths(rows: readonly TokenRow[], options: TokenFigureOptions): Figure {
  refuseUnknownKeys('tokenLengths', options, ['tokenizer']);
  const data = byTask(rows, (ofTask, task, color): Data => ({
    type: 'box',
    x: ofTask.map(({ language }) => language),
    y: ofTask.map(({ tokens }) => tokens),
    name: task,
    marker: { color, size: 3 },
    line: { width: 1.5 },
    boxpoints: 'outliers',
  }));
  const layout: Partial<Layout> = {
    boxmode: 'group',
    xaxis: languageAxis,
    yaxis: { title: { text: 'tokens an example' }, type: 'log', tickvals: lengthTicks },
  };
  return figureOf('Length of the test examples', rows, options, ['logarithmic axis'], data, layout);
}

/** A bar a language and task: tokens divided by words, over all examples. */
export function tokensPerWord(rows: readonly TokenRow[], options: TokenFigureOptions): Figure {
  refuseUnknownKeys('tokensPerWord', options, ['tokenizer']);
  const data = byTask(rows, (ofTask, task, color): Data => {
    const languages = [...groupBy(ofTask, ({ language }) => language)];
    const total = (list: readonly TokenRow[], key: 'tokens' | 'words') => mean(list.map((row) => row[key]));
    return {
      type: 'bar',
      x: languages.map(([language]) => language),
      y: languages.map(([, list]) => total(list, 'tokens') / total(list, 'words')),
      name: task,
      marker: { color },
      hovertemplate: `${task}, %{x}<br>%{y:.2f} tokens a word<extra></extra>`,
    };
  });
  const layout: Partial<Layout> = {
    barmode: 'group',
    xaxis: languageAxis,
    yaxis: { title: { text: 'tokens a word' } },
  };
  return figureOf(
    'Into how many tokens a word is split',
    rows,
    options,
    ['words: as Unicode segments them'],
    data,
    layout,
  );
}

/** On a logarithmic axis, plotly would label single digits. */
const lengthTicks = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

const languageAxis: Partial<LayoutAxis> = { title: { text: 'language' }, type: 'category', showgrid: false };

const byTask = (rows: readonly TokenRow[], trace: (rows: readonly TokenRow[], task: string, color: string) => Data) =>
  [...groupBy(rows, ({ task }) => task)].map(([task, ofTask], i) => trace(ofTask, task, palette[i % palette.length]!));

function figureOf(
  title: string,
  rows: readonly TokenRow[],
  { tokenizer }: TokenFigureOptions,
  notes: readonly string[],
  data: Data[],
  layout: Partial<Layout>,
): Figure {
  return frame({
    title,
    made: `tokens of ${tokenizer}; test sets: ${distinct(rows.map(({ dataset }) => dataset)).join(', ')}; ${rows.length} examples`,
    notes,
    data,
    layout,
    plotHeight: 300,
  });
}
