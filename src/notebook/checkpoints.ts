/**
 * Where the runs of a notebook keep their checkpoints: a folder a process, with one a run. A kernel that ended goes on
 * nowhere, so what it left is removed when the next one opens a lab.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { runsFolder } from '../experiments/runner';
import { processExists } from '../experiments/lock';

let runs = 0;

export function openNotebookFolder(): { folderOfRun(): string } {
  const notebook = join(runsFolder(), 'notebook');
  const folderOf = (process: number | string) => `${hostname()}-${process}`;
  const ended = (name: string) => {
    const process = name.split('-').at(-1)!;
    return name === folderOf(process) && /^\d+$/.test(process) && !processExists(Number(process));
  };
  for (const name of existsSync(notebook) ? readdirSync(notebook).filter(ended) : []) {
    rmSync(join(notebook, name), { recursive: true, force: true });
  }
  return { folderOfRun: () => join(notebook, folderOf(process.pid), `${(runs += 1)}`) };
}
