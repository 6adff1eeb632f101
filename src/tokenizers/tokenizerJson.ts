/**
 * tokenizer.json of the Hugging Face tokenizers: unigram (XLM-R, multilingual-e5, mDeBERTa) and WordPiece (mBERT). The
 * file describes a pipeline; every step that is not one of those that are implemented here is refused by name.
 */
import { UserError } from '../engine/errors';
import { withAddedTokens, type AddedToken } from './addedTokens';
import type { CharacterMap } from './characterMap';
import { precompiledMap } from './precompiledCharsmap';
import type { VocabularyPiece } from './sentencePieceModel';
import type { SpaceRules } from './sentencePieceText';
import { createTokenizer, type SpecialIds, type Tokenizer } from './tokenizer';
import { modelOfVocabulary } from './unigramVocabulary';
import { wordPieceModel } from './wordPiece';

/** More ids than any vocabulary has: a damaged id must not make a list of billions. */
const MOST_IDS = 1 << 22;

/** A step of the pipeline as it stands in the file. */
interface Step {
  readonly type?: unknown;
  readonly [key: string]: unknown;
}

/** The tokenizer that a parsed tokenizer.json describes. */
export function tokenizerFromJson(json: unknown): Tokenizer {
  const file = record(json, 'tokenizer.json');
  const model = record(file.model, 'model');
  // Files older than the "type" key have it from the shape of the vocabulary.
  const type = model.type ?? (Array.isArray(model.vocab) ? 'Unigram' : 'WordPiece');
  if (type === 'Unigram') return unigram(file, model);
  if (type === 'WordPiece') return wordPiece(file, model);
  throw new UserError(
    `tokenizer.json: a model of type ${show(type)} is not implemented. Implemented: Unigram, WordPiece.`,
  );
}

function unigram(file: Step, model: Step): Tokenizer {
  if (!Array.isArray(model.vocab)) throw broken('model.vocab', 'a list of pieces with scores', model.vocab);
  const byteFallback = model.byte_fallback === true;
  const vocabulary = new Map<string, number>();
  const pieces: VocabularyPiece[] = (model.vocab as unknown[]).map((entry, id) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'number') {
      throw broken(`model.vocab[${id}]`, '[piece, score]', entry);
    }
    const [text, score] = entry as [string, number];
    vocabulary.set(text, id);
    return { text, score, type: byteFallback && /^<0x[0-9A-F]{2}>$/.test(text) ? 'byte' : 'normal' };
  });
  const added = addedTokens(file);
  for (const { id, content } of added) {
    vocabulary.set(content, id);
    while (pieces.length <= id) pieces.push({ text: '', score: 0, type: 'control' });
    pieces[id] = { text: content, score: 0, type: 'control' };
  }
  const special = specialIds(vocabulary);
  const map = normaliser(file.normalizer);
  const pieceModel = modelOfVocabulary({ pieces, special, byteFallback, map, spaces: spaceRules(file) });
  return createTokenizer(
    withAddedTokens(pieceModel, fixed(added, special)),
    vocabulary.has('<s>') ? 'xlmRoberta' : 'bert',
  );
}

/** The character map among the normaliser's steps; those beside it only repeat what SentencePiece does anyway. */
function normaliser(given: unknown): CharacterMap {
  let map: CharacterMap | undefined;
  for (const step of steps(given, 'normalizers')) {
    if (step.type === 'Precompiled' && typeof step.precompiled_charsmap === 'string') {
      map = precompiledMap(Buffer.from(step.precompiled_charsmap, 'base64'));
    } else if (step.type !== 'Strip' && !isSpaceRun(step)) {
      throw notImplemented('normalizer', step, 'Precompiled, Strip, Replace of spaces by one');
    }
  }
  return map ?? (() => undefined);
}

/** Replace of two or more spaces by one, by a space or by ▁. */
function isSpaceRun({ type, pattern, content }: Step): boolean {
  return (
    type === 'Replace' &&
    (pattern as { Regex?: unknown } | undefined)?.Regex === ' {2,}' &&
    (content === ' ' || content === '▁')
  );
}

function spaceRules(file: Step): SpaceRules {
  let spaceOffsets: SpaceRules['spaceOffsets'] = 'space';
  let dummyPrefix = false;
  for (const step of steps(file.pre_tokenizer, 'pretokenizers')) {
    if (step.type === 'WhitespaceSplit') spaceOffsets = 'word';
    else if (step.type === 'Metaspace' && step.replacement === '▁') {
      dummyPrefix = step.add_prefix_space !== false && step.prepend_scheme !== 'never';
    } else throw notImplemented('pre_tokenizer', step, 'Metaspace with ▁, WhitespaceSplit');
  }
  return { dummyPrefix, removeExtraSpaces: true, spaceOffsets };
}

