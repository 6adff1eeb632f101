/**
 * Where data is looked for, in this order: a local mirror (`FUN_DATA`), the cache (`$FUN_HOME/datasets`), the hub.
 * The embedded mini suite is asked for by name and never stands in for published data.
 */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../engine/errors';
import { funHome, projectRoot } from '../engine/places';

/** Fetches one file of a hub data set into the hub's own cache and returns its path on this machine. */
export type FetchDatasetFile = (repository: string, revision: string, path: string) => Promise<string>;

export interface DataPlaces {
  /** The embedded suite, `data/mini` of this project. */
  readonly mini: string;
  /** A folder laid out as `xnli/test-sw.tsv`, `squad/dev-v1.1.json`, …; gz or plain. */
  readonly mirror?: string;
  /** Files fetched earlier, as `hub/REPOSITORY/FILE`. */
  readonly cache: string;
  /** Absent: nothing is fetched while loading. */
  readonly fetchFile?: FetchDatasetFile;
}

/** The places that the environment names. A `FUN_DATA` that is no folder is refused. */
export function dataPlaces(environment: NodeJS.ProcessEnv = process.env, fetchFile?: FetchDatasetFile): DataPlaces {
  const places = namedPlaces(environment);
  const { mirror } = places;
  if (mirror !== undefined && !statSync(mirror, { throwIfNoEntry: false })?.isDirectory()) {
    const fault = existsSync(mirror) ? 'is no folder' : 'does not exist';
    throw new UserError(`FUN_DATA is "${environment.FUN_DATA}", which ${fault}. Name a folder or unset it.`);
  }
  return { ...places, fetchFile };
}

/** The file that a source names (`mirror:xnli/test-sw.tsv`), if it is on this machine; nothing is fetched. */
export function fileOfSource(source: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const [, kind, file] = /^(mini|mirror|cache):(.+)$/.exec(source) ?? [];
  const root = kind === undefined ? undefined : namedPlaces(environment)[kind as 'mini' | 'mirror' | 'cache'];
  return root === undefined ? undefined : [join(root, file!)].find((path) => existsSync(path));
}

function namedPlaces(environment: NodeJS.ProcessEnv): DataPlaces {
  return {
    mini: join(projectRoot(), 'data', 'mini'),
    ...(environment.FUN_DATA ? { mirror: resolve(environment.FUN_DATA) } : {}),
    cache: join(funHome(environment), 'datasets'),
  };
}
