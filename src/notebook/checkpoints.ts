/**
 * Where the runs of a notebook keep their checkpoints: a folder a process, with one a run. A kernel that ended goes on
 * nowhere, so its checkpoints are removed when the next one opens a lab.
 */
import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processExists } from '../experiments/lock';
import { runsFolder } from '../experiments/runFolders';
import { removeCheckpoints } from '../training/checkpoint';

const folderOf = (pid: number | string) => `${hostname()}-${pid}`;

/** Removes what ended kernels of this machine left. Returns the folder that this process has for its runs. */
export function openNotebookFolder(): string {
  const notebook = join(runsFolder(), 'notebook');
  for (const name of existsSync(notebook) ? readdirSync(notebook).filter(isOfEndedProcess) : []) {
    try {
      const kernel = join(notebook, name);
      for (const run of readdirSync(kernel)) removeCheckpoints(join(kernel, run));
      removeCheckpoints(kernel);
    } catch {
      // Another user's: that is for her next kernel to remove.
    }
  }
  return join(notebook, folderOf(process.pid));
}

function isOfEndedProcess(name: string): boolean {
  const pid = name.split('-').at(-1)!;
  return name === folderOf(pid) && /^\d+$/.test(pid) && !processExists(Number(pid));
}
