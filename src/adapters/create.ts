/** Makes adapters for a base model: new ones, or with the values of a file. Names are those of the adapters library. */
import { UserError } from '../engine/errors';
import type { Address } from '../nn/parameter';
import type { ParameterFactory } from '../nn/parameterFactory';
import type { BottleneckConfig } from './bottleneck';
import type { Invertible } from './invertible';
import type { LoraConfig, LowRank } from './lora';
import type { BottleneckAdapter, LoraAdapter } from './stack';

/** What an adapter must know of the base model that it is for. */
export interface BaseShape {
  /** bert, roberta or deberta. */
  readonly prefix: string;
  readonly hiddenSize: number;
  readonly layers: number;
  /** Names of the projections that LoRA updates, within a layer. */
  readonly queryName: string;
  readonly valueName: string;
}

export function createBottleneckAdapter<Role extends 'languageAdapter' | 'taskAdapter'>(
  name: string,
  role: Role,
  config: BottleneckConfig,
  base: BaseShape,
  make: ParameterFactory,
): BottleneckAdapter<Role> {
  const { hiddenSize: H, prefix } = base;
  const size = bottleneckSize(name, H, config.reductionFactor);
  const layers = Array.from({ length: base.layers }, (_, layer) => {
    if (config.leaveOut.includes(layer)) return undefined;
    const at: Address = { role, layer };
    const key = `${prefix}.encoder.layer.${layer}.output.adapters.${name}`;
    return {
      down: make.linear(`${key}.adapter_down.0`, at, H, size),
      up: make.linear(`${key}.adapter_up`, at, size, H),
      activation: config.activation,
    };
  });
  const reduction = config.invertibleReductionFactor;
  const invertible = reduction === undefined ? {} : { invertible: createInvertible(name, role, config, base, make) };
  return { role, name, config, layers, ...invertible };
}

function createInvertible(
  name: string,
  role: 'languageAdapter' | 'taskAdapter',
  config: BottleneckConfig,
  { prefix, hiddenSize }: BaseShape,
  make: ParameterFactory,
): Invertible {
  const half = hiddenSize / 2;
  const size = bottleneckSize(name, half, config.invertibleReductionFactor!);
  const coupling = (part: 'F' | 'G') => {
    const key = `${prefix}.invertible_adapters.${name}.${part}`;
    return { down: make.linear(`${key}.0`, { role }, half, size), up: make.linear(`${key}.2`, { role }, size, half) };
  };
  return { F: coupling('F'), G: coupling('G'), activation: config.activation };
}

export function createLoraAdapter(
  name: string,
  config: LoraConfig,
  base: BaseShape,
  make: ParameterFactory,
): LoraAdapter {
  const { hiddenSize: H } = base;
  if (!Number.isInteger(config.rank) || config.rank < 1 || config.rank > H) {
    throw new UserError(`LoRA "${name}": rank ${config.rank} must be a whole number from 1 to ${H}.`);
  }
  const layers = Array.from({ length: base.layers }, (_, layer) => {
    const lowRank = (projection: string): LowRank => {
      const key = `${base.prefix}.encoder.layer.${layer}.${projection}.loras.${name}`;
      return {
        loraA: make.parameter(`${key}.lora_A`, { role: 'lora', layer }, [config.rank, H], 'kaimingUniform'),
        loraB: make.parameter(`${key}.lora_B`, { role: 'lora', layer }, [H, config.rank], 'zeros'),
        scaling: config.alpha / config.rank,
      };
    };
    return { query: lowRank(base.queryName), value: lowRank(base.valueName) };
  });
  return { role: 'lora', name, config, layers };
}

/** R = inputs / reductionFactor, at least 1; the Python library floors it too. */
function bottleneckSize(name: string, inputs: number, reductionFactor: number): number {
  const size = Math.floor(inputs / reductionFactor);
  if (!(reductionFactor > 0) || size < 1) {
    throw new UserError(
      `Adapter "${name}": reduction factor ${reductionFactor} leaves no bottleneck in ${inputs} units; ` +
        `give a number from 1 to ${inputs}.`,
    );
  }
  return size;
}
