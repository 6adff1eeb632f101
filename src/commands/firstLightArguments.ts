/** The main job, `npm start`, as a command. */
import { oneOf } from '../engine/errors';
import { profileNames } from '../experiments/configuration';
import type { Command } from './command';

export const firstLight: Command = {
  summary: 'The main job: three schedules on the embedded suite, figures, the first notebook (npm start)',
  positionals: '',
  most: 0,
  options: { profile: { value: 'NAME', help: `${profileNames.join(', ')} (default: mini)` } },
  async run(args) {
    const profile = args.text('profile');
    const { firstLightCommand } = await import('./firstLight');
    return firstLightCommand(profile === undefined ? undefined : oneOf('profile', profile, profileNames));
  },
};
