/** Where Jupyter is, and the surroundings in which it finds this project's kernel. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { funHome, projectRoot } from '../engine/places';
import { UserError } from '../engine/errors';

/** Kernel specification and settings; on Jupyter's search paths. */
const ownFiles = (): string => path.join(projectRoot(), 'src/notebook/jupyter');

/**
 * The Python environment with JupyterLab, nbclient and nbconvert: FUN_JUPYTER, or the one that set-up made in FUN_HOME
 * (its name carries a hash of what is installed).
 * @throws UserError when there is none
 */
export function jupyterFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const hash = createHash('sha256');
  for (const file of ['jupyter-requirements.txt', 'jupyter-constraints.txt']) {
    hash.update(readFileSync(path.join(projectRoot(), 'src/setup', file)));
  }
  const own = environment.FUN_JUPYTER;
  const folder = own
    ? path.resolve(own)
    : path.join(funHome(environment), `jupyter-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(path.join(folder, 'bin/jupyter'))) return folder;
  throw new UserError(
    own
      ? `No Jupyter in FUN_JUPYTER="${own}". Install jupyterlab, nbclient and nbconvert there, or unset FUN_JUPYTER and run "npm start", which makes an environment.`
      : `No Jupyter in ${folder}. "npm start" makes it, or set FUN_JUPYTER to a Python environment that has ` +
          `jupyterlab, nbclient and nbconvert.`,
  );
}

/** Whether notebooks can be run and shown here. */
export function hasJupyter(environment: NodeJS.ProcessEnv = process.env): boolean {
  try {
    jupyterFolder(environment);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Starts a program of the Jupyter environment (`python`, `jupyter`) that finds this project's kernel. */
export function spawnJupyter(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const environment = { ...process.env, ...options.env };
  const before = (value: string | undefined) => [ownFiles(), ...(value ? [value] : [])].join(path.delimiter);
  return spawn(path.join(jupyterFolder(environment), 'bin', program), args, {
    cwd: projectRoot(),
    ...options,
    env: {
      ...environment,
      JUPYTER_PATH: before(environment.JUPYTER_PATH),
      JUPYTER_CONFIG_PATH: before(environment.JUPYTER_CONFIG_PATH),
      // Without it jupyter_core warns about a coming change of its folders.
      JUPYTER_PLATFORM_DIRS: '1',
    },
  });
}

/** Resolves when the process has ended, with its exit code; null when a signal ended it. */
export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}
