/** The task of a run, and its model with the initial values that the run's seed gives: base, adapter, head. */
import { join } from 'node:path';
import { dataPlaces } from '../datasets/places';
import { funHome } from '../engine/places';
import { AdapterModel } from '../models/adapterModel';
import { fetchDatasetFile } from '../models/hub/index';
import type { OpenedModel } from '../models/openModel';
import { tokenizerHash } from '../tokenizers/loadTokenizer';
import type { RunConfiguration } from './configuration';
import { modelSourceText } from './inputs';
import type { StartingPoint } from './result';
import { startAt } from './startingPoint';
import { openLanguageAdapters, type LanguageAdapters } from './languageAdapters';
import type { SharedBase } from './openBase';
import { runTask, type RunTask } from './taskSets';

const TASK_ADAPTER = 'task';
const HEAD = 'task';

/** The task of a run, with the data of this machine. */
export function taskOn({ opened, tokenizer }: SharedBase, configuration: RunConfiguration): RunTask {
  const places = dataPlaces(process.env, fetchDatasetFile);
  const cache = { folder: join(funHome(), 'encoded'), tokenizerId: tokenizerIdentity(opened) };
  return runTask(configuration, tokenizer, places, cache);
}

/** What the encoded sets are kept under: the model, and for a folder, whose files may change, their hash. */
function tokenizerIdentity({ name, source, tokenizer }: OpenedModel): string {
  return [name, source, ...(tokenizer.type === 'folder' ? [tokenizerHash(tokenizer.folder)] : [])].join(', ');
}

export interface TaskModel {
  readonly model: AdapterModel;
  readonly languageAdapters: LanguageAdapters;
  /** Of the base and the language adapters, as results name it. */
  readonly modelSource: string;
  readonly startedFrom?: StartingPoint;
}

/** The model of a run with its initial values, and its language adapters, the English one in place. */
export async function openTaskModel(
  { opened }: SharedBase,
  configuration: RunConfiguration,
  task: RunTask,
): Promise<TaskModel> {
  const { startFrom } = configuration;
  const model = taskModel(configuration, opened, task);
  try {
    const startedFrom = startFrom === undefined ? undefined : startAt(startFrom, model, configuration);
    const languageAdapters = await openLanguageAdapters(configuration, model);
    const modelSource = modelSourceText(opened.source, languageAdapters.source);
    return { model, languageAdapters, modelSource, ...(startedFrom === undefined ? {} : { startedFrom }) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Adapter and head with the run's own initial values. */
function taskModel(
  { method, head, seed }: RunConfiguration,
  { name, encoder }: OpenedModel,
  { head: kind, labels }: RunTask,
): AdapterModel {
  const model = new AdapterModel(name, encoder);
  const named = labels === undefined ? {} : { labels };
  model.addHead(HEAD, { kind, family: 'adapters', ...named, ...head }, seed);
  if (method.type === 'full') {
    model.activate({ head: HEAD });
    return model;
  }
  const config = method.type === 'lora' ? method : ({ ...method, activation: 'relu', leaveOut: [] } as const);
  model.addTaskAdapter(TASK_ADAPTER, config, seed);
  model.activate({ task: TASK_ADAPTER, head: HEAD });
  return model;
}
