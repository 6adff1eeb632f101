/** `loadDataset`: one split in one language, from wherever it is, with its provenance. */
import { UserError, oneOf, refuseUnknownKeys, wholeNumber } from '../engine/errors';
import { randomStream } from '../engine/random';
import { repairAsksFor } from './copa';
import type { DatasetName, ExampleTypes, MultipleChoiceExample, Split, SplitName, Suite } from './examples';
import { locate, type LocatedFile, type SplitKey } from './locate';
import { manifest } from './manifest';
import { dataPlaces, type DataPlaces } from './places';
import { readSplit, type ReadExamples } from './readSplit';

export interface DatasetRequest<Name extends DatasetName> {
  readonly name: Name;
  readonly language: string;
  readonly split: SplitName;
  readonly suite: Suite;
  /** At most this many examples; default: all. */
  readonly limit?: number;
  /** Shuffles with the stream "data" of this seed before the limit is applied; default: file order. */
  readonly seed?: number;
}

/**
 * Loads a split. Labels, offsets and `asksFor` are normalised (see the example types).
 *
 * Throws a UserError for unknown names, languages and splits, for data that is nowhere to be found (and how to get
 * it), for malformed rows, and for a limit above what the source holds.
 */
export async function loadDataset<Name extends DatasetName>(
  request: DatasetRequest<Name>,
  places: DataPlaces = dataPlaces(),
): Promise<Split<ExampleTypes[Name]>> {
  refuseUnknownKeys('loadDataset', request, ['name', 'language', 'split', 'suite', 'limit', 'seed']);
  const { language, split } = request;
  const name = oneOf('Data set', request.name, Object.keys(manifest) as DatasetName[]) as Name;
  const suite = oneOf('Suite', request.suite, ['mini', 'published'] as const);
  const key = { name, language, split, suite };
  const file = await locate(key, places);
  const read = await repaired(key, file, await readSplit(key, file), places);
  const { examples: inFile, notes, files } = read as ReadExamples<ExampleTypes[Name]>;

  const examples = take(inFile, request);
  const { expectedCount } = file;
  const complete = examples.length === (expectedCount ?? inFile.length);
  const remarks = [...notes];
  if (expectedCount !== undefined && inFile.length !== expectedCount) {
    remarks.push(`the source holds ${inFile.length} of ${expectedCount} examples`);
  }
  if (examples.length < inFile.length) remarks.push(`limited to ${examples.length} of ${inFile.length} by the caller`);
  return {
    ...key,
    examples,
    source: file.source,
    files,
    count: examples.length,
    available: inFile.length,
    expectedCount,
    complete,
    notes: remarks,
  };
}

function take<Example>(examples: Example[], { name, limit, seed }: DatasetRequest<DatasetName>): Example[] {
  const ordered =
    seed === undefined
      ? examples
      : randomStream(seed, 'data')
          .permutation(examples.length)
          .map((i) => examples[i]!);
  if (limit === undefined) return ordered;
  if (wholeNumber('limit', limit) > examples.length) {
    throw new UserError(`${name}: ${limit} examples were asked for, ${examples.length} are at hand. Lower the limit.`);
  }
  return ordered.slice(0, limit);
}

/**
 * XCOPA's `question` field, put right by COPA's, or by the Estonian file's, which agrees with COPA throughout. XCOPA
 * has COPA's labels, line by line: a file that has others, or fewer lines, is of one's own, and stays as it is.
 */
async function repaired<Example>(
  key: SplitKey,
  { expectedCount }: LocatedFile,
  parsed: ReadExamples<Example>,
  places: DataPlaces,
): Promise<ReadExamples<unknown>> {
  if (key.name !== 'xcopa' || key.suite !== 'published') return parsed;
  const examples = parsed.examples as unknown as MultipleChoiceExample[];
  const asItIs = (note: string) => ({ ...parsed, notes: [...parsed.notes, `cause/effect as ${note}`] });
  const notCopa = "in the file: its lines are not COPA's";
  if (examples.length !== expectedCount) return asItIs(notCopa);
  let compared = false;
  for await (const reference of asksForReferences(key, places)) {
    if (reference.examples.length !== expectedCount) continue;
    compared = true;
    if (reference.examples.some(({ label }, i) => label !== examples[i]!.label)) continue;
    const asksFor = reference.examples.map((example) => example.asksFor);
    const result = repairAsksFor(examples, asksFor);
    const note = `cause/effect put right on ${result.changed} of ${examples.length} lines after ${reference.source}`;
    return {
      examples: result.examples,
      notes: result.changed > 0 ? [...parsed.notes, note] : parsed.notes,
      files: { ...parsed.files, ...reference.files },
    };
  }
  return asItIs(compared ? notCopa : 'published, not checked against COPA');
}

/** COPA, then Estonian XCOPA, as far as they are to be had; each is looked for when it is asked for. */
async function* asksForReferences({ split, suite }: SplitKey, places: DataPlaces) {
  const candidates = [
    { name: 'copa', language: 'en' },
    { name: 'xcopa', language: 'et' },
  ] as const;
  for (const candidate of candidates) {
    const key = { ...candidate, split, suite };
    const file = await locate(key, places).catch(() => undefined);
    if (file !== undefined) yield { source: file.source, ...(await readSplit<'copa' | 'xcopa'>(key, file)) };
  }
}
