/**
 * Encoded examples and padded batches: what every model consumes.
 * E examples, S sequences an example (1, or one a choice), T tokens of the longest sequence.
 */
import { UserError } from '../engine/errors';

/** Token ids of one sequence, special tokens included, without padding. */
export interface EncodedSequence {
  readonly ids: Int32Array;
  /** 0 for the first text, 1 for the second where the model tells them apart, else 0 throughout. */
  readonly typeIds: Int32Array;
}

/** What the loss compares the logits with. Positions count tokens of the sequence. */
export type Target =
  /** A class, or the right choice. */
  | { readonly kind: 'class'; readonly label: number }
  /** First and last token of the answer, both inclusive. */
  | { readonly kind: 'span'; readonly start: number; readonly end: number }
  /** Masked positions and the ids that stood there. */
  | { readonly kind: 'tokens'; readonly positions: Int32Array; readonly labels: Int32Array };

/** One training or test example: NLI, QA windows and text have one sequence, multiple choice one a choice. */
export interface EncodedExample {
  /** Unique within the encoded set. */
  readonly id: number;
  /** Index of the data set's example that it came from (several windows may come from one question). */
  readonly source: number;
  readonly sequences: readonly EncodedSequence[];
  readonly target: Target;
}

export interface Batch {
  /** [E] */
  readonly exampleIds: Int32Array;
  /** E */
  readonly examples: number;
  /** S */
  readonly sequencesPerExample: number;
  /** T */
  readonly tokens: number;
  /** [E·S·T] */
  readonly inputIds: Int32Array;
  /** [E·S·T]: 1 for tokens, 0 for padding. */
  readonly attentionMask: Int32Array;
  /** [E·S·T] */
  readonly tokenTypeIds: Int32Array;
  /** [E] */
  readonly targets: readonly Target[];
}

export interface PadOptions {
  readonly padId: number;
  /** Pads every sequence to this many tokens, as the paper's scripts do; default: to the longest of the batch. */
  readonly padTo?: number;
  /** Rounds the length up to a multiple, so that few distinct shapes occur; default 1. */
  readonly multipleOf?: number;
}

/** Tokens of the longest sequence of an example. */
export function lengthOf({ sequences }: EncodedExample): number {
  return Math.max(...sequences.map(({ ids }) => ids.length));
}

/** Pads on the right. All examples must have the same number of sequences; none may exceed `padTo`. */
export function padBatch(examples: readonly EncodedExample[], { padId, padTo, multipleOf = 1 }: PadOptions): Batch {
  const first = examples[0];
  if (first === undefined) throw new UserError('A batch needs at least one example; none was given.');
  const sequencesPerExample = first.sequences.length;
  const longest = Math.max(...examples.map(lengthOf));
  if (padTo !== undefined && longest > padTo) {
    throw new UserError(`A sequence has ${longest} tokens, padTo is ${padTo}. Encode with a lower maximum length.`);
  }
  const tokens = padTo ?? Math.ceil(longest / multipleOf) * multipleOf;
  const size = examples.length * sequencesPerExample * tokens;
  const inputIds = new Int32Array(size).fill(padId);
  const attentionMask = new Int32Array(size);
  const tokenTypeIds = new Int32Array(size);
  let row = 0;
  for (const { id, sequences } of examples) {
    if (sequences.length !== sequencesPerExample) {
      throw new UserError(`Example ${id} has ${sequences.length} sequences, the batch ${sequencesPerExample}.`);
    }
    for (const { ids, typeIds } of sequences) {
      inputIds.set(ids, row * tokens);
      tokenTypeIds.set(typeIds, row * tokens);
      attentionMask.fill(1, row * tokens, row * tokens + ids.length);
      row++;
    }
  }
  return {
    exampleIds: Int32Array.from(examples, ({ id }) => id),
    examples: examples.length,
    sequencesPerExample,
    tokens,
    inputIds,
    attentionMask,
    tokenTypeIds,
    targets: examples.map(({ target }) => target),
  };
}
