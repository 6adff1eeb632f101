/** The sweep that a command line names: one of the project's, or one of the user's own, in a file. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UserError } from '../engine/errors';
import { findSweep } from '../experiments/definitions/index';
import { defineSweep, type Sweep } from '../experiments/sweep';

/** @throws UserError when there is no such sweep, or the file has none. */
export async function namedSweep(name: string): Promise<Sweep> {
  return /\.[cm]?[jt]s$/.test(name) ? await ownSweep(name) : findSweep(name);
}

async function ownSweep(file: string): Promise<Sweep> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UserError(`There is no file ${path}.`);
  const found = exportOf(await load(path));
  if (typeof found?.runs !== 'function' || typeof found.name !== 'string' || typeof found.profile !== 'string') {
    throw new UserError(
      `${path} has no sweep. It should be its default export: ` +
        `export default defineSweep({ name, title, profile, runs: () => [{ task: 'nli', seed: 1 }, …] }).`,
    );
  }
  return defineSweep(found as Sweep);
}

/** Code of the user's own, which is run: an error in it is told as one. */
async function load(path: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${path} cannot be loaded: ${messageOf(error)}`);
  }
}

/** What is exported as default stands one level deeper where Node took the file for CommonJS. */
function exportOf({ default: found }: { default?: unknown }): Partial<Sweep> | undefined {
  const inner = (found as { default?: unknown } | null | undefined)?.default;
  return inner ?? found ?? undefined;
}
