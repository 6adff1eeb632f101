/**
 * Scores of a model that was put together by hand, such as an adapter and a head of AdapterHub on their base:
 * zero-shot, on the test sets of a task.
 */
import { shown, UserError } from '../engine/errors';
import type { AdapterModel } from '../models/adapterModel';
import type { RunConfiguration } from './configuration';
import { evaluateLanguage, evaluationBatch } from './evaluateLanguage';
import type { SharedBase } from './openBase';
import type { LanguageEvaluation } from './result';
import { taskOn } from './taskModel';
import type { RunTask } from './taskSets';

/**
 * The model is taken as it is, with the adapters and the head that are active.
 *
 * @throws UserError when it is on another base, or its head is not one for the task.
 */
export async function* evaluateModel(
  model: AdapterModel,
  base: SharedBase,
  configuration: RunConfiguration,
  languages: readonly string[],
): AsyncGenerator<LanguageEvaluation> {
  const { name } = base.opened;
  if (model.name !== name) {
    throw new UserError(`This model is "${model.name}", the lab's is "${name}": open a lab with that of the model.`);
  }
  const task = taskOn(base, configuration);
  checkHead(model, task, configuration.task);
  const batches = evaluationBatch(base.engine);
  for (const language of languages) yield await evaluateLanguage(await task.openTest(language), model, batches);
}

function checkHead({ head }: AdapterModel, { head: kind, labels }: RunTask, task: string): void {
  if (head === undefined) {
    throw new UserError('No head of this model is active: model.activate({ task: ADAPTER, head: HEAD }).');
  }
  const { name, config } = head;
  if (JSON.stringify(config.kind) !== JSON.stringify(kind)) {
    throw new UserError(`Head "${name}" is ${shown(config.kind)}; task ${task} asks for ${shown(kind)}.`);
  }
  const [own, asked] = [config.labels ?? [], labels ?? []];
  const isReordered = own.join() !== asked.join() && asked.every((label) => own.includes(label));
  if (kind.type === 'classification' && isReordered) {
    throw new UserError(
      `The labels of head "${name}" are in the order ${own.join(', ')}, those of task ${task} in the order ` +
        `${asked.join(', ')}: its scores would be of other labels.`,
    );
  }
}
