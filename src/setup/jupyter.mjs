// Jupyter, in a virtual environment in the cache folder: JupyterLab for people, nbclient for running headless.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { run, SetupError } from './command.mjs';
import { isRunning, linkWhole } from './files.mjs';
import { funHome, projectRoot } from './places.mjs';
import { findPython, pip, pipError } from './wheel.mjs';

const requirements = join(projectRoot, 'src/setup/jupyter-requirements.txt');
const constraints = join(projectRoot, 'src/setup/jupyter-constraints.txt');

/** FUN_HOME/jupyter-…, a link to the environment itself; named by what is installed. */
export function jupyterFolder(home = funHome()) {
  const hash = createHash('sha256').update(readFileSync(requirements)).update(readFileSync(constraints)).digest('hex');
  return join(home, `jupyter-${hash.slice(0, 12)}`);
}

/** Whether the user's own environment (FUN_JUPYTER) has Jupyter; else, whether ours is whole and still has a Python. */
export function jupyterIsReady(env = process.env) {
  if (env.FUN_JUPYTER) return existsSync(join(resolve(env.FUN_JUPYTER), 'bin/jupyter'));
  const folder = jupyterFolder(funHome(env));
  return existsSync(join(folder, 'bin/jupyter')) && existsSync(join(folder, 'bin/python'));
}

/** An environment cannot be moved, so it is built under a name of its own, and linked when it is whole. */
export async function setUpJupyter(log, link = jupyterFolder(), own = process.env.FUN_JUPYTER) {
  if (own) {
    throw new SetupError(
      `No Jupyter in FUN_JUPYTER="${own}". Install jupyterlab, nbclient and nbconvert there, or unset FUN_JUPYTER: set-up then makes an environment.`,
    );
  }
  const python = await findPython();
  await removeAbandoned(link);
  const folder = `${link}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await mkdir(dirname(link), { recursive: true });
  try {
    await run(python, ['-m', 'venv', '--without-pip', folder]).catch((error) => {
      throw new SetupError(
        `${python} cannot make virtual environments (${error.message}). Install its venv module (Debian: apt-get install python3-venv).`,
      );
    });
    log('  installing JupyterLab, nbclient and nbconvert …');
    const target = ['--python', join(folder, 'bin/python')];
    const choice = ['--disable-pip-version-check', '--requirement', requirements, '--constraint', constraints];
    await pip(python, [...target, 'install', ...choice]).catch((error) => {
      if (/no such option: --python/.test(error.output ?? '')) {
        throw new SetupError(
          `pip is older than 22.3. Update it (${python} -m pip install --upgrade pip) and run again.`,
        );
      }
      throw pipError(error, 'Jupyter');
    });
    await linkWhole(basename(folder), link);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Removes environments that are not the linked one and whose maker is gone. */
async function removeAbandoned(link) {
  const parent = dirname(link);
  if (!existsSync(parent)) return;
  const current = existsSync(link) ? realpathSync(link) : undefined;
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(`${basename(link)}.`) || path === current) continue;
    if (!isRunning(Number(name.slice(basename(link).length + 1).split('-')[0])))
      await rm(path, { recursive: true, force: true });
  }
}
