/**
 * A trained run as a folder: what it trained, in the lab's own file (`trained.safetensors`: every trained parameter as
 * it is), and its result. Beside them, for Python, the adapter and, where the adapters library has such a one, the head
 * in AdapterHub's format. The base model is not in it, unless it was trained.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceTogether, requireFolder } from '../engine/atomicFile';
import { messageOf, UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import { hasHeadForPython, saveAdapter, saveHead } from '../models/adapterFiles';
import type { AdapterModel } from '../models/adapterModel';
import { adapterHubFiles, type NamedTensor } from '../models/formats/adapterHub';
import { openSafetensors, readMetadata, writeSafetensors } from '../models/formats/safetensors';
import type { Parameter } from '../nn/parameter';
import { checkConfiguration } from './checkConfiguration';
import { methodLabel, type RunConfiguration } from './configuration';
import type { RunResult } from './result';
import { printResult, wholeResult } from './store';

const RESULT = 'result.json';
const TRAINED = 'trained.safetensors';
const files = [...adapterHubFiles, TRAINED, RESULT];
const savedFormat = 1;

/** Which state of the model was saved, and of which step it is. */
export interface SavedState {
  readonly state: 'best' | 'last';
  readonly step: number;
}

export interface SavedRun extends SavedState {
  /** For messages. */
  readonly folder: string;
  readonly result: RunResult;
  /** As saved; a schedule of one's own, which is over, stands as one that is known, and so does its start. */
  readonly configuration: RunConfiguration;
  readonly parameters: ReadonlyMap<string, NamedTensor>;
}

interface Header extends SavedState {
  readonly format: typeof savedFormat;
  readonly id: string;
  /** Of the numbers, in the order of the tensors' names. */
  readonly sha256: string;
  /** SHA-256 of the result's file, which belongs to these numbers. Absent in what was saved earlier. */
  readonly result?: string;
}

/**
 * Writes the run: all of its files, or on a full disk none. Other files in the folder stay.
 *
 * @param model with the state that is to be saved in place.
 * @throws UserError when the folder holds another run, or files of these names that are not of this one.
 */
export function writeSavedRun(
  folder: string,
  run: SavedState & { result: RunResult; model: AdapterModel; trained: readonly Parameter[] },
): void {
  const { result, model, trained, state, step } = run;
  refuseOthers(folder, result.id);
  const tensors = new Map(
    trained.map(({ name, shape, value }) => [name, { shape, data: value.dataSync<'float32'>().slice() }]),
  );
  const printed = printResult(result);
  const header: Header = {
    format: savedFormat,
    id: result.id,
    state,
    step,
    sha256: numbersHash(tensors),
    result: textHash(printed),
  };
  const { task } = model.stack;
  replaceTogether(folder, files, (aside) => {
    if (task !== undefined) {
      saveAdapter(model, task.name, aside);
      if (hasHeadForPython(model.head!)) saveHead(model, model.head!.name, aside);
    }
    writeSafetensors(join(aside, TRAINED), tensors, { metadata: { run: JSON.stringify(header) } });
    writeFileSync(join(aside, RESULT), printed);
  });
}

/**
 * Before hours of work for what goes there.
 *
 * @throws UserError when the run could not be saved in the folder: it holds another one, or cannot be written.
 */
export function requireSavable(folder: string, id: string): void {
  refuseOthers(folder, id);
  requireFolder(folder);
}

/** Whether `writeSavedRun` wrote something there. */
export const isSavedRun = (folder: string): boolean => existsSync(join(folder, TRAINED));

