/**
 * BERT's view of a cased text: control characters dropped, white space and punctuation between words, every Chinese
 * character a word of its own; letters, cases and accents as they are.
 *
 * What is punctuation and what a control character is for Unicode to say. The Hugging Face tokenizers ask Unicode 8,
 * this asks the Unicode of the running Node; so characters that were added since may differ (the test lists them).
 */

/** The words of a text, as UTF-16 code units with their places. */
export interface BertWords {
  /** Word i is the code units `bounds[i] … bounds[i+1])`. */
  readonly bounds: number[];
  readonly units: number[];
  /** Where in the text each unit's character starts and ends, in UTF-16 code units. */
  readonly starts: number[];
  readonly ends: number[];
}

type CharacterClass = 'letter' | 'space' | 'alone' | 'dropped';

/** Classes by code point, found when first asked for: 0 for not yet, else 1 + the index in CLASSES. */
const known = new Uint8Array(0x110000);
const CLASSES: readonly CharacterClass[] = ['letter', 'space', 'alone', 'dropped'];

/** What a code point is to BERT; `alone`, a word by itself, is punctuation and Chinese. */
export function characterClass(codePoint: number): CharacterClass {
  const index = known[codePoint]!;
  if (index > 0) return CLASSES[index - 1]!;
  const found = classify(codePoint);
  known[codePoint] = 1 + CLASSES.indexOf(found);
  return found;
}

function classify(codePoint: number): CharacterClass {
  const character = String.fromCodePoint(codePoint);
  if ('\t\n\r'.includes(character)) return 'space';
  if (codePoint === 0 || codePoint === 0xfffd || /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(character)) return 'dropped';
  if (/\p{White_Space}/u.test(character)) return 'space';
  // All of ASCII's symbols count as punctuation, though Unicode calls some of them symbols.
  if (/[!-/:-@[-`{-~\p{P}]/u.test(character) || isChinese(codePoint)) return 'alone';
  return 'letter';
}

/** The CJK blocks of the Hugging Face tokenizers, with their 2B920 where Unicode's block begins at 2B820. */
function isChinese(codePoint: number): boolean {
  return (
    (codePoint >= 0x4e00 && codePoint <= 0x9fff) ||
    (codePoint >= 0x3400 && codePoint <= 0x4dbf) ||
    (codePoint >= 0x20000 && codePoint <= 0x2a6df) ||
    (codePoint >= 0x2a700 && codePoint <= 0x2b73f) ||
    (codePoint >= 0x2b740 && codePoint <= 0x2b81f) ||
    (codePoint >= 0x2b920 && codePoint <= 0x2ceaf) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0x2f800 && codePoint <= 0x2fa1f)
  );
}

/** Splits a text into words. */
export function bertWords(text: string): BertWords {
  const words: BertWords = { bounds: [0], units: [], starts: [], ends: [] };
  const { bounds, units, starts, ends } = words;
  const endWord = () => {
    if (bounds[bounds.length - 1] !== units.length) bounds.push(units.length);
  };
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at)!;
    const end = at + (codePoint > 0xffff ? 2 : 1);
    const kind = characterClass(codePoint);
    if (kind === 'space' || kind === 'alone') endWord();
    if (kind === 'letter' || kind === 'alone') {
      for (let unit = at; unit < end; unit++) {
        units.push(text.charCodeAt(unit));
        starts.push(at);
        ends.push(end);
      }
    }
    if (kind === 'alone') endWord();
    at = end;
  }
  endWord();
  return words;
}
