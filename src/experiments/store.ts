/**
 * The results store: one JSON file a run, `data/results/PROFILE/ID.json`. Files are written whole, never overwritten,
 * and checked when they are read.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeOnce } from '../engine/atomicFile';
import { projectRoot } from '../engine/places';
import { messageOf, oneOf, UserError } from '../engine/errors';
import { distinct } from '../figures/rows';
import { profileNames, runId, type ProfileName, type RunConfiguration } from './configuration';
import { lackOf, resultFormat, type RunResult } from './result';

export interface ResultsStore {
  /** The folder that holds one folder a profile. */
  readonly folder: string;
  has(configuration: RunConfiguration): boolean;
  /** The file of a result, whether it is there or not. */
  path(profile: ProfileName, id: string): string;
  /** @throws UserError when there is none, or when the file is not what was written. */
  read(profile: ProfileName, id: string): RunResult;
  /**
   * The path written. @throws UserError when the result exists already, or is not whole: of a run that was stopped, or
   * not evaluated in all its languages.
   */
  write(result: RunResult): string;
  /** Ids of the profile's results, in alphabetical order. */
  ids(profile: ProfileName): readonly string[];
  /** Every result of the profile. @throws UserError naming the first file that is not whole. */
  all(profile: ProfileName): RunResult[];
}

/** `FUN_RESULTS`, by default `data/results` of the project. */
export function resultsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.FUN_RESULTS ? resolve(environment.FUN_RESULTS) : join(projectRoot(), 'data', 'results');
}

/** Where results are looked for: `FUN_RESULTS` where it is set, then what comes with the project. */
export function resultStores(): ResultsStore[] {
  return distinct([resultsFolder(), resultsFolder({})]).map((folder) => openStore(folder));
}

export function openStore(folder: string = resultsFolder()): ResultsStore {
  const pathOf = (profile: ProfileName, id: string) =>
    join(folder, oneOf('profile', profile, profileNames), `${id}.json`);
  const ids = (profile: ProfileName): string[] => {
    const profileFolder = join(folder, profile);
    if (!existsSync(profileFolder)) return [];
    // A number follows the hash where the schedule was one's own.
    const files = readdirSync(profileFolder).filter((name) => /-[0-9a-f]{10}(-\d+)?\.json$/.test(name));
    return files.map((name) => name.slice(0, -'.json'.length)).sort();
  };
  const read = (profile: ProfileName, id: string): RunResult => {
    const path = pathOf(profile, id);
    if (!existsSync(path)) throw new UserError(`There is no result "${id}" under ${join(folder, profile)}.`);
    return parseResult(readFileSync(path, 'utf8'), path, id);
  };
  return {
    folder,
    has: (configuration) => existsSync(pathOf(configuration.profile, runId(configuration))),
    path: pathOf,
    read,
    write(result) {
      requireWhole(result);
      const path = pathOf(result.configuration.profile, result.id);
      writeOnce(path, printResult(result));
      return path;
    },
    ids,
    all: (profile) => ids(profile).map((id) => read(profile, id)),
  };
}

function requireWhole(result: RunResult): void {
  const lack = lackOf(result);
  if (lack === undefined) return;
  throw new UserError(
    `${result.id} is no whole result: ${lack}. The store keeps whole ones only, which sweeps take for done. Finish the ` +
      `run first (for await (const event of run.resume()) …; then await lab.evaluate(run)), or write what there is to a ` +
      `file of your own: JSON.stringify(run.result()).`,
  );
}

/** @throws UserError naming `path` when the text is no result, or not of the run that its name says. */
function parseResult(text: string, path: string, id: string): RunResult {
  const broken = (why: string) =>
    new UserError(`${path} is not a whole result file: ${why}. Move it away; the run can then be done again.`);
  const result = wholeResult(text, broken);
  const described = runId(result.configuration);
  if (result.id !== id || id.replace(/(-[0-9a-f]{10})-\d+$/, '$1') !== described) {
    throw broken(`it is named "${id}", but its configuration is that of "${described}"`);
  }
  return result;
}

/** A result from its JSON, whose parts are there. @throws what `broken` makes of the reason, when it is none. */
export function wholeResult(text: string, broken: (why: string) => UserError): RunResult {
  let parsed: Partial<RunResult> | null;
  try {
    parsed = JSON.parse(text) as Partial<RunResult> | null;
  } catch (error) {
    throw broken(messageOf(error));
  }
  if (parsed === null || typeof parsed !== 'object') throw broken('it holds no object');
  const value = parsed;
  if (value.format !== resultFormat) throw broken(`its format is ${value.format}, this program reads ${resultFormat}`);
  const parts = ['configuration', 'code', 'engine', 'data', 'logs', 'evaluation', 'cost'] as const;
  const missing = parts.filter((part) => typeof value[part] !== 'object' || value[part] === null);
  if (missing.length > 0) throw broken(`${missing.join(', ')} missing`);
  return value as RunResult;
}

/** JSON with one line for every member down to the third level, so that a column of a log is one line. */
export function printResult(result: RunResult): string {
  return `${print(result, 0)}\n`;
}

function print(value: unknown, depth: number): string {
  if (depth === 3 || value === null || typeof value !== 'object') return JSON.stringify(value);
  const indent = '  '.repeat(depth + 1);
  const close = `\n${'  '.repeat(depth)}`;
  if (Array.isArray(value)) {
    if (value.every((member) => member === null || typeof member !== 'object')) return JSON.stringify(value);
    return `[\n${value.map((member) => indent + JSON.stringify(member)).join(',\n')}${close}]`;
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  return `{\n${members.map(([key, member]) => `${indent}${JSON.stringify(key)}: ${print(member, depth + 1)}`).join(',\n')}${close}}`;
}
