/**
 * From a published unigram vocabulary to a model: which pieces texts are split into, which are special, bytes, or
 * fixed symbols. One way for SentencePiece files and for tokenizer.json.
 */
import { UserError } from '../engine/errors';
import type { CharacterMap } from './characterMap';
import { piecesOf } from './pieces';
import { sentencePieceText, type SpaceRules } from './sentencePieceText';
import type { VocabularyPiece } from './sentencePieceModel';
import type { SpecialIds, SubwordModel } from './tokenizer';
import { unigramModel } from './unigram';

export interface UnigramVocabulary {
  /** In the order of their ids. */
  readonly pieces: readonly VocabularyPiece[];
  readonly special: SpecialIds;
  readonly byteFallback: boolean;
  readonly map: CharacterMap;
  readonly spaces: SpaceRules;
}

/** The unigram model of a vocabulary. */
export function modelOfVocabulary({ pieces, special, byteFallback, map, spaces }: UnigramVocabulary): SubwordModel {
  const normalise = sentencePieceText(map, { ...spaces, dummyPrefix: false });
  const normal = pieces.filter(({ type }) => type === 'normal');
  const best = normal.reduce((most, { score }) => Math.max(most, score), -Infinity);
  const excluded = new Set<number>(Object.values(special));
  const scores = Float32Array.from(pieces, ({ text, score, type }, id) => {
    switch (type) {
      case 'normal':
        return score;
      case 'userDefined': {
        const { units, length } = normalise(text);
        if (String.fromCharCode(...units.subarray(0, length)) !== text.replaceAll(' ', '▁')) {
          throw new UserError(
            `The fixed piece "${text}", which the normalisation rules would change, is not implemented.`,
          );
        }
        // SentencePiece's score of a fixed piece: better than any way to split it.
        return new TextEncoder().encode(text).length * best - 0.1;
      }
      case 'unknown':
      case 'control':
      case 'unused':
      case 'byte':
        excluded.add(id);
        return 0;
    }
  });
  return unigramModel({
    pieces: piecesOf(pieces.map(({ text }) => text)),
    scores,
    leastScore: normal.reduce((least, { score }) => Math.min(least, score), 0),
    special,
    normalise: sentencePieceText(map, spaces),
    excluded,
    bytes: byteFallback ? byteIds(pieces) : undefined,
  });
}

/** Ids of the 256 pieces `<0x00>` … `<0xFF>`. */
function byteIds(pieces: UnigramVocabulary['pieces']): Int32Array {
  const ids = new Int32Array(256).fill(-1);
  pieces.forEach(({ text }, id) => {
    const byte = /^<0x([0-9A-F]{2})>$/.exec(text)?.[1];
    if (byte !== undefined) ids[parseInt(byte, 16)] = id;
  });
  const missing = ids.indexOf(-1);
  if (missing >= 0) throw new UserError(`The vocabulary falls back to bytes, but has no piece for byte ${missing}.`);
  return ids;
}
