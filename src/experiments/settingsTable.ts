/**
 * What differs between a notebook's live runs, those of the recorded results and the paper's: settings side by side.
 */
import { asksForSpans } from '../datasets/tasks';
import { distinct } from '../figures/rows';
import { methodLabel, type FisherConfiguration, type ProfileName, type RunConfiguration } from './configuration';
import { trainingSetLabel } from './rows';
import { resultStores, type ResultsStore } from './store';
import { expandSweep, type Sweep } from './sweep';

/** A setting, and its value (or values) in each column. */
export type SettingsLine = Readonly<Record<string, string>>;

/** A value, or several, or none where the run has no such setting. */
type Show = (configuration: RunConfiguration) => string | number | readonly string[];

const settings: Readonly<Record<string, Show>> = {
  'base model': ({ model }) => model,
  'trained on → tested on': (run) => `${trainingSetLabel(run)} → ${run.task}`,
  'English examples': ({ data }) => data.trainExamples,
  'language adapters': ({ languageAdapters }) => (languageAdapters === 'none' ? 'none' : languageAdapters.source),
  'trained part': ({ method }) => methodLabel(method),
  'the head looks at': ({ task, head }) => {
    if (asksForSpans(task)) return 'each token (answers)';
    return head.pooling === 'mean' ? 'mean of the tokens' : 'first token';
  },
  'its layers are those of': ({ head }) => head.family ?? 'adapters',
  schedules: ({ schedule }) => schedule.name,
  'k (steps between openings)': ({ schedule }) => schedule.every ?? '–',
  'tr(F) that FUN ranks by': ({ fisherForSchedule }) =>
    fisherForSchedule === undefined ? [] : describeEstimate(fisherForSchedule),
  'optimiser steps': ({ steps }) => steps,
  'batch size': ({ batchSize }) => batchSize,
  'learning rate': ({ optimiser }) => optimiser.learningRate,
  dropout: ({ dropout, prefixDropout }) => {
    if (dropout === 0) return 'none';
    return `${dropout} ${prefixDropout ? 'everywhere' : 'from the lowest layer in training upwards'}`;
  },
  precision: ({ precision }) => precision,
  seeds: ({ seed }) => seed,
  'test languages': ({ evaluation }) => evaluation.languages,
  'test examples a language': ({ evaluation }) => evaluation.examples,
};

/** "exact from 64 examples", "sketch (4 draws) from 64 examples". */
function describeEstimate({ estimator, mcSamples, examples }: FisherConfiguration): string {
  return `${estimator}${mcSamples === undefined ? '' : ` (${mcSamples} draws)`} from ${examples} examples`;
}

const titles: Readonly<Partial<Record<ProfileName, string>>> = {
  small: 'planned (small)',
  paper: "profile paper (the paper's hyperparameters)",
};

interface Column {
  readonly profile: ProfileName;
  readonly title: string;
  readonly runs: readonly RunConfiguration[];
}

/**
 * A line for each setting that any run has; columns: `live (PROFILE)`, `planned (small)` with how many of its runs are
 * recorded, and the profile `paper`. Profiles in which the sweep has no run are left out.
 */
export function settingsTable(
  sweep: Sweep,
  live: ProfileName,
  { from = resultStores() }: { from?: readonly ResultsStore[] } = {},
): SettingsLine[] {
  const columns = distinct<ProfileName>([live, 'small', 'paper'])
    .map((profile): Column => {
      return { profile, title: titles[profile] ?? `live (${profile})`, runs: expandSweep(sweep, profile) };
    })
    .filter(({ runs }) => runs.length > 0);
  const line = (setting: string, cell: (column: Column) => string): SettingsLine =>
    Object.fromEntries([['setting', setting], ...columns.map((column) => [column.title, cell(column)] as const)]);
  const shown = Object.entries(settings).flatMap(([setting, show]) => {
    const values = ({ runs }: Column) => distinct(runs.flatMap<string | number>(show)).join(', ');
    return columns.some((column) => values(column) !== '') ? [line(setting, (column) => values(column) || '–')] : [];
  });
  const isRecorded = (run: RunConfiguration) => from.some((store) => store.has(run));
  const count = ({ profile, runs }: Column) =>
    profile === 'small' ? `${runs.filter(isRecorded).length} recorded of ${runs.length}` : String(runs.length);
  return [...shown, line('runs', count)];
}
