/**
 * What a run is made from, its model, starting point and data, compared with what there is now: a path may hold another
 * file by then. A result of other files is not that of the run, and a run that has begun does not go on with others. Of
 * what only one side names (other languages; older results name no hashes) nothing is said.
 */
import { existsSync } from 'node:fs';
import { fileOfSource } from '../datasets/places';
import { contentHash } from '../datasets/textFiles';
import type { FileHashes } from '../engine/fileHash';
import { distinct } from '../figures/rows';
import { adapterFolderSource, modelFolderSource, startFolderSource } from '../models/folderSources';
import { isModelFolder } from '../models/modelNames';
import type { RunConfiguration } from './configuration';
import type { DataSource, RunResult } from './result';

export type Inputs = Pick<RunResult, 'modelSource' | 'startedFrom' | 'data'>;

/** Those of something that has them, among other things. */
export const inputsOf = ({ modelSource, startedFrom, data }: Inputs): Inputs => ({
  modelSource,
  ...(startedFrom === undefined ? {} : { startedFrom }),
  data,
});

const beforeAdapters = '; language adapters: ';

/** `SOURCE`, or `SOURCE; language adapters: en: SOURCE; sw: SOURCE`. */
export const modelSourceText = (base: string, adapters: string): string =>
  adapters === '' ? base : `${base}${beforeAdapters}${adapters}`;

/** The sources in such a text: of the base model, under '', and of each language's adapter. */
function modelSources(text: string): Map<string, string> {
  const [base, adapters] = text.split(beforeAdapters);
  const ofAdapters = adapters?.split('; ').map((part): [string, string] => {
    const end = part.indexOf(': ');
    return [part.slice(0, end), part.slice(end + 2)];
  });
  return new Map([['', base!], ...(ofAdapters ?? [])]);
}

/** What has changed between two openings of a run, in words. */
export function changedInputs(before: Inputs, now: Inputs): string[] {
  const sources = modelSources(now.modelSource);
  return changes(before, {
    sourceOf: (language) => sources.get(language),
    start: now.startedFrom?.source,
    filesOf: (part) => now.data.find(isSamePart(part))?.files,
  });
}

const isSamePart = (a: DataSource) => (b: DataSource) =>
  a.use === b.use && a.dataset === b.dataset && a.language === b.language && a.split === b.split;

/** What has changed since a result, in words, as far as its files are on this machine; nothing is opened or fetched. */
export function changedSince(result: RunResult, environment: NodeJS.ProcessEnv = process.env): string[] {
  const hashNow = (source: string): [string, string][] => {
    const path = fileOfSource(source, environment);
    return path === undefined ? [] : [[source, contentHash(path)]];
  };
  return changes(result, {
    sourceOf: (language, source) =>
      source.includes('sha256') ? folderSource(result.configuration, language) : undefined,
    start: startSource(result.configuration),
    filesOf: ({ files = {} }) => ({ ...files, ...Object.fromEntries(Object.keys(files).flatMap(hashNow)) }),
  });
}

/** Of the model or a language's adapter, where it is in a folder of this machine. */
function folderSource({ model, languageAdapters }: RunConfiguration, language: string): string | undefined {
  if (language === '') return isModelFolder(model) ? modelFolderSource(model) : undefined;
  const isInFolder = languageAdapters !== 'none' && languageAdapters.source === 'folder';
  return isInFolder ? adapterFolderSource(languageAdapters.path, language) : undefined;
}

/** Of what a run starts from, where its folder is on this machine. */
const startSource = ({ startFrom }: RunConfiguration): string | undefined =>
  startFrom !== undefined && existsSync(startFrom) ? startFolderSource(startFrom) : undefined;

/** How what there is now is asked for. */
interface Now {
  readonly sourceOf: (language: string, source: string) => string | undefined;
  /** Of the starting point. */
  readonly start: string | undefined;
  readonly filesOf: (part: DataSource) => FileHashes | undefined;
}

function changes({ modelSource, startedFrom, data }: Inputs, { sourceOf, start, filesOf }: Now): string[] {
  const models = [...modelSources(modelSource)].flatMap(([language, source]) => {
    const now = sourceOf(language, source) ?? source;
    const name = language === '' ? 'the model' : `the language adapter "${language}"`;
    return now === source ? [] : [`${name} (${source}, now ${now})`];
  });
  const hasMoved = startedFrom !== undefined && start !== undefined && startedFrom.source !== start;
  const starts = hasMoved ? [`what training starts from (${startedFrom.source}, now ${start})`] : [];
  return distinct([...models, ...starts, ...data.flatMap((part) => changedFiles(part.files, filesOf(part)))]);
}

/** By content: the same file may have been compressed since. */
function changedFiles(before: FileHashes | undefined, now: FileHashes | undefined): string[] {
  if (before === undefined || now === undefined) return [];
  const [old, others] = [missingFrom(now, before), missingFrom(before, now)];
  if (old.length === 0) return others; // a file that decides something about the examples has come
  const instead = others.length === 0 ? 'gone' : `now ${others.join(', ')}`;
  return old.map((source) => (source in now ? source : `${source} (${instead})`));
}

/** The sources of `files` whose content `among` does not have. */
const missingFrom = (among: FileHashes, files: FileHashes): string[] =>
  Object.keys(files).filter((source) => !Object.values(among).includes(files[source]!));
