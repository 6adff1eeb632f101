/** One run of a list, as launchers start it: see experiments/worker.ts. */
import { runWorker } from '../experiments/worker';
import { UsageError, type Command } from './command';

export const run: Command = {
  summary: 'Does one run of a list (started by sweeps)',
  positionals: '',
  most: 0,
  options: {
    list: { value: 'FILE', help: 'the list of runs' },
    index: { value: 'N', help: 'which one, from 0' },
  },
  async run(args) {
    const list = args.text('list');
    const index = args.number('index');
    if (list === undefined || index === undefined) throw new UsageError('run needs --list FILE and --index N.');
    const { openSession } = await import('../experiments/session');
    return runWorker(list, index, (configuration) => openSession(configuration));
  },
};

/** The program and first arguments that start the `fun` program in a process of its own, here or on another machine. */
export function cliCommand(): string[] {
  return [process.execPath, '--import', require.resolve('tsx'), require.resolve('../cli')];
}

/** Starts this command. */
export function workerCommand(): string[] {
  return [...cliCommand(), 'run'];
}
