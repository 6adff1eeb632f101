/** The sweep that a command line names: one of the project's, or one of the user's own, in a file. */
import { resolve } from 'node:path';
import { UserError } from '../engine/errors';
import { defaultExport, namesCode } from '../engine/userModule';
import { findSweep } from '../experiments/definitions/index';
import { defineSweep, type Sweep } from '../experiments/sweep';

/** @throws UserError when there is no such sweep, or the file has none. */
export async function namedSweep(name: string): Promise<Sweep> {
  if (!namesCode(name)) return findSweep(name);
  const found = (await defaultExport(name)) as Partial<Sweep> | undefined;
  if (typeof found?.runs !== 'function' || typeof found.name !== 'string' || typeof found.profile !== 'string') {
    throw new UserError(
      `${resolve(name)} has no sweep. It should be its default export: ` +
        `export default defineSweep({ name, title, profile, runs: () => [{ task: 'nli', seed: 1 }, …] }).`,
    );
  }
  return defineSweep(found as Sweep);
}
