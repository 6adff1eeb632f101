/** Where runs under way are kept, and whether one can write there. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, UserError } from '../engine/errors';
import { projectRoot } from '../engine/places';
import type { ProfileName } from './configuration';
import type { ResultsStore } from './store';

/** `FUN_RUNS`, by default `data/runs` of the project: checkpoints and journals of runs under way. */
export function runsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.FUN_RUNS ? resolve(environment.FUN_RUNS) : join(projectRoot(), 'data', 'runs');
}

/**
 * Makes the folders that the runs of a profile write to, before hours of training.
 * @throws UserError when one cannot be written
 */
export function makeRunFolders(profile: ProfileName, store: ResultsStore, runs: string = runsFolder()): void {
  makeWritable('FUN_RUNS', join(runs, profile));
  makeWritable('FUN_RESULTS', join(store.folder, profile));
}

function makeWritable(variable: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UserError(
      `${folder} cannot be written (${messageOf(error)}). Set ${variable} to a folder that you can write to, and repeat the command.`,
    );
  }
}
