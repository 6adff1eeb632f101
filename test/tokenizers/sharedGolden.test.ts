/**
 * The project's golden file for XLM-R's vocabulary: values of the Hugging Face (Rust) tokenizers, with offsets in code
 * points and in UTF-16. Where Rust and SentencePiece differ, this follows SentencePiece; those cases are listed here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openQ4File } from '../../src/models/embedded/q4File';
import { embeddedTokenizer } from '../../src/tokenizers/embeddedTokenizer';
import type { Encoding } from '../../src/tokenizers/encoding';
import { embeddedModelPath } from './embedded';

type Pairs = readonly (readonly [number, number])[];
interface Row {
  readonly ids: readonly number[];
  readonly offsets: Pairs;
  readonly offsets_utf16: Pairs;
  readonly sequence_ids: readonly number[];
}
interface Golden {
  readonly singles: Readonly<Record<string, Row & { readonly text: string }>>;
  readonly pairs: readonly (Row & { readonly a: string; readonly b: string })[];
  readonly truncated_pairs: readonly (Row & { readonly a: string; readonly b: string; readonly max_length: number })[];
  readonly qa: readonly {
    readonly question: string;
    readonly context: string;
    readonly max_length: number;
    readonly stride: number;
    readonly windows: readonly Row[];
  }[];
}

const goldenPath = join(process.env.FUN_PARITY_DIR ?? '../shared/parity/fixtures', '..', 'golden_tokens.json');
const modelPath = embeddedModelPath();

/** Rust composes by user-perceived characters of under six bytes; SentencePiece composes ｶ + ﾞ to ガ and jamo to 한. */
const COMPOSED = ['nfkc_halfkana', 'hangul_jamo'];
/** Rust leaves a ▁ for white space at the end; SentencePiece drops it. */
const SPACE_AT_END = ['spaces', 'only_space', 'only_newline', 'pair 3', 'truncated pair 3', 'windows 2, 2'];
/** Rust takes "<s>" in a text for the special token; for SentencePiece it is three characters. */
const LITERAL_SPECIALS = ['specials', 'pair 6', 'truncated pair 6'];

interface Case {
  readonly name: string;
  readonly got: Encoding;
  readonly want: Row;
  readonly texts: readonly string[];
}

function casesOf(golden: Golden, tokenizer: ReturnType<typeof embeddedTokenizer>): Case[] {
  return [
    ...Object.entries(golden.singles).map(([name, want]) => ({
      name,
      got: tokenizer.single(want.text),
      want,
      texts: [want.text],
    })),
    ...golden.pairs.map((want, i) => ({
      name: `pair ${i}`,
      got: tokenizer.pair(want.a, want.b),
      want,
      texts: [want.a, want.b],
    })),
    ...golden.truncated_pairs.map((want, i) => ({
      name: `truncated pair ${i}`,
      got: tokenizer.pair(want.a, want.b, { maxLength: want.max_length }),
      want,
      texts: [want.a, want.b],
    })),
    ...golden.qa.flatMap(({ question, context, max_length: maxLength, stride, windows }, i) => {
      const got = tokenizer.windows(question, context, { maxLength, stride });
      expect(got.length, question).toBe(windows.length);
      return windows.map((want, j) => ({
        name: `windows ${i}, ${j}`,
        got: got[j]!,
        want,
        texts: [question, context],
      }));
    }),
  ];
}

describe.skipIf(!existsSync(goldenPath) || !existsSync(modelPath))(
  'the golden file (skipped without it, or without the embedded model)',
  () => {
    let golden: Golden;
    let tokenizer: ReturnType<typeof embeddedTokenizer>;
    let cases: readonly Case[];
    // Not in the suite's own body, which is run where it is skipped too.
    beforeAll(() => {
      golden = JSON.parse(readFileSync(goldenPath, 'utf8')) as Golden;
      tokenizer = embeddedTokenizer(openQ4File(modelPath).tokenizer);
      cases = casesOf(golden, tokenizer);
    });
    /** Code point index by UTF-16 index. */
    const codePoints = (text: string, index: number) => [...text.slice(0, index)].length;
    /** A row as a list, to compare whole. */
    const listOf = ({ ids, sequence_ids, offsets_utf16, offsets }: Row) =>
      JSON.stringify([ids, sequence_ids, offsets_utf16, offsets]);
    const rowOf = ({ ids, starts, ends, sequence }: Encoding, texts: readonly string[]): Row => ({
      ids: [...ids],
      sequence_ids: [...sequence],
      offsets_utf16: Array.from(ids, (_, i) => (sequence[i] === -1 ? [0, 0] : [starts[i]!, ends[i]!])),
      offsets: Array.from(ids, (_, i) => {
        const text = texts[sequence[i]!];
        return text === undefined ? [0, 0] : [codePoints(text, starts[i]!), codePoints(text, ends[i]!)];
      }),
    });

    test('ids, sequences, offsets in UTF-16 and in code points, but for the cases that are listed', () => {
      const different = cases.filter(({ got, want, texts }) => listOf(rowOf(got, texts)) !== listOf(want));
      expect(cases.length).toBeGreaterThan(90);
      expect(different.map(({ name }) => name).sort()).toEqual(
        [...COMPOSED, ...SPACE_AT_END, ...LITERAL_SPECIALS].sort(),
      );
    });

    test('white space at the end: otherwise the same tokens', () => {
      const space = 6;
      for (const { name, got, want } of cases.filter((each) => SPACE_AT_END.includes(each.name))) {
        const kept = want.ids.filter((id, i) => !(id === space && [2, undefined].includes(want.ids[i + 1])));
        expect([...got.ids], name).toEqual(kept);
      }
    });

    test('composition: what SentencePiece has', () => {
      const token = (text: string) => Array.from(tokenizer.encode(text).ids, (id) => tokenizer.token(id));
      expect(token(golden.singles.nfkc_halfkana!.text)).toEqual(['▁', 'ガ', 'ギ', 'グ', '▁', 'パ', 'ピ']);
      expect(token(golden.singles.hangul_jamo!.text)).toEqual(['▁한글']);
      expect(token('<s>')).toEqual(['▁<', 's', '>']);
    });
  },
);
