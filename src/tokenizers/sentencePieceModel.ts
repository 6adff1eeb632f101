/**
 * SentencePiece model files (sentencepiece_model.proto): pieces with scores and types, what was trained, and how
 * texts are normalised. Unigram models only.
 */
import { UserError } from '../engine/errors';
import { visitFields } from './protobuf';

export type PieceType = 'normal' | 'unknown' | 'control' | 'userDefined' | 'unused' | 'byte';

export interface VocabularyPiece {
  readonly text: string;
  /** Log-probability. */
  readonly score: number;
  readonly type: PieceType;
}

export interface SentencePieceModel {
  readonly pieces: readonly VocabularyPiece[];
  readonly byteFallback: boolean;
  /** precompiled_charsmap; empty when texts are not changed. */
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
}

/** Field numbers of sentencepiece_model.proto. */
const MODEL = { pieces: 1, trainerSpec: 2, normalizerSpec: 3 } as const;
const PIECE = { piece: 1, score: 2, type: 3 } as const;
const TRAINER = { modelType: 3, whitespaceAsSuffix: 24, byteFallback: 35 } as const;
const NORMALIZER = { charsmap: 2, addDummyPrefix: 3, removeExtraWhitespaces: 4, escapeWhitespaces: 5 } as const;

/** Values of SentencePiece.Type, from 1 on, and of TrainerSpec.ModelType. */
const TYPES: readonly PieceType[] = ['normal', 'unknown', 'control', 'userDefined', 'unused', 'byte'];
const MODEL_TYPES = ['', 'unigram', 'bpe', 'word', 'char'];

/** Reads a model file's bytes; throws a UserError when they are damaged or of a kind that is not implemented. */
export function readSentencePieceModel(file: Uint8Array): SentencePieceModel {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const pieces: VocabularyPiece[] = [];
  // The defaults of the proto.
  let modelType = 1;
  let suffix = 0;
  let byteFallback = 0;
  let charsmap: Uint8Array = new Uint8Array(0);
  let addDummyPrefix = 1;
  let removeExtraWhitespaces = 1;
  let escapeWhitespaces = 1;

  visitFields(bytes, 0, bytes.length, (part, _, start, end) => {
    if (part === MODEL.pieces) pieces.push(readPiece(bytes, start, end));
    if (part === MODEL.trainerSpec) {
      visitFields(bytes, start, end, (field, value) => {
        if (field === TRAINER.modelType) modelType = value;
        if (field === TRAINER.whitespaceAsSuffix) suffix = value;
        if (field === TRAINER.byteFallback) byteFallback = value;
      });
    }
    if (part === MODEL.normalizerSpec) {
      visitFields(bytes, start, end, (field, value, from, to) => {
        if (field === NORMALIZER.charsmap) charsmap = bytes.subarray(from, to);
        if (field === NORMALIZER.addDummyPrefix) addDummyPrefix = value;
        if (field === NORMALIZER.removeExtraWhitespaces) removeExtraWhitespaces = value;
        if (field === NORMALIZER.escapeWhitespaces) escapeWhitespaces = value;
      });
    }
  });

  if (pieces.length === 0) throw new UserError('The SentencePiece model has no pieces. Fetch the tokenizer again.');
  if (modelType !== 1) {
    throw new UserError(
      `A SentencePiece model of type ${MODEL_TYPES[modelType] ?? modelType} is not implemented, only unigram.`,
    );
  }
  if (suffix !== 0) throw new UserError('A SentencePiece model with white space as a suffix is not implemented.');
  if (escapeWhitespaces === 0)
    throw new UserError('A SentencePiece model that does not escape white space is not implemented.');
  return {
    pieces,
    byteFallback: byteFallback !== 0,
    charsmap,
    addDummyPrefix: addDummyPrefix !== 0,
    removeExtraWhitespaces: removeExtraWhitespaces !== 0,
  };
}

function readPiece(bytes: Buffer, start: number, end: number): VocabularyPiece {
  let text = '';
  let score = 0;
  let type: PieceType | undefined = 'normal';
  visitFields(bytes, start, end, (field, value, from, to) => {
    if (field === PIECE.piece) text = bytes.toString('utf8', from, to);
    if (field === PIECE.score && to - from === 4) score = bytes.readFloatLE(from);
    if (field === PIECE.type) type = TYPES[value - 1];
  });
  if (text === '' || !Number.isFinite(score) || type === undefined) {
    throw new UserError(
      'The SentencePiece model has a piece without text, score or known type. Fetch the tokenizer again.',
    );
  }
  return { text, score, type };
}
