/**
 * SQuAD's JSON (also XQuAD and MLQA) and the hub's parquet rows of the same sets. The files count characters in code
 * points; here offsets are UTF-16 units, those of JavaScript strings.
 */
import { shown } from '../engine/errors';
import type { Answer, QuestionExample } from './examples';
import { malformed } from './textFiles';

/** Questions in file order, and how many answers do not stand at their offset (0 in the published files). */
export interface Questions {
  readonly examples: QuestionExample[];
  readonly misplacedAnswers: number;
}

/** `{ data: [{ paragraphs: [{ context, qas: [{ id, question, answers: [{ text, answer_start }] }] }] }] }` */
export function parseSquadJson(text: string, name: string): Questions {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw malformed(name, 'JSON', (error as Error).message);
  }
  const examples = list(root, 'data', name).flatMap((article, a) =>
    list(article, 'paragraphs', `${name}, article ${a + 1}`).flatMap((paragraph, p) => {
      const where = `${name}, article ${a + 1}, paragraph ${p + 1}`;
      const context = string(paragraph, 'context', where);
      const toUtf16 = codePointOffsets(context);
      return list(paragraph, 'qas', where).map((qa, q) =>
        questionExample(qa, context, toUtf16, `${where}, question ${q + 1}`),
      );
    }),
  );
  return counted(examples);
}

/** Rows of the hub's parquet: id, question, context, answers { text: [], answer_start: [] }. */
export function squadRows(rows: readonly Readonly<Record<string, unknown>>[], name: string): Questions {
  const examples = rows.map((row, index) => {
    const where = `${name}, row ${index + 1}`;
    const context = string(row, 'context', where);
    const texts = list(row.answers, 'text', where);
    const starts = list(row.answers, 'answer_start', where);
    const answers = texts.map((text, i) => ({ text, answer_start: Number(starts[i]) }));
    return questionExample({ ...row, answers }, context, codePointOffsets(context), where);
  });
  return counted(examples);
}

function counted(examples: QuestionExample[]): Questions {
  const misplaced = ({ context, answers }: QuestionExample): number =>
    answers.filter(({ text, start }) => !context.startsWith(text, start)).length;
  return { examples, misplacedAnswers: examples.reduce((sum, example) => sum + misplaced(example), 0) };
}

function questionExample(
  qa: unknown,
  context: string,
  toUtf16: (codePoints: number) => number,
  where: string,
): QuestionExample {
  const id = string(qa, 'id', where);
  const answers = list(qa, 'answers', `${where} (${id})`).map((answer): Answer => {
    const start = (answer as { answer_start?: unknown }).answer_start;
    if (typeof start !== 'number' || !Number.isInteger(start) || start < 0) {
      throw malformed(`${where} (${id})`, 'answer_start as a whole number of characters', shown(start));
    }
    return { text: string(answer, 'text', `${where} (${id})`), start: toUtf16(start) };
  });
  if (answers.length === 0) throw malformed(`${where} (${id})`, 'at least one answer', 'none');
  return { id, question: string(qa, 'question', `${where} (${id})`), context, answers };
}

/** Maps offsets in code points to UTF-16 units; the identity for a text without surrogate pairs. */
export function codePointOffsets(text: string): (codePoints: number) => number {
  if (!/[\uD800-\uDBFF]/.test(text)) return (offset) => offset;
  const starts: number[] = [];
  let unit = 0;
  for (const character of text) {
    starts.push(unit);
    unit += character.length;
  }
  return (offset) => starts[offset] ?? text.length;
}

function field(parent: unknown, key: string): unknown {
  return typeof parent === 'object' && parent !== null ? (parent as Record<string, unknown>)[key] : undefined;
}

function list(parent: unknown, key: string, where: string): unknown[] {
  const value = field(parent, key);
  if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array);
  if (!Array.isArray(value)) throw malformed(where, `a list "${key}"`, shown(value));
  return value;
}

function string(parent: unknown, key: string, where: string): string {
  const value = field(parent, key);
  if (typeof value !== 'string') throw malformed(where, `a text "${key}"`, shown(value));
  return value;
}
