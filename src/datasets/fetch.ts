/** Fetches a data set from the hub into the cache, where `loadDataset` finds it without the hub. */
import { copyFileSync, existsSync, linkSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError, oneOf } from '../engine/errors';
import type { DatasetName, SplitName } from './examples';
import { hubFileOf, hubFolder } from './locate';
import { manifest } from './manifest';
import { dataPlaces, type DataPlaces, type FetchDatasetFile } from './places';

export interface FetchedFile {
  /** `REPOSITORY/FILE` as on the hub. */
  readonly file: string;
  readonly state: 'fetched' | 'was there';
}

/** Every file of the data set in the languages named (default: all). */
export async function fetchDataset(
  name: string,
  fetchFile: FetchDatasetFile,
  { languages, places = dataPlaces() }: { languages?: readonly string[]; places?: DataPlaces } = {},
): Promise<FetchedFile[]> {
  const known = oneOf('Data set', name, Object.keys(manifest) as DatasetName[]);
  const entry = manifest[known];
  if (entry.hub === undefined) throw new UserError(`"${name}" is not on the hub. Put your files into FUN_DATA.`);
  const { repository, revision, files } = entry.hub;
  const wanted = languages ?? entry.languages;
  for (const language of wanted) oneOf(`Language of ${name}`, language, entry.languages);
  const fetched: FetchedFile[] = [];
  for (const split of Object.keys(files) as SplitName[]) {
    for (const language of wanted) {
      const file = hubFileOf(entry, { name: known, language, split, suite: 'published' })!;
      const target = join(places.cache, hubFolder(entry), file);
      const state = existsSync(target) ? 'was there' : 'fetched';
      if (state === 'fetched') linkOrCopy(await fetchFile(repository, revision, file), target);
      fetched.push({ file: `${repository}/${file}`, state });
    }
  }
  return fetched;
}

/** A hard link costs no space; across file systems the file is copied. Either way it appears whole or not at all. */
function linkOrCopy(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  rmSync(temporary, { force: true });
  try {
    linkSync(realpathSync(source), temporary);
  } catch {
    copyFileSync(source, temporary);
  }
  renameSync(temporary, target);
}
