/** `npm run lab`: JupyterLab in the browser, with the project's kernel, at the notebooks. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { projectRoot } from '../engine/places';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { ended, spawnJupyter } from './jupyter';

export interface LabOptions {
  /** Notebook to open, a path in the project. Default: the notebooks folder is shown. */
  readonly notebook?: string;
  /** Default: 8888, or the next that is free. */
  readonly port?: number;
  /** `browser` opens one; `none` prints the address only (a machine far away). Default: browser. */
  readonly open?: 'browser' | 'none';
  /** Further arguments for `jupyter lab`. */
  readonly args?: readonly string[];
  /** Default: the caller's own terminal. */
  readonly stdio?: 'inherit' | 'pipe';
}

/**
 * Starts JupyterLab. Its root is the project, so that figures find plotly.js among its files; its notebooks are
 * trusted, so that their figures are interactive before they are run.
 */
export async function startLab(options: LabOptions = {}): Promise<ChildProcess> {
  refuseUnknownKeys('lab', options, ['notebook', 'port', 'open', 'args', 'stdio']);
  const { notebook, port, open = 'browser', args = [], stdio = 'inherit' } = options;
  const root = projectRoot();
  if (notebook !== undefined && !existsSync(path.resolve(root, notebook))) {
    throw new UserError(`There is no notebook ${notebook}. There are: ${ownNotebooks(root).join(', ')}.`);
  }
  const notebooks = ownNotebooks(root);
  if (notebooks.length > 0) await ended(spawnJupyter('jupyter', ['trust', ...notebooks], { stdio: 'ignore' }));
  const shown = notebook === undefined ? 'notebooks' : path.relative(root, path.resolve(root, notebook));
  return spawnJupyter(
    'jupyter',
    [
      'lab',
      `--ServerApp.root_dir=${root}`,
      `--LabApp.default_url=/lab/tree/${encodeURI(shown)}`,
      ...(port === undefined ? [] : [`--ServerApp.port=${port}`]),
      ...(open === 'none' ? ['--no-browser'] : []),
      // Jupyter refuses to run as root unless told to; containers often have no other user.
      ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
      ...args,
    ],
    { stdio },
  );
}

/** JupyterLab until the user ends it (Ctrl-C, which reaches it as well); resolves with its exit code. */
export async function lab(options: LabOptions = {}): Promise<number> {
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  try {
    return (await ended(await startLab(options))) ?? 0;
  } finally {
    process.off('SIGINT', ignore);
  }
}

function ownNotebooks(root: string): string[] {
  const folder = path.join(root, 'notebooks');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .sort()
    .map((name) => `notebooks/${name}`);
}
