/** Reads a located file with the parser of its data set and format. */
import { basename } from 'node:path';
import type { FileHashes } from '../engine/fileHash';
import { multipleChoiceExample, parseCopaXml, parseXcopaJsonl } from './copa';
import { publishedSha256 } from './checksums';
import type { DatasetName, ExampleTypes, MultipleChoiceExample, QuestionExample, SplitName } from './examples';
import type { LocatedFile, SplitKey } from './locate';
import { nliExample, parseNliTsv, rowsBySource } from './nliTsv';
import { readParquet } from './parquet';
import { partOfText, plainTextFiles, readPlainText } from './plainText';
import { parseSquadJson, squadRows, type Questions } from './squadJson';
import { contentHash, decodeText, readBytes } from './textFiles';

/** Examples in file order and what there is to say about them. */
export interface Parsed<Example> {
  readonly examples: Example[];
  readonly notes: readonly string[];
}

/** The same with the SHA-256 of what was read, by source. */
export interface ReadExamples<Example> extends Parsed<Example> {
  readonly files: FileHashes;
}

type Row = Readonly<Record<string, unknown>>;

interface Reader<Example> {
  readonly parse: (text: string, name: string, split: SplitName) => Parsed<Example>;
  readonly columns: readonly string[];
  readonly fromRows: (rows: readonly Row[], name: string) => Parsed<Example>;
}

const nli: Reader<ExampleTypes['xnli']> = {
  parse: (text, name) => {
    const sources = rowsBySource(text);
    return { examples: parseNliTsv(text, name), notes: sources ? [`rows by source: ${sources}`] : [] };
  },
  columns: ['premise', 'hypothesis', 'label'],
  fromRows: (rows, name) => ({ examples: rows.map((row, i) => nliExample(row, `${name}, row ${i + 1}`)), notes: [] }),
};

const questions: Reader<QuestionExample> = {
  parse: (text, name) => withOffsetNote(parseSquadJson(text, name)),
  columns: ['id', 'question', 'context', 'answers'],
  fromRows: (rows, name) => withOffsetNote(squadRows(rows, name)),
};

const choicesFromRows = (rows: readonly Row[], name: string): Parsed<MultipleChoiceExample> => ({
  examples: rows.map((row, i) => multipleChoiceExample(row, `${name}, row ${i + 1}`)),
  notes: [],
});
const choiceColumns = ['premise', 'choice1', 'choice2', 'question', 'label'];

const readers: { [Name in Exclude<DatasetName, 'text'>]: Reader<ExampleTypes[Name]> } = {
  mnli: nli,
  xnli: nli,
  squad: questions,
  xquad: questions,
  mlqa: questions,
  copa: {
    parse: (text, name, split) => ({
      examples: parseCopaXml(text, name)
        .filter(({ id }) => copaSplitOf(id) === split)
        .map(({ id: _, ...example }) => example),
      notes: [],
    }),
    columns: choiceColumns,
    fromRows: choicesFromRows,
  },
  xcopa: {
    parse: (text, name) => ({ examples: parseXcopaJsonl(text, name), notes: [] }),
    columns: choiceColumns,
    fromRows: choicesFromRows,
  },
};

/** COPA's development set is cut so that validation is what XCOPA's validation was translated from. */
function copaSplitOf(id: number): SplitName {
  if (id <= 400) return 'train';
  return id <= 500 ? 'validation' : 'test';
}

function withOffsetNote({ examples, misplacedAnswers }: Questions): Parsed<QuestionExample> {
  const note = `${misplacedAnswers} answers do not stand at their offset in the paragraph`;
  return { examples, notes: misplacedAnswers > 0 ? [note] : [] };
}

/** The examples of a located file, in its order. Malformed rows are errors that name file, row and expectation. */
export async function readSplit<Name extends DatasetName>(
  key: SplitKey & { readonly name: Name },
  file: LocatedFile,
): Promise<ReadExamples<ExampleTypes[Name]>> {
  const parsed = (await readAny(key, file)) as Parsed<ExampleTypes[Name]>;
  return { ...parsed, files: hashesOf(file) };
}

function hashesOf({ path, source }: LocatedFile): FileHashes {
  const inFolder = (file: string) => (file === path ? source : `${source}/${basename(file)}`);
  return Object.fromEntries(plainTextFiles(path).map((file) => [inFolder(file), contentHash(file)]));
}

async function readAny({ name, split, suite }: SplitKey, file: LocatedFile): Promise<Parsed<unknown>> {
  if (name === 'text') {
    const note = 'every 20th line is for validation, the others for training';
    if (suite === 'published') return { examples: partOfText(readPlainText(file.path), split), notes: [note] };
    const pairs = parseNliTsv(decodeText(readBytes(file.path), file.source), file.source);
    const sentences = new Set(pairs.flatMap(({ premise, hypothesis }) => [premise, hypothesis]));
    return { examples: partOfText([...sentences], split), notes: [note, 'the sentences of the mini NLI test set'] };
  }
  const reader: Reader<unknown> = readers[name];
  if (file.format === 'parquet') {
    return reader.fromRows(await readParquet(file.path, reader.columns), file.source);
  }
  const bytes = readBytes(file.path);
  const parsed = reader.parse(decodeText(bytes, file.source), file.source, split);
  const published = suite === 'published' ? publishedSha256[basename(file.path).replace(/\.gz$/, '')] : undefined;
  const differs = published !== undefined && contentHash(file.path) !== published;
  return differs
    ? { ...parsed, notes: [...parsed.notes, 'the file differs from the published one (SHA-256)'] }
    : parsed;
}
