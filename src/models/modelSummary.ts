/** A model as a table: its parameters by role, adapter and layer, and which of them a run would train. */
import type { Wanted } from '../nn/gradientSink';
import type { Parameter, Role } from '../nn/parameter';
import type { AdapterModel } from './adapterModel';

export interface SummaryRow {
  readonly role: Role;
  /** "–" outside the layers: embeddings, invertible adapters, heads. The host's word table is not counted. */
  readonly layer: string;
  readonly tensors: number;
  readonly parameters: number;
  readonly trainable: number;
}

/**
 * One row a role and layer.
 *
 * @param trainable which parameters count as trainable; default: those of the active task adapter (or LoRA) and head
 */
export function modelSummary(model: AdapterModel, trainable: Wanted = activeParameters(model)): SummaryRow[] {
  const groups = new Map<string, Parameter[]>();
  for (const parameter of model.parameters()) {
    const { role, layer } = parameter.address;
    const key = `${role} ${layer ?? '–'}`;
    groups.set(key, [...(groups.get(key) ?? []), parameter]);
  }
  const sum = (parameters: readonly Parameter[]) => parameters.reduce((total, { size }) => total + size, 0);
  return [...groups].map(([key, parameters]) => {
    const [role, layer] = key.split(' ') as [Role, string];
    return {
      role,
      layer,
      tensors: parameters.length,
      parameters: sum(parameters),
      trainable: sum(parameters.filter((parameter) => trainable.has(parameter))),
    };
  });
}

/** The task adapter or LoRA of the active stack, and the active head. */
const activeParameters = (model: AdapterModel): Wanted =>
  new Set([
    ...(model.stack.task === undefined ? [] : model.parametersOf(model.stack.task.name)),
    ...(model.head?.parameters ?? []),
  ]);
