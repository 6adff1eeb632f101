/** The options that change the model, its language adapters and the languages of evaluation: of one run or of many. */
import { existsSync } from 'node:fs';
import type { SweepChanges } from '../experiments/sweep';
import { UsageError, type Arguments, type CommandOption } from './command';

export const changeOptions: Readonly<Record<string, CommandOption>> = {
  model: { value: 'NAME', help: "a model's name or folder (default: the profile's)" },
  'language-adapters': {
    value: 'NAME',
    help: "none, hub, or a folder with one a language (default: the profile's; paper: hub, where any are published)",
  },
  languages: { value: 'LIST', help: 'evaluated languages, as in en,de,sw' },
};

/** What the options say; empty without any. @throws UsageError when there is no such folder of language adapters. */
export function changesOf(args: Arguments): SweepChanges {
  return defined({
    model: args.text('model'),
    languageAdapters: languageAdaptersOf(args.text('language-adapters')),
    languages: args.text('languages')?.split(','),
  });
}

function languageAdaptersOf(given: string | undefined): SweepChanges['languageAdapters'] {
  if (given === undefined || given === 'none') return given;
  if (given === 'hub') return { source: 'hub' };
  if (existsSync(given)) return { source: 'folder', path: given };
  throw new UsageError(`--language-adapters needs none, hub or a folder; there is no folder "${given}".`);
}

/** Without the members that are undefined. */
export function defined<T extends object>(members: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
