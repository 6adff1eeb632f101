// Reads the committed files of the mini suite with the project's own parsers of the published formats.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseXcopaJsonl } from '../../../src/datasets/copa';
import { NAMES } from '../../../src/datasets/mini/names';
import type { MiniLanguage } from '../../../src/datasets/mini/phrases';
import { parseNliTsv } from '../../../src/datasets/nliTsv';

export const MINI_ROOT = join(process.cwd(), 'data', 'mini');

export const readMini = (path: string) => readFileSync(join(MINI_ROOT, path), 'utf8');
export const readNli = (name: string) => parseNliTsv(readMini(`xnli/${name}.tsv`), name);
export const readCopa = (path: string) => parseXcopaJsonl(readMini(`xcopa/${path}.jsonl`), path);

/** The words of a text in lower case, without punctuation. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

/** The people who are named in a text, by their English names, in alphabetical order. */
export function peopleIn(text: string, language: MiniLanguage): string[] {
  const named = (name: string) =>
    language === 'zh' ? text.includes(name) : new RegExp(`(?<!\\p{L})${name}s?(?!\\p{L})`, 'u').test(text);
  return NAMES.filter((entry) => named(entry[language].name!))
    .map((entry) => entry.en.name!)
    .sort();
}

/** What is wrong with the writing of a text: an unfilled slot, stray spaces, a wrong script, beginning or end. */
export function flawsOf(text: string, language: MiniLanguage): string[] {
  const chinese = language === 'zh';
  const checks: [string, boolean][] = [
    ['unfilled slot', /[{}|]|undefined/.test(text)],
    ['stray space', chinese ? /\s/.test(text) : /\s{2}|^\s|\s$|\s[.,?]/.test(text)],
    ['script', chinese ? !/\p{Script=Han}/u.test(text) || /[A-Za-z]/.test(text) : /\p{Script=Han}/u.test(text)],
    ['end', chinese ? !/[。？]$/u.test(text) : !/[.?]$/.test(text)],
    ['capital', !chinese && !/^¿?\p{Lu}/u.test(text)],
    ['capital after a full stop', !chinese && /\. \p{Ll}/u.test(text)],
  ];
  return checks.filter(([, wrong]) => wrong).map(([flaw]) => `${flaw}: ${text}`);
}
