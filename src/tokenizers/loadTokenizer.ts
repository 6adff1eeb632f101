/**
 * The tokenizer of a model's folder, from whichever of the published files is there: tokenizer.json, else vocab.txt
 * (mBERT), sentencepiece.bpe.model (XLM-R) or spm.model (mDeBERTa).
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError, messageOf, oneOf, refuseUnknownKeys, shown } from '../engine/errors';
import { precompiledMap } from './precompiledCharsmap';
import { readSentencePieceModel } from './sentencePieceModel';
import { specialIds, tokenizerFromJson } from './tokenizerJson';
import { createTokenizer, type Tokenizer } from './tokenizer';
import { modelOfVocabulary, type UnigramVocabulary } from './unigramVocabulary';
import { wordPieceModel } from './wordPiece';

const LOADERS: Readonly<Record<string, (path: string, folder: string) => Tokenizer>> = {
  'tokenizer.json': (path) => tokenizerFromJson(readJson(path)),
  'vocab.txt': vocabularyText,
  'sentencepiece.bpe.model': xlmRobertaSentencePiece,
  'spm.model': debertaSentencePiece,
};

const TOKENIZER_CONFIG = 'tokenizer_config.json';
const ADDED_TOKENS = 'added_tokens.json';

/** Files that a tokenizer can be loaded from, in order of preference. */
export const TOKENIZER_FILES: readonly string[] = Object.keys(LOADERS);

/**
 * Loads the tokenizer of a model's folder from `file` (default: the first of TOKENIZER_FILES that is there); throws a
 * UserError that names the files looked for, or what is wrong with the one found.
 */
export function loadTokenizer(folder: string, options: { file?: string } = {}): Tokenizer {
  refuseUnknownKeys('loadTokenizer', options, ['file']);
  const wanted =
    options.file === undefined ? TOKENIZER_FILES : [oneOf('Tokenizer file', options.file, TOKENIZER_FILES)];
  const name = wanted.find((file) => existsSync(join(folder, file)));
  if (name === undefined) {
    throw new UserError(`No tokenizer in ${folder}. Put one of these files there: ${wanted.join(', ')}.`);
  }
  const path = join(folder, name);
  try {
    const tokenizer = LOADERS[name]!(path, folder);
    if (name !== 'tokenizer.json') requireNoMoreTokens(tokenizer, folder);
    return tokenizer;
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${path}: ${error.message}`);
    throw error;
  }
}

/** SHA-256 of the files in `folder` that decide what its tokenizer does, in hexadecimal digits. */
export function tokenizerHash(folder: string): string {
  const hash = createHash('sha256');
  for (const name of [...TOKENIZER_FILES, TOKENIZER_CONFIG]) {
    const path = join(folder, name);
    if (existsSync(path)) hash.update(`${name}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/**
 * Of the files, only tokenizer.json holds the tokens that were added after training; beside the others,
 * added_tokens.json does. Special tokens that the vocabulary has anyway may stand there.
 */
function requireNoMoreTokens(tokenizer: Tokenizer, folder: string): void {
  const path = join(folder, ADDED_TOKENS);
  if (!existsSync(path)) return;
  const added = Object.entries(readJson(path) as Readonly<Record<string, number>>);
  const more = added.filter(([content, id]) => !(id < tokenizer.vocabularySize && tokenizer.token(id) === content));
  if (more.length === 0) return;
  throw new UserError(
    `${ADDED_TOKENS} beside it adds ${more.map(([content]) => shown(content)).join(', ')}, and added tokens are read ` +
      `from tokenizer.json alone. Write that in Python: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER).`,
  );
}

/**
 * vocab.txt: a piece a line, its id the line's index. Cased models only. Where nothing says do_lower_case, Python takes
 * any vocabulary for uncased; here it is one unless a piece has capitals, which an uncased one could never match.
 */
function vocabularyText(path: string, folder: string): Tokenizer {
  const config = join(folder, TOKENIZER_CONFIG);
  const options = existsSync(config) ? (readJson(config) as Readonly<Record<string, unknown>> | null) : null;
  for (const [key, usual] of [
    ['strip_accents', false],
    ['tokenize_chinese_chars', true],
  ] as const) {
    const given = options?.[key] ?? usual;
    if (given !== usual) {
      throw new UserError(
        `${key} = ${JSON.stringify(given)} in ${TOKENIZER_CONFIG} is not implemented; only ${usual} is.`,
      );
    }
  }
  const pieces = readFileSync(path, 'utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const special = specialIds(new Map(pieces.map((piece, id) => [piece, id])));
  const hasCapitals = () => pieces.some((piece) => !/^\[.*\]$/.test(piece) && piece !== piece.toLowerCase());
  if (options?.do_lower_case ?? !hasCapitals()) {
    throw new UserError(
      'This is the vocabulary of an uncased model, by do_lower_case in tokenizer_config.json or for want of capitals; ' +
        'only cased ones are implemented. If it is cased, write {"do_lower_case": false} there.',
    );
  }
  return createTokenizer(wordPieceModel({ pieces, special }), 'bert');
}

/**
 * XLM-R's ids are not those of its SentencePiece model (<unk>, <s>, </s> at 0, 1, 2), but fairseq's: <s>, <pad>, </s>,
 * <unk> come first, the pieces from 3 on follow one place later, and <mask> is the last.
 */
function xlmRobertaSentencePiece(path: string): Tokenizer {
  const { pieces, ...rest } = readSentencePieceModel(readFileSync(path));
  const all = [...['<s>', '<pad>', '</s>', '<unk>'].map(control), ...pieces.slice(3), control('<mask>')];
  const special = { cls: 0, pad: 1, sep: 2, unk: 3, mask: all.length - 1 };
  return createTokenizer(sentencePieceModel({ pieces: all, ...rest }, special), 'xlmRoberta');
}

/** mDeBERTa: the SentencePiece model's own ids; [MASK] is added behind them where the model has none. */
function debertaSentencePiece(path: string): Tokenizer {
  const model = readSentencePieceModel(readFileSync(path));
  const known = model.pieces.some(({ text }) => text === '[MASK]');
  const pieces = known ? model.pieces : [...model.pieces, control('[MASK]')];
  const special = specialIds(new Map(pieces.map(({ text }, id) => [text, id])));
  return createTokenizer(sentencePieceModel({ ...model, pieces }, special), 'bert');
}

function control(text: string) {
  return { text, score: 0, type: 'control' as const };
}

function sentencePieceModel(model: ReturnType<typeof readSentencePieceModel>, special: UnigramVocabulary['special']) {
  return modelOfVocabulary({
    pieces: model.pieces,
    special,
    byteFallback: model.byteFallback,
    map: model.charsmap.length > 0 ? precompiledMap(model.charsmap) : () => undefined,
    spaces: {
      dummyPrefix: model.addDummyPrefix,
      removeExtraSpaces: model.removeExtraWhitespaces,
      spaceOffsets: 'space',
    },
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${messageOf(error)}. Fetch the tokenizer again.`);
  }
}
