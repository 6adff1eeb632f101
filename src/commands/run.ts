/** One run of a list, as launchers start it: see experiments/worker.ts. */
import { join, resolve } from 'node:path';
import { projectRoot } from '../engine/places';
import { runWorker } from '../experiments/worker';
import { UsageError, type Command } from './command';

export const run: Command = {
  summary: 'Does one run of a list (started by sweeps)',
  positionals: '',
  most: 0,
  options: {
    list: { value: 'FILE', help: 'the list of runs' },
    index: { value: 'N', help: 'which one, from 0' },
    save: { value: 'FOLDER', help: 'a folder that it is saved in, under its name' },
  },
  async run(args) {
    const list = args.text('list');
    const index = args.number('index');
    if (list === undefined || index === undefined) throw new UsageError('run needs --list FILE and --index N.');
    const { openSession } = await import('../experiments/session');
    const save = args.text('save');
    return runWorker(list, index, (configuration) => openSession(configuration), save === undefined ? {} : { save });
  },
};

/** The program and first arguments that start the `fun` program in a process of its own, here or on another machine. */
export function cliCommand(): string[] {
  return [process.execPath, '--import', require.resolve('tsx'), join(projectRoot(), 'src', 'cli.ts')];
}

/** Starts this command. @param save where the runs are to be saved, if they are */
export function workerCommand(save?: string): string[] {
  return [...cliCommand(), 'run', ...(save === undefined ? [] : ['--save', resolve(save)])];
}
