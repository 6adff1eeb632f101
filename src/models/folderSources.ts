/**
 * What results say of a model or an adapter in a folder of the user's: a hash of its contents. A path of this
 * machine says nothing elsewhere, and the same path may hold another model tomorrow.
 */
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileHash } from '../engine/fileHash';
import { weightFiles } from './formats/openTensorFile';
import { VOCABULARIES } from './hub/manifest';

/** Of the files that decide what the model does: configuration, weights, tokenizer. */
export function modelFolderSource(folder: string): string {
  const hash = createHash('sha256');
  for (const name of ['config.json', ...weightFiles(folder), ...VOCABULARIES, 'tokenizer_config.json']) {
    const path = join(folder, name);
    if (existsSync(path)) hash.update(`${name}\0${fileHash(path)}\n`);
  }
  return `a local folder, ${named(hash)}`;
}

/** Of a language's adapter in a folder with one folder a language; undefined when there is none. */
export function adapterFolderSource(path: string, language: string): string | undefined {
  const folder = join(path, language);
  if (!existsSync(join(folder, 'adapter_config.json'))) return undefined;
  return ofFiles(folder, /^(adapter_config\.json|.*adapter\.(safetensors|bin))$/);
}

/** Of the adapter and head that a run starts from, in a folder of AdapterHub or of `run.save`. */
export const startFolderSource = (folder: string): string =>
  ofFiles(folder, /^((adapter|head)_config\.json|.*(adapter|model_head)\.(safetensors|bin)|trained\.safetensors)$/);

function ofFiles(folder: string, names: RegExp): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder).filter((name) => names.test(name));
  for (const name of files.sort()) hash.update(readFileSync(join(folder, name)));
  return named(hash);
}

const named = (hash: Hash) => `sha256 ${hash.digest('hex').slice(0, 16)}`;
