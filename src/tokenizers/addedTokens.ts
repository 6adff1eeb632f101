/**
 * Tokens that were added to a vocabulary after it was trained (`tokenizer.add_tokens`): wherever one stands in a text,
 * it is that token, whatever the model would make of it, and what is before and behind it is a text of its own. So do
 * the tokenizers of transformers; Rust's also leave a ▁ for a space before one, which SentencePiece drops.
 */
import { emptyEncoding, type Encoding } from './encoding';
import type { SubwordModel } from './tokenizer';

export interface AddedToken {
  readonly id: number;
  /** Looked for in the text as it is, before normalisation. Not empty. */
  readonly content: string;
  /** Only where no letter, number or _ touches it. */
  readonly singleWord: boolean;
  /** Takes the white space before it along. */
  readonly leftSpace: boolean;
  /** Takes the white space behind it along. */
  readonly rightSpace: boolean;
}

/** The model with the added tokens; they must be in its vocabulary, and none of its own to be matched. */
export function withAddedTokens(model: SubwordModel, tokens: readonly AddedToken[]): SubwordModel {
  if (tokens.length === 0) return model;
  // The leftmost counts, and of several at one place the longest.
  const longestFirst = [...tokens].sort((a, b) => b.content.length - a.content.length);
  const pattern = new RegExp(longestFirst.map((token) => `(${patternOf(token)})`).join('|'), 'gu');
  return {
    ...model,
    encode(text) {
      const parts: Part[] = [];
      let from = 0;
      for (const found of text.matchAll(pattern) as Iterable<RegExpExecArray>) {
        const { index: at, 0: match } = found;
        const token = longestFirst.find((_, i) => found[i + 1] !== undefined)!;
        parts.push({ at: from, encoding: model.encode(text.slice(from, at)) });
        parts.push({ at, encoding: oneToken(token.id, match.length) });
        from = at + match.length;
      }
      if (parts.length === 0) return model.encode(text);
      return joined([...parts, { at: from, encoding: model.encode(text.slice(from)) }]);
    },
  };
}

function patternOf({ content, singleWord, leftSpace, rightSpace }: AddedToken): string {
  const literal = content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const word = singleWord ? `(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])` : literal;
  return `${leftSpace ? '\\s*' : ''}${word}${rightSpace ? '\\s*' : ''}`;
}

/** The tokens of a part of a text that begins at UTF-16 index `at`. */
interface Part {
  readonly at: number;
  readonly encoding: Encoding;
}

function oneToken(id: number, length: number): Encoding {
  const encoding = emptyEncoding(1);
  encoding.ids[0] = id;
  encoding.ends[0] = length;
  return encoding;
}

function joined(parts: readonly Part[]): Encoding {
  const whole = emptyEncoding(parts.reduce((sum, { encoding }) => sum + encoding.ids.length, 0));
  let token = 0;
  for (const { at, encoding } of parts) {
    whole.ids.set(encoding.ids, token);
    encoding.starts.forEach((start, i) => (whole.starts[token + i] = at + start));
    encoding.ends.forEach((end, i) => (whole.ends[token + i] = at + end));
    token += encoding.ids.length;
  }
  return whole;
}
