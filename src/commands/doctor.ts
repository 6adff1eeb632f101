/** What this clone runs on, and what is missing. Exit code 1 when the main job could not run. */
import type { Command } from './command';

export const doctor: Command = {
  summary: 'Shows engine, speed, model and data sources, and the command that mends what is missing',
  positionals: '',
  most: 0,
  options: {},
  async run() {
    const { doctor: examine, printDoctor } = await import('./doctorReport');
    return printDoctor(await examine());
  },
};
