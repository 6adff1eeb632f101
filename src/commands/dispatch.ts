/** The `fun` program: finds the command, runs it, and turns errors into messages and exit codes. */
import { messageOf, UserError } from '../engine/errors';
import { parseArguments, usage, UsageError, type Command } from './command';

type Load = () => Promise<Command>;

/** Loaded when asked for, so that help and small commands do not load TensorFlow. */
const commands: Readonly<Record<string, Load>> = {
  'first-light': async () => (await import('./firstLightArguments')).firstLight,
  lab: async () => (await import('./lab')).lab,
  doctor: async () => (await import('./doctor')).doctor,
  train: async () => (await import('./train')).train,
  sweep: async () => (await import('./sweep')).sweep,
  results: async () => (await import('./results')).results,
  figures: async () => (await import('./figures')).figures,
  'language-adapter': async () => (await import('./languageAdapter')).languageAdapter,
  bench: async () => (await import('./bench')).bench,
  data: async () => (await import('./data')).data,
};

/** Started by launchers, not by people. */
const internal: Readonly<Record<string, Load>> = {
  run: async () => (await import('./run')).run,
};

/** Runs `argv` (without node and script) and returns the exit code: 0, 1 when something failed, 2 for wrong usage. */
export async function dispatch(
  argv: readonly string[],
  known: Readonly<Record<string, Load>> = commands,
): Promise<number> {
  const [name, ...rest] = argv;
  try {
    if (name === undefined || name === 'help' || name === '--help') {
      console.log(await overview(known));
      return 0;
    }
    const all = { ...internal, ...known };
    if (!Object.hasOwn(all, name)) {
      throw new UsageError(`There is no command "${name}". There are: ${Object.keys(known).join(', ')}.`);
    }
    const command = await all[name]!();
    if (rest.includes('--help')) {
      console.log(usage(name, command));
      return 0;
    }
    return (await command.run(parseArguments(name, command, rest))) ?? 0;
  } catch (error) {
    console.error(error instanceof UserError || !(error instanceof Error) ? messageOf(error) : error.stack);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function overview(known: Readonly<Record<string, Load>>): Promise<string> {
  const lines = await Promise.all(
    Object.entries(known).map(async ([name, load]) => `  ${name.padEnd(18)}${(await load()).summary}`),
  );
  return ['npm run fun -- COMMAND [arguments]   (each command: --help)', ...lines].join('\n');
}
