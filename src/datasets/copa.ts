/**
 * COPA (XML), XCOPA (JSON lines) and the same in the hub's parquet: a premise, two choices, and whether the cause or
 * the effect is asked for.
 */
import { shown } from '../engine/errors';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { MultipleChoiceExample } from './examples';
import { malformed, splitLines } from './textFiles';

/** A COPA item with its id: 1–500 in the development file, 501–1000 in the test file. */
export interface CopaItem extends MultipleChoiceExample {
  readonly id: number;
}

/** The items of `copa-dev.xml`, `copa-test.xml` or `copa-all.xml`, in file order. */
export function parseCopaXml(text: string, name: string): CopaItem[] {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw malformed(`${name}, line ${valid.err.line}`, 'well-formed XML', valid.err.msg);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    trimValues: true,
    htmlEntities: true, // the parser's name for what reads character references (&#233;) beside XML's own five
    isArray: (tag) => tag === 'item',
  });
  const corpus = (parser.parse(text) as { 'copa-corpus'?: { item?: Record<string, unknown>[] } })['copa-corpus'];
  if (!corpus?.item) throw malformed(name, 'a <copa-corpus> of <item> elements', 'none');
  return corpus.item.map((item, index) => {
    const id = Number(item.id);
    const where = `${name}, item number ${index + 1}`;
    if (!Number.isInteger(id)) throw malformed(where, 'a numeric id', shown(item.id));
    const plausible = String(item['most-plausible-alternative']);
    if (plausible !== '1' && plausible !== '2') {
      throw malformed(where, 'most-plausible-alternative="1" or "2"', shown(item['most-plausible-alternative']));
    }
    const fields = { premise: item.p, choice1: item.a1, choice2: item.a2, question: item['asks-for'] };
    return { id, ...multipleChoiceExample({ ...fields, label: Number(plausible) - 1 }, where) };
  });
}

/** XCOPA: one JSON object a line with premise, choice1, choice2, question and label. */
export function parseXcopaJsonl(text: string, name: string): MultipleChoiceExample[] {
  return splitLines(text).map((line, index) => {
    const where = `${name}, line ${index + 1}`;
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      throw malformed(where, 'a JSON object', shown(line));
    }
    if (typeof row !== 'object' || row === null) throw malformed(where, 'a JSON object', shown(row));
    return multipleChoiceExample(row as Record<string, unknown>, where);
  });
}

/** One row in the column names of SuperGLUE and XCOPA; label 0 is choice1. */
export function multipleChoiceExample(row: Readonly<Record<string, unknown>>, where: string): MultipleChoiceExample {
  const text = (column: string): string => {
    const value = row[column];
    if (typeof value !== 'string' || value === '') throw malformed(where, `a text as ${column}`, shown(value));
    return value;
  };
  const { question } = row;
  if (question !== 'cause' && question !== 'effect') throw malformed(where, '"cause" or "effect"', shown(question));
  const label = Number(row.label);
  if (label !== 0 && label !== 1) throw malformed(where, 'label 0 or 1', String(row.label));
  return { premise: text('premise'), choices: [text('choice1'), text('choice2')], asksFor: question, label };
}

/**
 * XCOPA's `question` field is wrong in some languages as published (Thai says "effect" on every line). Lines are
 * aligned with COPA's, so COPA's own `asks-for` replaces it. Returns the examples and how many were changed.
 */
export function repairAsksFor(
  examples: readonly MultipleChoiceExample[],
  asksFor: readonly MultipleChoiceExample['asksFor'][],
): { examples: MultipleChoiceExample[]; changed: number } {
  let changed = 0;
  const repaired = examples.map((example, index) => {
    const right = asksFor[index] ?? example.asksFor;
    if (right !== example.asksFor) changed++;
    return { ...example, asksFor: right };
  });
  return { examples: repaired, changed };
}
