/** Where this project is, and where it keeps what clones share: the same folders as the set-up scripts use. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from './errors';

/** `FUN_HOME`, by default `fun-lab` in the user's cache directory. */
export function funHome(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.FUN_HOME) return resolve(environment.FUN_HOME);
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/fun-lab');
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fun-lab');
}

/** The file of the embedded multilingual-e5-small. */
export function embeddedModelFile(home: string = funHome()): string {
  return join(home, 'models/multilingual-e5-small/e5-small-q4.bin');
}

/** The project's folder: the nearest one with a package.json above this file, else above the working directory. */
export function projectRoot(): string {
  for (const start of [__dirname, process.cwd()]) {
    let folder = start;
    while (basename(folder) !== '') {
      if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'data'))) return folder;
      folder = dirname(folder);
    }
  }
  throw new UserError(`The project's folder was not found above ${process.cwd()}. Start from inside the project.`);
}