/** Reads what `writeSavedRun` wrote; nothing in it is run. @throws UserError that names the file that is not whole. */
export function readSavedRun(folder: string): SavedRun {
  const { result, hash } = readResult(join(folder, RESULT));
  const path = join(folder, TRAINED);
  const header = readHeader(path);
  if (header.id !== result.id) {
    throw new UserError(
      `${path} is of the run "${header.id}", ${RESULT} of "${result.id}"; the two belong together. Save the run again.`,
    );
  }
  if (header.result !== undefined && header.result !== hash) {
    throw new UserError(
      `${join(folder, RESULT)} is not the one that was saved with ${TRAINED}: a later save was cut off, or one of the ` +
        `two was changed. Save the run again.`,
    );
  }
  const parameters = readTensors(path);
  if (numbersHash(parameters) !== header.sha256) {
    throw new UserError(
      `${path} is damaged: its numbers are not those that were saved. Copy it or save the run again.`,
    );
  }
  const { state, step } = header;
  return { folder, result, configuration: knownConfiguration(result), parameters, state, step };
}

/** Puts the saved values into the parameters that the run's method trains. @throws UserError where they do not fit. */
export function restoreSaved(trained: readonly Parameter[], { folder, configuration, parameters }: SavedRun): void {
  const unfit = (what: string) =>
    new UserError(
      `${join(folder, TRAINED)} does not fit method ${methodLabel(configuration.method)} on this model: ${what}.`,
    );
  for (const { name, shape } of trained) {
    const found = parameters.get(name);
    if (found === undefined) throw unfit(`there is no "${name}"`);
    if (found.shape.join() !== shape.join()) {
      throw unfit(`"${name}" is [${found.shape.join(', ')}], not [${shape.join(', ')}]`);
    }
  }
  const names = new Set(trained.map(({ name }) => name));
  const extra = [...parameters.keys()].find((name) => !names.has(name));
  if (extra !== undefined) throw unfit(`it has "${extra}", too`);
  for (const parameter of trained) {
    parameter.assign(tf.tensor(parameters.get(parameter.name)!.data, [...parameter.shape]));
  }
}

function refuseOthers(folder: string, id: string): void {
  const there = files.filter((name) => existsSync(join(folder, name)));
  if (there.length === 0) return;
  const other = there.includes(RESULT) ? idOf(join(folder, RESULT)) : undefined;
  if (other === id) return;
  const holds = other === undefined ? `${there.join(', ')}, which are not of this run` : `another run, ${other}`;
  throw new UserError(`${folder} holds ${holds}, and would lose it. Choose another folder, or move that one away.`);
}

/** The run of a result file, whatever else is in it. */
function idOf(path: string): string | undefined {
  try {
    return String((JSON.parse(readFileSync(path, 'utf8')) as { id?: unknown }).id);
  } catch {
    return undefined;
  }
}

function readResult(path: string): { result: RunResult; hash: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}. Give the folder that run.save wrote.`);
  }
  const broken = (why: string) => new UserError(`${path} is not a whole result: ${why}. Save the run again.`);
  return { result: wholeResult(text, broken), hash: textHash(text) };
}

function readHeader(path: string): Header {
  const unknown = () => new UserError(`${path} was not written by run.save of this version. Save the run again.`);
  const { run } = readMetadata(path);
  if (run === undefined) throw unknown();
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(run) as Partial<Header> | null;
  } catch {
    throw unknown();
  }
  if (header?.format !== savedFormat) throw unknown();
  return header as Header;
}

function readTensors(path: string): Map<string, NamedTensor> {
  const file = openSafetensors(path);
  try {
    return new Map(
      file.names().map((name) => {
        const { data, shape } = file.read(name);
        if (data instanceof Float32Array) return [name, { data, shape }];
        throw new UserError(`${path}: "${name}" holds no floating-point numbers. Save the run again.`);
      }),
    );
  } finally {
    file.close();
  }
}

const textHash = (text: string) => createHash('sha256').update(text).digest('hex');

function numbersHash(tensors: ReadonlyMap<string, NamedTensor>): string {
  const hash = createHash('sha256');
  for (const name of [...tensors.keys()].sort()) {
    const { data } = tensors.get(name)!;
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

function knownConfiguration({ configuration }: RunResult): RunConfiguration {
  const { fisherForSchedule: _, startFrom: __, ...rest } = configuration;
  return checkConfiguration({
    ...rest,
    schedule: { name: configuration.method?.type === 'full' ? 'full' : 'standard' },
  });
}