function wordPiece(file: Step, model: Step): Tokenizer {
  const given = record(model.vocab, 'model.vocab');
  const vocabulary = new Map<string, number>();
  const pieces: string[] = [];
  for (const [piece, id] of Object.entries(given)) {
    if (!isId(id)) throw broken(`model.vocab["${piece}"]`, 'an id', id);
    vocabulary.set(piece, id);
    pieces[id] = piece;
  }
  const added = addedTokens(file);
  for (const { id, content } of added) {
    vocabulary.set(content, id);
    pieces[id] = content;
  }
  for (let id = 0; id < pieces.length; id++) pieces[id] ??= '';
  for (const step of steps(file.normalizer, 'normalizers')) checkBertNormaliser(step);
  for (const step of steps(file.pre_tokenizer, 'pretokenizers')) {
    if (step.type !== 'BertPreTokenizer') throw notImplemented('pre_tokenizer', step, 'BertPreTokenizer');
  }
  const special = specialIds(vocabulary);
  const pieceModel = wordPieceModel({
    pieces,
    special,
    excluded: new Set(added.map(({ id }) => id)),
    continuation: typeof model.continuing_subword_prefix === 'string' ? model.continuing_subword_prefix : '##',
    longestWord: typeof model.max_input_chars_per_word === 'number' ? model.max_input_chars_per_word : 100,
  });
  return createTokenizer(withAddedTokens(pieceModel, fixed(added, special)), 'bert');
}

function checkBertNormaliser(step: Step): void {
  const { type, clean_text, handle_chinese_chars, lowercase, strip_accents } = step;
  const cased =
    lowercase === false && (strip_accents === null || strip_accents === undefined || strip_accents === false);
  if (type !== 'BertNormalizer' || clean_text !== true || handle_chinese_chars !== true || !cased) {
    throw notImplemented('normalizer', step, 'BertNormalizer of cased models (clean_text, handle_chinese_chars)');
  }
}

/** Special ids by the names that the two families give them. */
export function specialIds(vocabulary: ReadonlyMap<string, number>): SpecialIds {
  const first = (...names: string[]): number => {
    const name = names.find((candidate) => vocabulary.has(candidate));
    if (name === undefined) throw new UserError(`The vocabulary has none of the special tokens ${names.join(', ')}.`);
    return vocabulary.get(name)!;
  };
  return {
    cls: first('<s>', '[CLS]'),
    sep: first('</s>', '[SEP]'),
    pad: first('<pad>', '[PAD]'),
    unk: first('<unk>', '[UNK]'),
    mask: first('<mask>', '[MASK]'),
  };
}

/** Tokens beside the vocabulary: special ones, which no text becomes, and fixed ones. */
function addedTokens(file: Step): (AddedToken & { readonly isSpecial: boolean })[] {
  if (file.added_tokens === undefined || file.added_tokens === null) return [];
  if (!Array.isArray(file.added_tokens)) throw broken('added_tokens', 'a list', file.added_tokens);
  return (file.added_tokens as unknown[]).map((token, i) => {
    const { id, content, special, ...rules } = record(token, `added_tokens[${i}]`);
    if (!isId(id) || typeof content !== 'string' || content === '') {
      throw broken(`added_tokens[${i}]`, 'an id and a content', token);
    }
    return {
      id,
      content,
      singleWord: rules.single_word === true,
      leftSpace: rules.lstrip === true,
      rightSpace: rules.rstrip === true,
      isSpecial: special !== false,
    };
  });
}

/** Those that a text may become: neither said to be special nor one of the five. */
function fixed(added: ReturnType<typeof addedTokens>, special: SpecialIds): AddedToken[] {
  const never = new Set<number>(Object.values(special));
  return added.filter(({ id, isSpecial }) => !isSpecial && !never.has(id));
}

/** The steps of a pipeline part: none, one, or those of a Sequence (under its key). */
function steps(given: unknown, key: string): Step[] {
  if (given === null || given === undefined) return [];
  const step = record(given, key);
  if (step.type !== 'Sequence') return [step];
  if (!Array.isArray(step[key])) throw broken(key, 'a list', step[key]);
  return (step[key] as unknown[]).flatMap((inner) => steps(inner, key));
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MOST_IDS;
}

function record(value: unknown, what: string): Step {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken(what, 'an object', value);
  return value as Step;
}

function broken(what: string, expected: string, given: unknown): UserError {
  return new UserError(`tokenizer.json: ${what} should be ${expected}, not ${show(given)}. Fetch the tokenizer again.`);
}

function notImplemented(what: string, step: Step, implemented: string): UserError {
  return new UserError(`tokenizer.json: the ${what} ${show(step)} is not implemented. Implemented: ${implemented}.`);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}
