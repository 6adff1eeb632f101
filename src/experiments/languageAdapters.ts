/**
 * Language adapters of a run: English in place in training, the target language in evaluation (MAD-X). They come from
 * AdapterHub, or from a folder that holds one AdapterHub folder a language (`npm run language-adapter` writes such).
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../engine/errors';
import { distinct } from '../figures/rows';
import { loadLanguageAdapter } from '../models/adapterFiles';
import type { AdapterModel } from '../models/adapterModel';
import { adapterFolderSource } from '../models/folderSources';
import { adapterEntry, fetchAdapter } from '../models/hub/index';
import type { RunConfiguration } from './configuration';

/** The language that runs are trained in. */
export const TRAINING_LANGUAGE = 'en';

export interface LanguageAdapters {
  /** What results say of them; empty when there are none. */
  readonly source: string;
  /** Puts a language's adapter under the task adapter; it is read when it is first needed. */
  use(language: string): Promise<void>;
}

/** Where the folder of a language's adapter is, and what to say of it. */
type Find = (language: string) => Promise<{ folder: string; source: string }>;

/**
 * Finds the adapters of English and of every language that the run is evaluated in, so that a missing one is known
 * before training, and puts the English one in place.
 *
 * @throws UserError that names what exists, when a language has none.
 */
export async function openLanguageAdapters(
  { languageAdapters, evaluation, model: modelName }: RunConfiguration,
  model: AdapterModel,
): Promise<LanguageAdapters> {
  if (languageAdapters === 'none') return { source: '', use: () => Promise.resolve() };
  const find: Find =
    languageAdapters.source === 'hub'
      ? (language) => fetchAdapter(modelName, language)
      : (language) => Promise.resolve(inFolder(languageAdapters.path, language, modelName));
  const found = new Map<string, Awaited<ReturnType<Find>>>();
  for (const language of languagesOf(evaluation)) found.set(language, await find(language));
  const loaded = new Set<string>();
  const use = async (language: string): Promise<void> => {
    const place = found.get(language) ?? (await find(language));
    const name = adapterName(language);
    if (!loaded.has(language)) loadLanguageAdapter(model, place.folder, name);
    loaded.add(language);
    model.setLanguage(name);
  };
  await use(TRAINING_LANGUAGE);
  return { source: [...found].map(([language, { source }]) => `${language}: ${source}`).join('; '), use };
}

/** What `work` gives while the language's adapter is in place, where there is one. */
export async function overLanguage<T>(
  languageAdapters: LanguageAdapters,
  language: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    await languageAdapters.use(language);
    return await work();
  } finally {
    await languageAdapters.use(TRAINING_LANGUAGE);
  }
}

/** Before anything is fetched: each language has a published adapter, where they come from the hub. */
export function requirePublishedAdapters({ model, languageAdapters, evaluation }: RunConfiguration): void {
  if (languageAdapters === 'none' || languageAdapters.source !== 'hub') return;
  for (const language of languagesOf(evaluation)) adapterEntry(model, language);
}

/** English, which the run is trained in, and those that it is evaluated in. */
const languagesOf = ({ languages }: RunConfiguration['evaluation']) => distinct([TRAINING_LANGUAGE, ...languages]);

/** The task adapter may have any name, "en" too; this cannot be one. */
const adapterName = (language: string) => `language-${language}`;

function inFolder(path: string, language: string, modelName: string): { folder: string; source: string } {
  const source = adapterFolderSource(path, language);
  if (source !== undefined) return { folder: join(path, language), source };
  const available = existsSync(path)
    ? readdirSync(path)
        .filter((name) => existsSync(join(path, name, 'adapter_config.json')))
        .sort()
    : [];
  throw new UserError(
    `No language adapter for "${language}" on ${modelName} in ${path}. Available: ${available.join(', ') || 'none'}. ` +
      `Train one (npm run language-adapter -- --model ${modelName} --language ${language} --text FILE) ` +
      `or evaluate without (languageAdapters: "none").`,
  );
}
