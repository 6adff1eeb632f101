/** Sweeps: a typed definition of many runs. It says what varies; profiles say the rest. */
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { runId, type ProfileName, type RunConfiguration } from './configuration';
import { methodOf } from './methods';
import { configure, type RunChoices } from './profiles';

export interface Sweep {
  /** As on the command line: lower case, words joined by hyphens. */
  readonly name: string;
  /** What it is for, in one line. */
  readonly title: string;
  /** The profile it was made for; another can be asked for on the command line. */
  readonly profile: ProfileName;
  /** The most important runs first: they are started in this order. */
  readonly runs: (profile: ProfileName) => readonly RunChoices[];
  /** What `sweepWith` changed in every run. */
  readonly changes?: SweepChanges;
}

/** Checks the name and returns the sweep. */
export function defineSweep(sweep: Sweep): Sweep {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(sweep.name)) {
    throw new UserError(`"${sweep.name}" is no name for a sweep: lower case and digits, words joined by hyphens.`);
  }
  return sweep;
}

/** What may be changed in every run of a sweep: what it is about stays as it is. */
export interface SweepChanges {
  readonly model?: string;
  /** Full fine-tuning goes on having none. */
  readonly languageAdapters?: RunChoices['languageAdapters'];
  /** Languages of evaluation, English among them or not. Runs that open no test set go on opening none. */
  readonly languages?: readonly string[];
}

/**
 * The same comparison on another model, with other language adapters, or in other languages.
 *
 *     sweepWith(findSweep('nli-schedules'), { model: 'bert-base-multilingual-cased', languages: ['en', 'de', 'sw'] })
 */
export function sweepWith(sweep: Sweep, changes: SweepChanges): Sweep {
  refuseUnknownKeys('sweepWith', changes, ['model', 'languageAdapters', 'languages']);
  const { model, languageAdapters, languages } = changes;
  const changed = (run: RunChoices): RunChoices => ({
    ...run,
    ...(model === undefined ? {} : { model }),
    ...(languageAdapters === undefined || methodOf(run.method).type === 'full' ? {} : { languageAdapters }),
    ...(languages === undefined || run.evaluation?.languages?.length === 0
      ? {}
      : { evaluation: { ...run.evaluation, languages } }),
  });
  return {
    ...sweep,
    runs: (profile) => sweep.runs(profile).map(changed),
    changes: { ...sweep.changes, ...changes },
  };
}

/** The command that does the runs of the sweep that are missing. */
export function sweepCommand({ name, changes = {} }: Sweep, profile: ProfileName): string {
  const { model, languageAdapters: adapters, languages } = changes;
  const options = {
    profile,
    model,
    'language-adapters': typeof adapters !== 'object' ? adapters : adapters.source === 'hub' ? 'hub' : adapters.path,
    languages: languages?.join(','),
  };
  const given = Object.entries(options).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option} ${/\s/.test(value) ? `"${value}"` : value}`],
  );
  return `npm run sweep -- ${[name, ...given].join(' ')}`;
}

/** The configurations of a sweep's runs, each once, in the order of the definition. */
export function expandSweep(sweep: Sweep, profile: ProfileName = sweep.profile): RunConfiguration[] {
  const byId = new Map<string, RunConfiguration>();
  for (const choices of sweep.runs(profile)) {
    const configuration = configure(profile, choices);
    const id = runId(configuration);
    if (!byId.has(id)) byId.set(id, configuration);
  }
  return [...byId.values()];
}

/**
 * Every combination of the values; the first key varies slowest.
 *
 *     cartesian({ seed: [1, 2], schedule: ['gradual', 'fun'] })
 *     // { seed: 1, schedule: 'gradual' }, { seed: 1, schedule: 'fun' }, { seed: 2, … }, …
 */
export function cartesian<Axes extends Readonly<Record<string, readonly unknown[]>>>(
  axes: Axes,
): { [Key in keyof Axes]: Axes[Key][number] }[] {
  let points: Record<string, unknown>[] = [{}];
  for (const [key, values] of Object.entries(axes)) {
    points = points.flatMap((point) => values.map((value) => ({ ...point, [key]: value })));
  }
  return points as { [Key in keyof Axes]: Axes[Key][number] }[];
}
