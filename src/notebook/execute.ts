/** Running a notebook from top to bottom without a browser. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../engine/places';
import { refuseUnknownKeys, UserError } from '../engine/errors';
import { ended, spawnJupyter } from './jupyter';
import { errorsIn, readNotebook, type CellError } from './notebookFile';

export interface ExecuteOptions {
  /** What the notebook's cells read as PROFILE: smoke, mini, small, paper. Default: as it is set, else smoke. */
  readonly profile?: string;
  /** Where to write the notebook with its outputs. Default: over the notebook itself. */
  readonly output?: string;
  /** Seconds that one cell may take. Default: 3600. */
  readonly timeout?: number;
  /** Further variables for the kernel's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called when a cell has run: how many have, of how many, and the seconds since the beginning. */
  readonly onCell?: (done: number, of: number, seconds: number) => void;
  /** Stops the run; what was run until then is written. */
  readonly signal?: AbortSignal;
}

export interface NotebookRun {
  /** The notebook with its outputs. */
  readonly output: string;
  readonly seconds: number;
  /** Cells that failed, and what broke the run off; empty when all went well. */
  readonly errors: readonly CellError[];
}

/**
 * Runs every code cell in a kernel of its own; after the first error the rest is not run. The outputs are written
 * whether the run went well or not. Old outputs are dropped first.
 */
export async function executeNotebook(notebook: string, options: ExecuteOptions = {}): Promise<NotebookRun> {
  refuseUnknownKeys('executeNotebook', options, ['profile', 'output', 'timeout', 'env', 'onCell', 'signal']);
  const { output = notebook, timeout = 3600, env = {}, onCell, signal } = options;
  readNotebook(notebook); // complains well when it is not one
  mkdirSync(path.dirname(path.resolve(output)), { recursive: true });
  const started = Date.now();
  const child = spawnJupyter('python', [path.join(projectRoot(), 'src/notebook/jupyter/execute.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env, PROFILE: options.profile ?? process.env.PROFILE ?? 'smoke' },
  });
  // nbclient answers an interrupt by ending its kernel.
  const stop = () => child.kill('SIGINT');
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();

  const task = { input: path.resolve(notebook), output: path.resolve(output), root: projectRoot(), timeout };
  child.stdin!.end(JSON.stringify(task));
  let complaints = '';
  child.stderr!.on('data', (text: Buffer) => (complaints = (complaints + text.toString()).slice(-4000)));
  const brokenOff: CellError[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const message = JSON.parse(line) as { cell: number; of: number; seconds: number } | Omit<CellError, 'cell'>;
    if ('cell' in message) onCell?.(message.cell, message.of, message.seconds);
    else brokenOff.push({ cell: undefined, ...message });
  });
  const code = await ended(child).finally(() => signal?.removeEventListener('abort', stop));
  if (signal?.aborted) throw new UserError(`${notebook} was stopped. What had run is in ${output}.`);
  if (code !== 0) throw new Error(`Running ${notebook} failed (exit code ${code}):\n${complaints}`);
  return {
    output,
    seconds: (Date.now() - started) / 1000,
    errors: [...errorsIn(readNotebook(output)), ...brokenOff],
  };
}
