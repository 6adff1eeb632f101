/**
 * What the tasks know of a tokenizer: texts and pairs in, ids with their places in the text out. A tokenizer is a
 * subword model (unigram or WordPiece) together with the template of the kind of model that it serves.
 */
import { UserError, refuseUnknownKeys, wholeNumber } from '../engine/errors';
import { sliceEncoding, type Encoding } from './encoding';
import { TEMPLATES, fillTemplate, specialCount, type TemplateKind } from './templates';
import { contextWindows, truncatedLengths, type Truncation } from './truncation';

/** Ids of the special tokens. Text never becomes one of them: "<s>" in a text is three characters. */
export interface SpecialIds {
  /** First token of every input: `<s>` or `[CLS]`. */
  readonly cls: number;
  /** Between and after texts: `</s>` or `[SEP]`. */
  readonly sep: number;
  readonly pad: number;
  readonly unk: number;
  readonly mask: number;
}

/** Splits a text into pieces of a vocabulary. */
export interface SubwordModel {
  readonly kind: 'unigram' | 'wordPiece';
  /** Ids are below this; a model's embedding table may have more rows. */
  readonly vocabularySize: number;
  readonly special: SpecialIds;
  /** Tokens of a text, without special tokens. */
  encode(text: string): Encoding;
  /** The piece with this id, as it stands in the vocabulary. */
  token(id: number): string;
  /** The text of ids, as far as it can be had back; special tokens are left out. */
  decode(ids: ArrayLike<number>): string;
}

export interface Tokenizer extends SubwordModel {
  readonly template: TemplateKind;
  /** A text with its special tokens, cut to `maxLength` tokens in all (default: not cut). */
  single(text: string, options?: { maxLength?: number }): Encoding;
  /** Two texts with their special tokens, cut by `truncation` (default longest_first) to `maxLength` in all. */
  pair(first: string, second: string, options?: { maxLength?: number; truncation?: Truncation }): Encoding;
  /**
   * Question and context in windows of at most `maxLength` tokens: the question is in every one, the context in
   * pieces of which neighbours share `stride` tokens. Throws a UserError when the question leaves no room.
   */
  windows(question: string, context: string, options: { maxLength: number; stride: number }): Encoding[];
}

/** A tokenizer from a subword model and a template. */
export function createTokenizer(model: SubwordModel, template: TemplateKind): Tokenizer {
  const { single, pair } = TEMPLATES[template];
  const { special } = model;
  /** Tokens left for texts; all there are when nothing is to be cut. */
  const room = (parts: typeof single, maxLength: number | undefined) => {
    if (maxLength === undefined) return Infinity;
    const left = wholeNumber('maxLength', maxLength) - specialCount(parts);
    if (left < 1)
      throw new UserError(`maxLength ${maxLength} leaves no room beside ${specialCount(parts)} special tokens.`);
    return left;
  };
  return {
    ...model,
    template,
    single(text, options = {}) {
      refuseUnknownKeys('single', options, ['maxLength']);
      const tokens = sliceEncoding(model.encode(text), 0, room(single, options.maxLength));
      return fillTemplate(single, special, [tokens]);
    },
    pair(first, second, options = {}) {
      refuseUnknownKeys('pair', options, ['maxLength', 'truncation']);
      const a = model.encode(first);
      const b = model.encode(second);
      const { truncation = 'longest_first', maxLength } = options;
      const [keepA, keepB] = truncatedLengths(truncation, a.ids.length, b.ids.length, room(pair, maxLength));
      return fillTemplate(pair, special, [sliceEncoding(a, 0, keepA), sliceEncoding(b, 0, keepB)]);
    },
    windows(question, context, options) {
      refuseUnknownKeys('windows', options, ['maxLength', 'stride']);
      const stride = wholeNumber('stride', options.stride, 0);
      const a = model.encode(question);
      const b = model.encode(context);
      return contextWindows(a.ids.length, b.ids.length, room(pair, options.maxLength), stride).map(([from, to]) =>
        fillTemplate(pair, special, [a, sliceEncoding(b, from, to)]),
      );
    },
  };
}
