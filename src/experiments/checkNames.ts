/**
 * Whether what a configuration names exists: its model and its languages, as far as is known without loading anything.
 */
import { entryOf } from '../datasets/locate';
import { copaTestSet, testSetOf } from '../datasets/tasks';
import { checkModelName } from '../models/modelNames';
import type { RunConfiguration } from './configuration';

/** @throws UserError that says which are known. Whether they are on this machine is not asked. */
export function checkNames({
  model,
  task,
  data: { suite },
  evaluation,
}: Pick<RunConfiguration, 'model' | 'task' | 'data' | 'evaluation'>): void {
  checkModelName(model);
  for (const language of evaluation.languages) {
    const name = task === 'copa' ? copaTestSet(suite, language) : testSetOf[task];
    entryOf({ name, language, split: 'test', suite });
  }
}
