/**
 * SentencePiece's view of a text: characters mapped, runs of white space made one, a space put in front, spaces
 * written as ▁ (U+2581). Every code unit of the result knows which part of the text it came from.
 */
import type { CharacterMap } from './characterMap';

const SPACE = 0x20;
/** ▁, which stands for a space inside pieces. */
export const META_SPACE = 0x2581;

export interface SpaceRules {
  /** Put a space before the text, so that a word is the same piece at its beginning and inside. */
  readonly dummyPrefix: boolean;
  /** Make runs of spaces one, and drop those at both ends. */
  readonly removeExtraSpaces: boolean;
  /**
   * What part of the text the ▁ before a word stands for: the `space` itself (the last one of a run), or, where the
   * tokenizer was published with a split at white space, the first character of the `word`, so that no token
   * includes a space. The ▁ put in front of a text that does not begin with a space stands for its first character.
   */
  readonly spaceOffsets: 'space' | 'word';
}

/** A normalised text. The arrays are reused: they hold it until the same function is called again. */
export interface NormalisedText {
  length: number;
  /** UTF-16 code units. */
  units: Uint16Array;
  /** Where in the text each unit's source starts and ends, in UTF-16 code units. */
  starts: Int32Array;
  ends: Int32Array;
}

/**
 * Makes the function that normalises texts. What several code points became has the place of the first of them (so
 * it is in the Hugging Face tokenizers), and a line end of CR and LF is one space with the place of the CR.
 */
export function sentencePieceText(map: CharacterMap, rules: SpaceRules): (text: string) => NormalisedText {
  const out = newText(1024);
  /** Place of a space that waits for a word: spaces before another space or the end are never written. */
  let spaceStart = -1;
  let spaceEnd = -1;

  const put = (unit: number, start: number, end: number) => {
    if (unit === SPACE && rules.removeExtraSpaces) {
      spaceStart = start;
      spaceEnd = end;
      return;
    }
    if (out.length === 0 ? rules.dummyPrefix : spaceStart >= 0) {
      if (spaceStart >= 0 && rules.spaceOffsets === 'space') append(out, META_SPACE, spaceStart, spaceEnd);
      else append(out, META_SPACE, start, end);
    }
    spaceStart = -1;
    append(out, unit === SPACE ? META_SPACE : unit, start, end);
  };

  return (given) => {
    // Half a surrogate pair is what U+FFFD stands for in UTF-8.
    const text = given.replace(/\p{Surrogate}/gu, '\ufffd');
    out.length = 0;
    spaceStart = -1;
    for (let at = 0; at < text.length;) {
      const unit = text.charCodeAt(at);
      const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
      const size = (unit & 0xfc00) === 0xd800 ? 2 : 1;
      // Printable ASCII before ASCII is in nobody's rules: the quick way through most of a Latin text.
      const found = unit >= SPACE && unit < 0x7f && next < 0x80 ? undefined : map(text, at);
      if (found === undefined) {
        put(unit, at, at + size);
        if (size === 2) put(next, at, at + 2);
        at += size;
        continue;
      }
      for (let i = 0; i < found.text.length; i++) put(found.text.charCodeAt(i), at, at + size);
      at += found.length;
      if (unit === 0x0d && next === 0x0a && found.text === ' ' && found.length === 1) at++;
    }
    if (rules.removeExtraSpaces) while (out.units[out.length - 1] === META_SPACE) out.length--;
    return out;
  };
}

function newText(capacity: number): NormalisedText {
  return {
    length: 0,
    units: new Uint16Array(capacity),
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
  };
}

function append(text: NormalisedText, unit: number, start: number, end: number): void {
  if (text.length === text.units.length) {
    const larger = newText(2 * text.length);
    larger.units.set(text.units);
    larger.starts.set(text.starts);
    larger.ends.set(text.ends);
    Object.assign(text, larger, { length: text.length });
  }
  text.units[text.length] = unit;
  text.starts[text.length] = start;
  text.ends[text.length++] = end;
}
