/**
 * Where a run's training starts when it is not from random values: at the adapter of an AdapterHub folder, or of a run
 * that `run.save` wrote. Its head comes along where it answers the same question; else the head is random, as
 * everywhere.
 */
import { existsSync } from 'node:fs';
import { trainingSetOf } from '../datasets/tasks';
import { shown, UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import { factsOf, hasHeadForPython } from '../models/adapterFiles';
import type { AdapterModel } from '../models/adapterModel';
import { startFolderSource } from '../models/folderSources';
import { holdsHead, readAdapter, readHead, type NamedTensor } from '../models/formats/adapterHub';
import type { Parameter } from '../nn/parameter';
import { canonicalJson, type RunConfiguration } from './configuration';
import type { StartingPoint } from './result';
import { isSavedRun, readSavedRun } from './savedRun';

type Values = ReadonlyMap<string, NamedTensor>;

interface Start {
  readonly adapter: Values;
  /** Absent where there is none, or one for another question. */
  readonly head?: Values;
}

/**
 * Puts the values of the folder into the active task adapter and head of the model.
 *
 * @throws UserError when there is no adapter in the folder, or none like the one that the run trains.
 */
export function startAt(folder: string, model: AdapterModel, configuration: RunConfiguration): StartingPoint {
  if (!existsSync(folder)) throw new UserError(`startFrom: there is no folder ${folder}.`);
  const { adapter, head } = isSavedRun(folder) ? savedStart(folder, configuration) : publishedStart(folder, model);
  assignAll(model.parametersOf(model.stack.task!.name), adapter, folder);
  if (head !== undefined) assignAll(model.head!.parameters, head, folder);
  return { source: startFolderSource(folder), parts: head === undefined ? 'adapter' : 'adapter and head' };
}

function savedStart(folder: string, { method, head, task }: RunConfiguration): Start {
  const { configuration: its, parameters } = readSavedRun(folder);
  requireSame(folder, its.method, method);
  const isSameHead = trainingSetOf[its.task] === trainingSetOf[task] && canonicalJson(its.head) === canonicalJson(head);
  return { adapter: parameters, ...(isSameHead ? { head: parameters } : {}) };
}

function publishedStart(folder: string, model: AdapterModel): Start {
  const { name, config } = model.stack.task!;
  const file = readAdapter(folder, { model: factsOf(model), loadAs: name });
  requireSame(folder, file.config, config);
  const head = publishedHead(folder, model);
  return { adapter: file.tensors, ...(head === undefined ? {} : { head }) };
}

/** A head with the labels in another order would start with the wrong answers. */
function publishedHead(folder: string, model: AdapterModel): Values | undefined {
  const own = model.head!;
  if (!holdsHead(folder) || !hasHeadForPython(own)) return undefined;
  const { config, tensors } = readHead(folder, { model: factsOf(model), loadAs: own.name });
  const { kind, labels } = own.config;
  const isSame = canonicalJson([config.kind, labels && config.labels]) === canonicalJson([kind, labels]);
  return isSame ? tensors : undefined;
}

function requireSame(folder: string, found: object, asked: object): void {
  if (canonicalJson(found) === canonicalJson(asked)) return;
  throw new UserError(
    `${folder} holds ${shown(found)}, and the run trains ${shown(asked)}: choose the same method to start from it.`,
  );
}

function assignAll(parameters: readonly Parameter[], values: Values, folder: string): void {
  const tensors = parameters.map(({ name, shape }) => {
    const found = values.get(name);
    if (found?.shape.join() === shape.join()) return found.data;
    const instead = found === undefined ? 'nothing' : `[${found.shape.join(', ')}]`;
    throw new UserError(`${folder} has ${instead} for "${name}", which is [${shape.join(', ')}] in this model.`);
  });
  parameters.forEach((parameter, i) => parameter.assign(tf.tensor(tensors[i]!, [...parameter.shape])));
}
