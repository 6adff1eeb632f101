/**
 * What is to be done of a list of runs, and how long it will take; and the list as a file that worker processes read.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../engine/atomicFile';
import { messageOf, UserError } from '../engine/errors';
import { checkConfiguration } from './checkConfiguration';
import { runId, type RunConfiguration } from './configuration';
import { estimateSeconds } from './cost';
import { faultOf } from './faults';
import { hasJournal } from './journal';
import { runsFolder } from './runFolders';
import { followers, isLeft } from './sharedTraining';
import type { ResultsStore } from './store';

export interface PlannedRun {
  readonly id: string;
  readonly configuration: RunConfiguration;
  /** `started`: cut off earlier (or under way elsewhere), with a journal to go on from. */
  readonly state: 'done' | 'started' | 'new';
  /** Seconds for the whole run; 0 when it is done. */
  readonly seconds: number;
  /** Of these, for the evaluation. */
  readonly evaluationSeconds: number;
  /** Of a run that is done: why its result is not to be taken for it after all, and what to do. */
  readonly fault?: string;
}

export function planRuns(
  configurations: readonly RunConfiguration[],
  store: ResultsStore,
  runs: string = runsFolder(),
): PlannedRun[] {
  const profiles = [...new Set(configurations.map(({ profile }) => profile))];
  const recorded = profiles.flatMap((profile) => store.all(profile));
  const following = followers(configurations.filter((configuration) => !store.has(configuration)));
  return configurations.map((configuration) => {
    const id = runId(configuration);
    if (store.has(configuration)) {
      const fault = faultOf(store.read(configuration.profile, id), store.path(configuration.profile, id));
      return { id, configuration, state: 'done', seconds: 0, evaluationSeconds: 0, fault };
    }
    const state = hasJournal(join(runs, configuration.profile, id)) ? 'started' : 'new';
    const isTrained = state === 'new' && (following.has(configuration) || isLeft(runs, configuration));
    return {
      id,
      configuration,
      state,
      seconds: estimateSeconds(configuration, recorded, { isTrained }),
      evaluationSeconds: estimateSeconds(configuration, recorded, { isTrained: true }),
    };
  });
}

/** What is wrong with results that are there, one line a run. */
export const faultsOf = (plan: readonly PlannedRun[]): string[] => plan.flatMap(({ fault }) => fault ?? []);

/** Writes the runs to a file, so that what a worker does cannot change after it was asked for. */
export function writeRunList(path: string, configurations: readonly RunConfiguration[]): void {
  writeWhole(path, `[\n${configurations.map((configuration) => JSON.stringify(configuration)).join(',\n')}\n]\n`);
}

/** @throws UserError when the file is not a list of possible configurations. */
export function readRunList(path: string): RunConfiguration[] {
  let list: unknown;
  try {
    list = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path} is not a list of runs: ${messageOf(error)}`);
  }
  if (!Array.isArray(list)) throw new UserError(`${path} is not a list of runs: it holds no array.`);
  return list.map((configuration: RunConfiguration) => checkConfiguration(configuration));
}
