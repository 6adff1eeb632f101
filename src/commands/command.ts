/** What a command of the `fun` program is, and how its arguments are read. */
import { parseArgs } from 'node:util';
import { messageOf, UserError } from '../engine/errors';

export interface CommandOption {
  /** What stands for the value in the help; absent: the option takes none. */
  readonly value?: string;
  readonly help: string;
}

export interface Arguments {
  readonly positionals: readonly string[];
  /** The names of the options that were given. */
  readonly options: readonly string[];
  /** The option's text, or undefined when it was not given. */
  text(name: string): string | undefined;
  /** The option as a number. @throws UsageError when it is none. */
  number(name: string): number | undefined;
  /** Whether an option without a value was given. */
  given(name: string): boolean;
}

export interface Command {
  /** One line. */
  readonly summary: string;
  /** The positional arguments, as in `NAME | status | cancel NAME`. */
  readonly positionals: string;
  /** How many positional arguments there may be. */
  readonly most: number;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Returns the exit code; nothing means 0. */
  run(args: Arguments): Promise<number | void>;
}

/** Wrong usage: unknown options, missing arguments. Exit code 2. */
export class UsageError extends UserError {}

export function parseArguments(name: string, command: Command, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([option, { value }]) => [
      option,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let parsed;
  try {
    parsed = parseArgs({
      args: withNegativeNumbers(argv),
      options,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
  } catch (error) {
    // Node explains how to pass such a text as an argument; here no argument begins with a dash.
    throw new UsageError(`${messageOf(error).split('. To specify')[0]}.\n\n${usage(name, command)}`);
  }
  const { values, positionals, tokens } = parsed;
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  const repeated = given.find((option, place) => given.indexOf(option) < place);
  if (repeated !== undefined) {
    throw new UsageError(`--${repeated} was given more than once: give it once.\n\n${usage(name, command)}`);
  }
  if (positionals.length > command.most) {
    throw new UsageError(
      `Too many arguments: ${positionals.slice(command.most).join(' ')}.\n\n${usage(name, command)}`,
    );
  }
  return {
    positionals,
    options: given,
    text: (option) => values[option] as string | undefined,
    number(option) {
      const text = values[option] as string | undefined;
      if (text === undefined) return undefined;
      const value = Number(text);
      if (text.trim() === '' || Number.isNaN(value)) throw new UsageError(`--${option} needs a number, not "${text}".`);
      return value;
    },
    given: (option) => values[option] === true,
  };
}

/** `--jobs -1` as `--jobs=-1`: for Node a dash begins an option, but none here begins with a digit. */
function withNegativeNumbers(argv: readonly string[]): string[] {
  return argv.reduce<string[]>((args, argument) => {
    const option = args.at(-1);
    if (!/^-\.?\d/.test(argument) || option === undefined || !/^--[^=]+$/.test(option)) return [...args, argument];
    return [...args.slice(0, -1), `${option}=${argument}`];
  }, []);
}

/** @throws UsageError naming the options that were given to `what` and would be ignored by it. */
export function allowOnly(args: Arguments, what: string, allowed: readonly string[]): void {
  const named = (options: readonly string[]) => options.map((option) => `--${option}`).join(', ');
  const ignored = args.options.filter((option) => !allowed.includes(option));
  if (ignored.length === 0) return;
  throw new UsageError(
    `${what} does not take ${named(ignored)}. ${allowed.length === 0 ? 'It takes no options' : `Allowed: ${named(allowed)}`}.`,
  );
}

/** How the command is called, with its options. */
export function usage(name: string, { summary, positionals, options }: Command): string {
  const rows = Object.entries(options).map(
    ([option, { value, help }]) => [`  --${option}${value === undefined ? '' : ` ${value}`}`, help] as const,
  );
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2;
  return [
    `npm run fun -- ${name}${positionals === '' ? '' : ` ${positionals}`}${rows.length > 0 ? ' [options]' : ''}`,
    summary,
    ...rows.map(([left, help]) => left.padEnd(width) + help),
  ].join('\n');
}
