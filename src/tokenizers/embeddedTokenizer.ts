/** The tokenizer of the embedded model: XLM-R's unigram vocabulary, from the model file itself. */
import { UserError } from '../engine/errors';
import type { Q4Tokenizer } from '../models/embedded/q4Tokenizer';
import { recordsMap } from './characterMap';
import { findPiece } from './pieces';
import { sentencePieceText, type SpaceRules } from './sentencePieceText';
import { createTokenizer, type Tokenizer } from './tokenizer';
import { unigramModel } from './unigram';

/**
 * multilingual-e5-small's tokenizer, from the tokenizer part of the opened model file. `spaceOffsets` (default
 * `space`, as that model was published; XLM-R itself was with `word`) says what part of a text a ▁ stands for.
 */
export function embeddedTokenizer(
  stored: Q4Tokenizer,
  { spaceOffsets = 'space' }: { spaceOffsets?: SpaceRules['spaceOffsets'] } = {},
): Tokenizer {
  const mask = findPiece(stored.pieces, '<mask>');
  if (mask === undefined)
    throw new UserError('The embedded model has no piece <mask>. Delete its file and run npm start.');
  const special = { cls: stored.bos, sep: stored.eos, pad: stored.pad, unk: stored.unk, mask };
  const excluded = new Set(Object.values(special));
  const model = unigramModel({
    pieces: stored.pieces,
    scores: stored.scores,
    leastScore: stored.scores.reduce((least, score, id) => (excluded.has(id) ? least : Math.min(least, score)), 0),
    special,
    normalise: sentencePieceText(recordsMap(stored.normaliser), {
      dummyPrefix: true,
      removeExtraSpaces: true,
      spaceOffsets,
    }),
    excluded,
  });
  return createTokenizer(model, 'xlmRoberta');
}
