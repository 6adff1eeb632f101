/** What differs between a notebook's live runs, the recorded ones and the paper's: settings side by side. */
import { distinct } from '../figures/rows';
import { methodLabel, type ProfileName, type RunConfiguration } from './configuration';
import { trainingSetLabel } from './rows';
import { expandSweep, type Sweep } from './sweep';

/** A setting, and its value (or values) in each column. */
export type SettingsLine = Readonly<Record<string, string>>;

/** A value, or several. */
type Show = (configuration: RunConfiguration) => string | number | readonly string[];

const settings: Readonly<Record<string, Show>> = {
  'base model': ({ model }) => model,
  'trained on → tested on': (run) => `${trainingSetLabel(run)} → ${run.task}`,
  'English examples': ({ data }) => data.trainExamples,
  'language adapters': ({ languageAdapters }) => (languageAdapters === 'none' ? 'none' : languageAdapters.source),
  'trained part': ({ method }) => methodLabel(method),
  schedules: ({ schedule }) => schedule.name,
  'k (steps between openings)': ({ schedule }) => schedule.every ?? '–',
  'optimiser steps': ({ steps }) => steps,
  'batch size': ({ batchSize }) => batchSize,
  'learning rate': ({ optimiser }) => optimiser.learningRate,
  seeds: ({ seed }) => seed,
  'test languages': ({ evaluation }) => evaluation.languages,
  'test examples a language': ({ evaluation }) => evaluation.examples,
};

/**
 * A line a setting; columns: `live (PROFILE)`, `recorded (small)`, and `the paper` with its hyperparameters as the
 * profile `paper` runs them. Profiles in which the sweep has no run are left out.
 */
export function settingsTable(sweep: Sweep, profile: ProfileName): SettingsLine[] {
  const titles: Readonly<Record<string, string>> = { small: 'recorded (small)', paper: 'the paper (profile paper)' };
  const columns = distinct<ProfileName>([profile, 'small', 'paper']).flatMap((name) => {
    const runs = expandSweep(sweep, name);
    return runs.length === 0 ? [] : [{ title: titles[name] ?? `live (${name})`, runs }];
  });
  const line = (setting: string, cell: (runs: readonly RunConfiguration[]) => string): SettingsLine =>
    Object.fromEntries([['setting', setting], ...columns.map(({ title, runs }) => [title, cell(runs)] as const)]);
  return [
    ...Object.entries(settings).map(([setting, show]) =>
      line(setting, (runs) => distinct(runs.flatMap<string | number>(show)).join(', ')),
    ),
    line('runs', (runs) => String(runs.length)),
  ];
}
