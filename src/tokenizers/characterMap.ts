/**
 * The character part of SentencePiece's normalisation (nmt_nfkc): at each place of a text, the longest run of code
 * points that the rules know is replaced. Here the rules are records for single code points (as the embedded model
 * file has them) together with Unicode's composition, which SentencePiece's own rules list sequence by sequence.
 */

/** What a rule found at a place: how many UTF-16 code units it takes, and what they become. */
export interface Replacement {
  readonly length: number;
  readonly text: string;
}

/** The longest rule that applies to `text` at code unit `at` (never inside a surrogate pair), if any does. */
export type CharacterMap = (text: string, at: number) => Replacement | undefined;

/** Records of single code points: `codePoints[i]` becomes `replacements[offsets[i] … offsets[i+1])`. */
export interface SingleRecords {
  readonly codePoints: Uint32Array;
  readonly offsets: Uint32Array;
  readonly replacements: Uint32Array;
}

/** The character map of single records plus composition. */
export function recordsMap(records: SingleRecords): CharacterMap {
  const singles = new Map<number, Replacement>();
  records.codePoints.forEach((codePoint, i) => {
    const text = String.fromCodePoint(...records.replacements.subarray(records.offsets[i], records.offsets[i + 1]));
    singles.set(codePoint, { length: codePoint > 0xffff ? 2 : 1, text });
  });
  const mayFollow = composingMarks();
  return (text, at) => {
    const codePoint = text.codePointAt(at)!;
    const after = at + (codePoint > 0xffff ? 2 : 1);
    if (after < text.length && mayFollow.has(text.codePointAt(after)!)) {
      const composed = composition(text, at);
      if (composed !== undefined) return composed;
    }
    return singles.get(codePoint);
  };
}

/** Longest sequence of code points that Unicode composes to one (ᾂ is α and three marks). */
const LONGEST_COMPOSITION = 4;

/**
 * SentencePiece composes a sequence to one code point c exactly when the sequence, each of its code points replaced
 * by a single one that is compatible with it, is the full decomposition of c: half-width カ and its dakuten become
 * ガ, but 가 (already composed) and a final consonant do not become 각.
 */
export function composition(text: string, at: number): Replacement | undefined {
  let best: Replacement | undefined;
  let sequence = '';
  for (let end = at, count = 1; end < text.length && count <= LONGEST_COMPOSITION; count++) {
    const character = String.fromCodePoint(text.codePointAt(end)!);
    const compatible = character.normalize('NFKD');
    if (codePoints(compatible) !== 1) break;
    sequence += compatible;
    end += character.length;
    const composed = sequence.normalize('NFC');
    if (count > 1 && codePoints(composed) === 1 && composed.normalize('NFKD') === sequence) {
      best = { length: end - at, text: composed };
    }
  }
  return best;
}

/** The code points that can stand second or later in such a sequence: what makes looking for one worth while. */
function composingMarks(): ReadonlySet<number> {
  if (marks !== undefined) return marks;
  const later = new Set<string>();
  const singles: [number, string][] = [];
  for (let codePoint = 0xa0; codePoint < 0x30000; codePoint++) {
    // Surrogates, and ideographs without a decomposition.
    if ((codePoint >= 0xd800 && codePoint < 0xe000) || (codePoint >= 0x3400 && codePoint < 0xa000)) continue;
    if (codePoint === 0x20000) codePoint = 0x2f800;
    const character = String.fromCodePoint(codePoint);
    const decomposed = character.normalize('NFKD');
    if (codePoints(decomposed) === 1) singles.push([codePoint, decomposed]);
    else if (decomposed.normalize('NFC') === character) for (const mark of [...decomposed].slice(1)) later.add(mark);
  }
  marks = new Set(singles.filter(([, decomposed]) => later.has(decomposed)).map(([codePoint]) => codePoint));
  return marks;
}

let marks: ReadonlySet<number> | undefined;

function codePoints(text: string): number {
  return text.length === 1 ? 1 : [...text].length;
}
