/** Finds the file of a split: the mini suite when asked for, else mirror, cache and hub, in this order. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { messageOf, UserError } from '../engine/errors';
import type { DatasetName, SplitName, Suite } from './examples';
import { expectedCountOf, manifest, miniLanguages, type DatasetEntry, type SplitEntry } from './manifest';
import type { DataPlaces } from './places';
import { plainOrGzipped } from './textFiles';

/** Which split is wanted. */
export interface SplitKey {
  readonly name: DatasetName;
  readonly language: string;
  readonly split: SplitName;
  readonly suite: Suite;
}

export interface LocatedFile {
  /** Path on this machine: a file, or a folder of plain text. */
  readonly path: string;
  /** The same as results may name it: kind of place and path inside it. */
  readonly source: string;
  readonly format: 'published' | 'parquet';
  readonly expectedCount: number | undefined;
}

/** The manifest's entry for a split, or an error that names what exists. */
export function entryOf({ name, language, split, suite }: SplitKey): { entry: DatasetEntry; splitEntry: SplitEntry } {
  const entry = manifest[name];
  if (entry === undefined) {
    throw new UserError(`Data set "${name}" is not known. Allowed: ${Object.keys(manifest).join(', ')}.`);
  }
  const splits = suite === 'mini' ? entry.mini : entry.splits;
  if (splits === undefined) {
    const parts = Object.keys(manifest).filter((other) => manifest[other as DatasetName].mini !== undefined);
    throw new UserError(`The mini suite has no ${name}. It has: ${parts.join(', ')}. Or ask for suite "published".`);
  }
  const splitEntry = splits[split];
  if (splitEntry === undefined) {
    throw new UserError(`${name} (${suite}) has no split "${split}". Allowed: ${Object.keys(splits).join(', ')}.`);
  }
  const languages = suite === 'mini' ? (split === 'test' || name === 'text' ? miniLanguages : ['en']) : entry.languages;
  // Plain text may be in any language: a folder of that name is all it takes.
  if (!languages.includes(language) && !(name === 'text' && suite === 'published')) {
    throw new UserError(`${name} ${split} (${suite}) is not there in "${language}". Allowed: ${languages.join(', ')}.`);
  }
  return { entry, splitEntry };
}

/** The first place that has the split, without fetching anything. */
export function findLocal(key: SplitKey, places: DataPlaces): LocatedFile | undefined {
  const { entry, splitEntry } = entryOf(key);
  const expectedCount = expectedCountOf(splitEntry, key.language);
  const roots: [string, string | undefined][] =
    key.suite === 'mini'
      ? [['mini', places.mini]]
      : [
          ['mirror', places.mirror],
          ['cache', places.cache],
        ];
  for (const [kind, root] of roots) {
    if (root === undefined) continue;
    for (const file of splitEntry.files) {
      const path = plainOrGzipped(join(root, inLanguage(file, key.language)));
      if (path)
        return { path, source: `${kind}:${portable(relative(root, path))}`, format: 'published', expectedCount };
    }
    const hubFile = key.suite === 'published' ? hubFileOf(entry, key) : undefined;
    const path = hubFile && join(root, hubFolder(entry), hubFile);
    if (path && existsSync(path)) {
      return { path, source: `${kind}:${portable(relative(root, path))}`, format: 'parquet', expectedCount };
    }
  }
  return undefined;
}

/** As `findLocal`, then the hub where `places.fetchFile` is given; an error that says how to get the data. */
export async function locate(key: SplitKey, places: DataPlaces): Promise<LocatedFile> {
  const local = findLocal(key, places);
  if (local) return local;
  const { entry, splitEntry } = entryOf(key);
  const what = `${key.name} ${key.split} (${key.language})`;
  const files = splitEntry.files.map((file) => inLanguage(file, key.language)).join(' or ');
  if (key.suite === 'mini') {
    throw new UserError(`The mini suite's ${what} is missing: no ${files} in ${places.mini}. Restore the folder.`);
  }
  const hubFile = hubFileOf(entry, key);
  if (hubFile && places.fetchFile) {
    const { repository, revision } = entry.hub!;
    const path = await places.fetchFile(repository, revision, hubFile).catch((error: unknown) => {
      if (places.mirror === undefined || !(error instanceof UserError)) throw error;
      throw new UserError(
        `FUN_DATA is ${places.mirror}, which has no ${files}, plain or gzipped: put it there. ` +
          `The hub was asked in its place: ${messageOf(error)}`,
      );
    });
    return {
      path,
      source: `hub:${repository}@${revision}/${hubFile}`,
      format: 'parquet',
      expectedCount: expectedCountOf(splitEntry, key.language),
    };
  }
  const looked = [places.mirror ?? 'FUN_DATA (not set)', places.cache].join(' and ');
  const fetch = hubFile ? `, or run: npm run data -- fetch ${key.name}` : ' (the hub does not have it with labels)';
  throw new UserError(
    `No data for ${what}: looked for ${files} in ${looked}. Set FUN_DATA to a folder that has it${fetch}.`,
  );
}

/** The hub's file for a split; undefined where the hub has none. */
export function hubFileOf(entry: DatasetEntry, { language, split }: SplitKey): string | undefined {
  const file = entry.hub?.files[split];
  return file && inLanguage(file, language);
}

/** Folder of an entry's hub files inside a mirror or the cache. */
export function hubFolder(entry: DatasetEntry): string {
  return join('hub', entry.hub!.repository);
}

function inLanguage(file: string, language: string): string {
  return file.replaceAll('{language}', language);
}

function portable(path: string): string {
  return path.replaceAll('\\', '/');
}
