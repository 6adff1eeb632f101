/** Opening weights without being told the format: by a file's first bytes, and by a model folder's usual file names. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../../engine/errors';
import { openBinaryFile, readBytes, type BinaryFile } from './binaryFile';
import { readSafetensors } from './safetensors';
import { openShardedFile, readIndex } from './shardedFile';
import type { TensorFile } from './tensorFile';
import { readTorchLegacy } from './torchLegacy';
import { readTorchZip } from './torchZip';

/** A model's weights in a folder, in the order in which they are looked for. */
export const WEIGHT_FILES = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
] as const;

/** Opens a safetensors file or a PyTorch `.bin` in either container. */
export function openTensorFile(file: string): TensorFile {
  const binary = openBinaryFile(file);
  try {
    return readTensorFile(binary);
  } catch (error) {
    binary.close();
    throw error;
  }
}

/** The same for bytes that are already at hand. */
export function readTensorFile(file: BinaryFile): TensorFile {
  const head = readBytes(file, 0, Math.min(16, file.size));
  // safetensors first: its 8 bytes of length may be any, and no zip or pickle has a "{" after 8 bytes
  if (head[8] === 0x7b) return readSafetensors(file);
  if (head[0] === 0x50 && head[1] === 0x4b) return readTorchZip(file); // "PK"
  if (head[0] === 0x80) return readTorchLegacy(file); // a pickle of protocol 2 or later
  const text = new TextDecoder().decode(head);
  const hint = text.startsWith('version https')
    ? ' It is a pointer of Git LFS: fetch the file itself (git lfs pull).'
    : '';
  throw new UserError(`${file.name} is neither a safetensors file nor a PyTorch file.${hint}`);
}

/** Opens the weights in a model's folder, whole or in shards. */
export function openWeights(folder: string): TensorFile {
  const file = path.join(folder, weightFile(folder));
  return isIndex(file) ? openShardedFile(file, openTensorFile) : openTensorFile(file);
}

/** The files that `openWeights` reads, by name: one, or an index and its shards. */
export function weightFiles(folder: string): string[] {
  const found = weightFile(folder);
  return isIndex(found) ? [found, ...new Set(readIndex(path.join(folder, found)).values())] : [found];
}

function weightFile(folder: string): string {
  const found = WEIGHT_FILES.find((name) => fs.existsSync(path.join(folder, name)));
  if (found === undefined) throw new UserError(`${folder} has no weights. Looked for: ${WEIGHT_FILES.join(', ')}.`);
  return found;
}

const isIndex = (name: string) => name.endsWith('.index.json');
