/** Reads the golden values beside this file, and compares encodings with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Encoding } from '../../src/tokenizers/encoding';
import type { Tokenizer } from '../../src/tokenizers/tokenizer';

export const goldenFolder = join(__dirname, 'golden');

export type Offsets = readonly (readonly [number, number])[];

export interface GoldenText {
  readonly text: string;
  readonly ids: readonly number[];
  /** Of the Hugging Face tokenizers, where they have the same ids. */
  readonly offsets?: Offsets;
}

export interface GoldenRow {
  readonly ids: readonly number[];
  readonly sequence: readonly number[];
  readonly offsets: Offsets;
  readonly typeIds?: readonly number[];
}

export interface GoldenPairs {
  readonly texts: readonly GoldenText[];
  readonly pairs: readonly (GoldenRow & {
    readonly first: string;
    readonly second: string;
    readonly maxLength: number | null;
  })[];
  readonly windows: readonly {
    readonly first: string;
    readonly second: string;
    readonly maxLength: number;
    readonly stride: number;
    readonly windows: readonly GoldenRow[];
  }[];
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(join(goldenFolder, name), 'utf8')) as T;
}

export function offsetsOf(encoding: Encoding): [number, number][] {
  return Array.from(encoding.ids, (_, i) => [encoding.starts[i]!, encoding.ends[i]!]);
}

/** Texts (in JSON, to be readable) whose ids or offsets are not the golden ones. */
export function differing(tokenizer: Tokenizer, texts: readonly GoldenText[], what: 'ids' | 'offsets'): string[] {
  return texts
    .filter(({ text, ids, offsets }) => {
      const encoding = tokenizer.encode(text);
      if (what === 'ids') return JSON.stringify([...encoding.ids]) !== JSON.stringify(ids);
      return offsets !== undefined && JSON.stringify(offsetsOf(encoding)) !== JSON.stringify(offsets);
    })
    .map(({ text }) => escaped(text));
}

/** The text with everything outside of ASCII escaped. */
export function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** An encoding in the golden form; types only where the golden row has them. */
export function rowOf(encoding: Encoding, golden: GoldenRow): GoldenRow {
  const row = { ids: [...encoding.ids], sequence: [...encoding.sequence], offsets: offsetsOf(encoding) };
  return golden.typeIds === undefined ? row : { ...row, typeIds: [...encoding.typeIds] };
}

/** Pairs whole and truncated, and windows, as the golden file has them. */
export function expectPairs(tokenizer: Tokenizer, { pairs, windows }: GoldenPairs): void {
  expect(pairs.length).toBeGreaterThan(20);
  for (const { first, second, maxLength, ...row } of pairs) {
    const encoding = tokenizer.pair(first, second, maxLength === null ? {} : { maxLength });
    expect(rowOf(encoding, row), `${first} | ${second} | ${maxLength}`).toEqual(row);
  }
  expect(windows.length).toBeGreaterThan(2);
  for (const { first, second, maxLength, stride, windows: rows } of windows) {
    const got = tokenizer.windows(first, second, { maxLength, stride });
    expect(
      got.map((window, i) => rowOf(window, rows[i]!)),
      `${maxLength} by ${stride}`,
    ).toEqual(rows);
  }
}
