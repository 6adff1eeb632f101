/**
 * Masked language modelling for language adapters: text packed into full sequences, 15% of the tokens to be
 * predicted (Devlin et al. 2019; MAD-X, Pfeiffer et al. 2020).
 */
import { UserError, wholeNumber } from '../engine/errors';
import { randomStream } from '../engine/random';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { EncodedExample } from './batch';
import { checkLogits, type Task } from './task';

export interface MaskingSettings {
  /** Share of the tokens that are predicted. */
  readonly maskProbability: number;
  /** Masks are drawn from the stream (seed, epoch, sequence): anew in every epoch, whatever the batch order. */
  readonly seed: number;
  /** From 0. */
  readonly epoch: number;
}

/** Predicted ids at masked positions. */
export interface MaskedPrediction {
  readonly positions: Int32Array;
  readonly ids: Int32Array;
}

/**
 * Sequences of at most `maxLength` tokens: cls, the lines one after the other with sep between them, sep. Lines are
 * cut where a sequence is full; only the last sequence is shorter.
 */
export function packLines(lines: readonly string[], tokenizer: Tokenizer, maxLength: number): Int32Array[] {
  const room = wholeNumber('maxLength', maxLength, 3) - 2;
  const { cls, sep } = tokenizer.special;
  const sequences: Int32Array[] = [];
  let open: number[] = [];
  const close = () => {
    if (open.at(-1) === sep) open.pop();
    if (open.length > 0) sequences.push(Int32Array.of(cls, ...open, sep));
    open = [];
  };
  for (const line of lines) {
    for (const id of tokenizer.encode(line).ids) {
      if (open.length === room) close();
      open.push(id);
    }
    if (open.length === room) close();
    else if (open.length > 0) open.push(sep);
  }
  close();
  if (sequences.length === 0) throw new UserError('The text has no tokens. Give a file or folder with text in it.');
  return sequences;
}

/** Examples are packed sequences; logits are the most likely ids at the masked positions, in their order. */
export const maskedLanguageModel: Task<Int32Array, MaskingSettings, EncodedExample, Int32Array, MaskedPrediction> = {
  name: 'maskedLanguageModel',
  head: { kind: 'maskedLanguageModel' },
  mainMetric: 'accuracy',
  defaults: { maskProbability: 0.15, seed: 0, epoch: 0 },
  encode: (packed, source, tokenizer, settings) => {
    const { ids, positions } = masked(packed, source, tokenizer, settings);
    const labels = positions.map((position) => packed[position]!);
    const typeIds = new Int32Array(packed.length);
    return [{ id: source, source, sequences: [{ ids, typeIds }], target: { kind: 'tokens', positions, labels } }];
  },
  predict: (logits, encoded) => {
    checkLogits(logits, encoded);
    return encoded.map(({ target }, i) => {
      if (target.kind !== 'tokens') throw new Error(`A masked sequence with a target of kind "${target.kind}".`);
      return { positions: target.positions, ids: logits[i]! };
    });
  },
  score: ({ positions, ids }, packed) => {
    const right = positions.filter((position, i) => packed[position] === ids[i]).length;
    return { accuracy: right / positions.length };
  },
};

/**
 * Each token but the special ones is chosen with probability `maskProbability`; of the chosen, 80% become the mask
 * token, 10% a random id of the vocabulary, 10% stay. At least one is chosen, so that every sequence has a loss.
 */
function masked(
  packed: Int32Array,
  source: number,
  { special, vocabularySize }: Tokenizer,
  { maskProbability, seed, epoch }: MaskingSettings,
): { ids: Int32Array; positions: Int32Array } {
  if (!(maskProbability > 0 && maskProbability < 1)) {
    throw new UserError(`maskProbability must lie between 0 and 1, not ${maskProbability}. The usual value is 0.15.`);
  }
  const random = randomStream(seed, `mask/epoch ${epoch}/sequence ${source}`);
  const isSpecial = (id: number) => id === special.cls || id === special.sep || id === special.pad;
  const candidates = [...packed.keys()].filter((position) => !isSpecial(packed[position]!));
  const chosen = candidates.filter(() => random.uniform() < maskProbability);
  if (chosen.length === 0) chosen.push(candidates[random.integer(candidates.length)]!);
  const ids = packed.slice();
  for (const position of chosen) {
    const draw = random.uniform();
    if (draw < 0.8) ids[position] = special.mask;
    else if (draw < 0.9) ids[position] = random.integer(vocabularySize);
  }
  return { ids, positions: Int32Array.from(chosen) };
}
