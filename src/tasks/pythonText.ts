/**
 * The rules of Python's `str` and `re` that the official QA evaluation scripts rest on, where JavaScript's differ.
 * Checked against CPython 3.11 (Unicode 14).
 */

/** `str.isspace`: unlike `\s` with U+001C–U+001F and U+0085, and without U+FEFF. */
const whiteSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/** `string.punctuation`: 32 ASCII characters. */
export const asciiPunctuation = /[!-/:-@[-`{-~]/gu;

/** Every character of a Unicode category P* and `string.punctuation`. */
export const allPunctuation = /[\p{P}!-/:-@[-`{-~]/gu;

/** `text.split()`: the words between runs of white space, none of them empty. */
export function pythonSplit(text: string): string[] {
  return text.split(whiteSpace).filter((word) => word !== '');
}

/**
 * `re.compile(r'\b(…)\b')`: whole words by Python's Unicode `\w`, which is letters, numbers and "_" but no combining
 * mark. Longer words first is not needed: the boundary decides.
 */
export function wholeWords(words: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
}
