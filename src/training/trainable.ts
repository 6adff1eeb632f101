/** What a run trains, and how it is put back to stored values. */
import { UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import type { AdapterModel } from '../models/adapterModel';
import type { Parameter } from '../nn/parameter';
import type { Schedule } from '../schedulers/schedule';

/** Everything that a run may update: the head, and the task adapter, LoRA, or (full fine-tuning) the base. */
export function trainableParameters(model: AdapterModel, schedule: Pick<Schedule, 'name'>): Parameter[] {
  const head = model.head?.parameters ?? [];
  if (schedule.name === 'full')
    return [...head, ...model.parameters().filter(({ address }) => address.role === 'base')];
  const task = model.stack.task;
  if (task === undefined) throw new UserError(`No task adapter is active; call model.activate({ task, head }) first.`);
  const own = model.parametersOf(task.name).filter(({ address }) => address.layer !== undefined);
  return [...head, ...own];
}

export function restoreParameters(parameters: readonly Parameter[], values: ReadonlyMap<string, Float32Array>): void {
  for (const parameter of parameters) {
    const data = values.get(parameter.name);
    if (data === undefined) throw new UserError(`The stored state has no values of "${parameter.name}".`);
    parameter.assign(tf.tensor(data, [...parameter.shape]));
  }
}
