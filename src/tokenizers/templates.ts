/**
 * What a kind of model puts around its texts.
 *
 *     xlmRoberta   <s> A </s>          <s> A </s></s> B </s>       all token types 0 (XLM-R, multilingual-e5)
 *     bert         [CLS] A [SEP]       [CLS] A [SEP] B [SEP]       token types 0 … 0 1 … 1 (mBERT, mDeBERTa)
 */
import { emptyEncoding, type Encoding } from './encoding';

export type TemplateKind = 'xlmRoberta' | 'bert';

/** A special token or the place of a text, with its token type. */
type Part = readonly [part: 'cls' | 'sep' | 0 | 1, type: 0 | 1];

export interface Template {
  readonly single: readonly Part[];
  readonly pair: readonly Part[];
}

export const TEMPLATES: Readonly<Record<TemplateKind, Template>> = {
  xlmRoberta: {
    single: [
      ['cls', 0],
      [0, 0],
      ['sep', 0],
    ],
    pair: [
      ['cls', 0],
      [0, 0],
      ['sep', 0],
      ['sep', 0],
      [1, 0],
      ['sep', 0],
    ],
  },
  bert: {
    single: [
      ['cls', 0],
      [0, 0],
      ['sep', 0],
    ],
    pair: [
      ['cls', 0],
      [0, 0],
      ['sep', 0],
      [1, 1],
      ['sep', 1],
    ],
  },
};

/** How many special tokens the parts add. */
export function specialCount(parts: readonly Part[]): number {
  return parts.filter(([part]) => typeof part === 'string').length;
}

/** The parts filled with the special ids and the tokens of the texts. */
export function fillTemplate(
  parts: readonly Part[],
  special: { readonly cls: number; readonly sep: number },
  texts: readonly Encoding[],
): Encoding {
  const length = texts.reduce((sum, text) => sum + text.ids.length, specialCount(parts));
  const filled = emptyEncoding(length);
  let at = 0;
  for (const [part, type] of parts) {
    const from = at;
    if (typeof part === 'string') {
      filled.ids[at] = special[part];
      filled.starts[at] = filled.ends[at] = -1;
      filled.sequence[at++] = -1;
    } else {
      const text = texts[part]!;
      filled.ids.set(text.ids, at);
      filled.starts.set(text.starts, at);
      filled.ends.set(text.ends, at);
      at += text.ids.length;
      filled.sequence.fill(part, from, at);
    }
    filled.typeIds.fill(type, from, at);
  }
  return filled;
}
