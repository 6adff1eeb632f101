/**
 * Which adapters a forward pass runs through: Stack(language, task) of MAD-X, or the language adapter with LoRA. The
 * type lets a language adapter stand only under a task adapter, and never two of a kind.
 */
import { UserError } from '../engine/errors';
import type { Parameter } from '../nn/parameter';
import { bottleneckParameters, type Bottleneck, type BottleneckConfig } from './bottleneck';
import { invertibleParameters, type Invertible } from './invertible';
import { loraParameters, type LoraConfig, type LoraLayer } from './lora';

export interface BottleneckAdapter<Role extends 'languageAdapter' | 'taskAdapter'> {
  readonly role: Role;
  readonly name: string;
  readonly config: BottleneckConfig;
  /** One a layer; undefined where the layer is left out. */
  readonly layers: readonly (Bottleneck | undefined)[];
  readonly invertible?: Invertible;
}

export type LanguageAdapter = BottleneckAdapter<'languageAdapter'>;
export type TaskAdapter = BottleneckAdapter<'taskAdapter'>;

export interface LoraAdapter {
  readonly role: 'lora';
  readonly name: string;
  readonly config: LoraConfig;
  readonly layers: readonly LoraLayer[];
}

export type Adapter = LanguageAdapter | TaskAdapter | LoraAdapter;

/** From the bottom up: the language adapter, then what is trained on the task. */
export interface Stack {
  readonly language?: LanguageAdapter;
  readonly task?: TaskAdapter | LoraAdapter;
}

export function adapterParameters(adapter: Adapter): Parameter[] {
  if (adapter.role === 'lora') return adapter.layers.flatMap(loraParameters);
  const { layers, invertible } = adapter;
  return [
    ...layers.flatMap((layer) => (layer === undefined ? [] : bottleneckParameters(layer))),
    ...(invertible === undefined ? [] : invertibleParameters(invertible)),
  ];
}

/** The bottlenecks of one layer, bottom first. */
export function bottlenecksOf({ language, task }: Stack, layer: number): Bottleneck[] {
  const adapters = [language, task?.role === 'taskAdapter' ? task : undefined];
  return adapters.flatMap((adapter) => adapter?.layers[layer] ?? []);
}

/** The LoRAs of one layer. */
export function loraOf({ task }: Stack, layer: number): LoraLayer | undefined {
  return task?.role === 'lora' ? task.layers[layer] : undefined;
}

/** As in the Python library, only the invertible adapter of the FIRST adapter of the stack is used. */
export function invertibleOf({ language, task }: Stack): Invertible | undefined {
  return (language ?? (task?.role === 'taskAdapter' ? task : undefined))?.invertible;
}

/** Refuses, at run time, what untyped callers can still get wrong. */
export function checkStack(stack: Stack, layers: number): void {
  const { language, task } = stack;
  if (language !== undefined && language.role !== 'languageAdapter') {
    throw new UserError(
      `"${(language as Adapter).name}" is a ${(language as Adapter).role}, and cannot be the language adapter of a stack. ` +
        `Give it as the task adapter, or load a language adapter.`,
    );
  }
  if (task !== undefined && (task.role as string) === 'languageAdapter') {
    throw new UserError(
      `"${task.name}" is a language adapter, and cannot stand on top of a stack. Give it as { language }.`,
    );
  }
  for (const adapter of [language, task]) {
    if (adapter !== undefined && adapter.layers.length !== layers) {
      throw new UserError(
        `Adapter "${adapter.name}" was made for ${adapter.layers.length} layers; this model has ${layers}.`,
      );
    }
  }
}
