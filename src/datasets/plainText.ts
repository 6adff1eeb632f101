/**
 * Plain text for masked language models: one passage a line, from a file or from every `.txt` / `.txt.gz` of a
 * folder (in the order of their names).
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../engine/errors';
import type { SplitName } from './examples';
import { decodeText, readBytes, splitLines } from './textFiles';

/** Every how many lines one is kept for validation. */
export const validationEvery = 20;

/** The file at `path`, or the text files of the folder. */
export function plainTextFiles(path: string): string[] {
  if (!existsSync(path))
    throw new UserError(`${path} does not exist. Give a .txt or .txt.gz file, or a folder of them.`);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.txt(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** Lines of a file or folder that are not blank. */
export function readPlainText(path: string): string[] {
  const lines = plainTextFiles(path).flatMap((file) => splitLines(decodeText(readBytes(file), basename(file))));
  const passages = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (passages.length === 0)
    throw new UserError(`${path}: no text in it. Give a .txt or .txt.gz file, or a folder of them.`);
  return passages;
}

/** Line 20, 40, 60, … for validation, the rest for training: the two never share a line of the source. */
export function partOfText(lines: readonly string[], split: SplitName): string[] {
  return lines.filter((_, index) => ((index + 1) % validationEvery === 0) === (split === 'validation'));
}
