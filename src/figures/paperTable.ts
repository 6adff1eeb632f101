/** What the paper prints, as a table or as points, with nothing of ours: for experiments that we have no runs of. */
import type { Data, Layout } from 'plotly.js';
import { oneOf, refuseUnknownKeys, UserError } from '../engine/errors';
import type { Figure } from './figure';
import { frame } from './frame';
import { metricTitle } from './metrics';
import { withSd } from './numbers';
import { describeSetting, mainMetric, paperValues, type PaperSetting, type PaperValue } from './paperValues';
import { distinct, groupBy } from './rows';
import { scheduleColour, scheduleLabel, sortSchedules } from './style';

/** Which scores: each key left out means any. */
export type PaperSelection = Partial<{
  readonly [Key in 'model' | 'dataset' | 'adapter' | 'trainExamples' | 'schedule' | 'language']:
    PaperValue[Key] | readonly PaperValue[Key][];
}>;

/** The paper's scores in the main metric of their data set (accuracy or F1) that are meant. */
export function selectPaperValues(selection: PaperSelection): PaperValue[] {
  refuseUnknownKeys('selectPaperValues', selection, [
    'model',
    'dataset',
    'adapter',
    'trainExamples',
    'schedule',
    'language',
  ]);
  const wanted = Object.entries(selection) as [keyof PaperSelection, unknown][];
  return paperValues.filter(
    (row) =>
      row.metric === mainMetric(row.dataset) &&
      wanted.every(([key, value]) => (Array.isArray(value) ? value.includes(row[key]) : row[key] === value)),
  );
}

/**
 * A line for each model, number of examples and schedule; a column for each value of `columns`, as "mean ± sd" in
 * percent.
 */
export function paperTable(
  selection: PaperSelection,
  options: { readonly columns: 'dataset' | 'language' | 'trainExamples' },
): Record<string, string>[] {
  refuseUnknownKeys('paperTable', options, ['columns']);
  const columns = oneOf('columns', options.columns, ['dataset', 'language', 'trainExamples']);
  const rows = selectPaperValues(selection);
  if (rows.length === 0) throw new UserError(`The paper prints no score of ${JSON.stringify(selection)}.`);
  const names = distinct(rows.map((row) => String(row[columns])));
  /** What a line is about: all but what its columns are. */
  const lineOf = (row: PaperValue) => {
    const keys = (['model', 'adapter', 'dataset', 'trainExamples', 'schedule'] as const).filter(
      (key) => key !== columns,
    );
    return Object.fromEntries(keys.map((key) => [key, String(row[key])]));
  };
  const lines = groupBy(rows, (row) => JSON.stringify(lineOf(row)));
  return [...lines.values()].map((ofLine) => {
    const cells = names.map((name) => [name, write(ofLine.filter((row) => String(row[columns]) === name))]);
    return {
      ...lineOf(ofLine[0]!),
      schedule: scheduleLabel(ofLine[0]!.schedule),
      ...(Object.fromEntries(cells) as Record<string, string>),
    };
  });
}

/** Diamonds (the paper's, as in `transferBars`) of the transfer average by schedule, ± sd; a group an experiment. */
export function paperPoints(settings: readonly PaperSetting[]): Figure {
  const rows = settings.flatMap((setting) =>
    selectPaperValues({ adapter: 'madx', trainExamples: 'all', ...setting, language: 'average' }).map((row) => ({
      ...row,
      group: describeSetting(setting).replace(', ', '<br>'),
    })),
  );
  if (rows.length === 0) throw new UserError('The paper prints no transfer average of these experiments.');
  const groups = distinct(rows.map(({ group }) => group));
  const data = sortSchedules(distinct(rows.map(({ schedule }) => schedule))).map((schedule) => {
    const cells = groups.map((group) => rows.find((row) => row.schedule === schedule && row.group === group));
    const color = scheduleColour(schedule);
    return {
      type: 'scatter',
      mode: 'markers',
      offsetgroup: schedule,
      x: groups,
      y: cells.map((cell) => cell?.value ?? null),
      error_y: { type: 'data', array: cells.map((cell) => cell?.sd ?? 0), thickness: 1.5, width: 4, color },
      marker: { color, symbol: 'diamond', size: 9 },
      name: scheduleLabel(schedule),
      hovertemplate: `${scheduleLabel(schedule)}<br>%{x}<br>the paper: %{y:.1f}<extra></extra>`,
    } as Data;
  });
  const metrics = distinct(rows.map(({ metric }) => metricTitle(metric)));
  const ends = rows.flatMap(({ value, sd = 0 }) => [value - sd, value + sd]);
  return frame({
    title: 'Transfer average, as the paper prints it',
    made: 'the paper alone',
    notes: ['without English', 'mean ± sd over four runs'],
    data,
    layout: {
      scattermode: 'group',
      xaxis: { type: 'category', showgrid: false },
      yaxis: { title: { text: metrics.join(' or ') }, range: [Math.min(...ends) - 2, Math.max(...ends) + 2] },
    } as Partial<Layout>,
    plotHeight: 300,
  });
}

/** "57.4 ± 0.3", or nothing where the paper prints nothing. */
function write([row]: readonly PaperValue[]): string {
  return row === undefined ? '' : withSd(row.value, row.sd);
}
