/** How many tokens of each text stay when a pair is too long, and windows over a long text. Numbers only. */
import { UserError } from '../engine/errors';

export type Truncation = 'longest_first' | 'only_second';

/** Lengths after truncation of texts with `first` and `second` tokens to `room` tokens together. */
export function truncatedLengths(
  strategy: Truncation,
  first: number,
  second: number,
  room: number,
): readonly [first: number, second: number] {
  if (first + second <= room) return [first, second];
  switch (strategy) {
    case 'longest_first':
      return longestFirst(first, second, room);
    case 'only_second':
      return [first, roomForSecond(first, room)];
  }
}

/**
 * Tokens are taken from the longer text until the two are equal, then from both; an odd token stays with the text that
 * was longer (the second one when both were equal), as in the Hugging Face tokenizers.
 */
function longestFirst(first: number, second: number, room: number): readonly [number, number] {
  if (first > second) {
    const [shorter, longer] = longestFirst(second, first, room);
    return [longer, shorter];
  }
  const half = Math.floor(room / 2);
  return first <= half ? [first, room - first] : [half, room - half];
}

/** Room that the first text leaves; throws a UserError when it leaves none. */
function roomForSecond(first: number, room: number): number {
  if (first >= room) {
    throw new UserError(
      `The first text has ${first} tokens and leaves no room for the second (${room} in all, without special tokens). ` +
        `Raise maxLength, or cut the first text.`,
    );
  }
  return room - first;
}

/**
 * Windows [from, to) of at most `room` tokens over `length` tokens, each beginning `room − stride` after the one
 * before it, so that neighbours share `stride` tokens; the last one reaches the end. One window when all fits.
 *
 * length 10, room 6, stride 2: [0, 6), [4, 10).
 */
export function strideWindows(length: number, room: number, stride: number): (readonly [from: number, to: number])[] {
  if (stride >= room) {
    throw new UserError(
      `A stride of ${stride} does not get on in windows of ${room} tokens. Use a smaller stride, or raise maxLength.`,
    );
  }
  const windows: [number, number][] = [];
  for (let from = 0; ; from += room - stride) {
    windows.push([from, Math.min(from + room, length)]);
    if (from + room >= length) return windows;
  }
}

/** Windows over the second of two texts, `room` tokens being left for both together. */
export function contextWindows(
  question: number,
  context: number,
  room: number,
  stride: number,
): (readonly [from: number, to: number])[] {
  if (question + context <= room) return [[0, context]];
  return strideWindows(context, roomForSecond(question, room), stride);
}
