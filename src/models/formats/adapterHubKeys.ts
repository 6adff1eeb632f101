/**
 * The names and shapes of an adapter's tensors in the adapters library, and the names that older releases gave them.
 */
import type { BottleneckConfig } from '../../adapters/bottleneck';
import type { LoraConfig } from '../../adapters/lora';
import { namePrefix, type ModelType } from '../config';
import { UserError } from '../../engine/errors';
import type { HubHeadConfig } from './adapterHubConfig';

/** What an adapter must know of the base model that it is for. */
export interface BaseModelFacts {
  readonly modelType: ModelType;
  readonly hiddenSize: number;
  /** Transformer layers. */
  readonly layers: number;
}

const OLD_NAMES: readonly (readonly [string, string])[] = [
  ['attention_text_task_adapters', 'adapters'],
  ['attention_text_lang_adapters', 'adapters'],
  ['layer_text_task_adapters', 'adapters'],
  ['layer_text_lang_adapters', 'adapters'],
  ['invertible_lang_adapters', 'invertible_adapters'],
];

/**
 * The present name of an adapter's tensor: new module names, the model's own prefix, `loadAs` for the adapter's name.
 */
export function canonicalAdapterKey(key: string, modelType: ModelType, name: string, loadAs: string): string {
  let current = key;
  for (const [old, now] of OLD_NAMES) current = current.replace(old, now);
  for (const part of ['adapters', 'loras']) current = current.replace(`${part}.${name}.`, `${part}.${loadAs}.`);
  // Saved from a bare encoder, a key has no prefix; from another class of the same architecture, another one.
  return current.replace(/^(?:\w+\.)?(?=encoder\.layer\.|invertible_adapters\.)/, `${namePrefix[modelType]}.`);
}

/** The same for a head: `heads.NAME.1.weight`. */
export function canonicalHeadKey(key: string, name: string, loadAs: string): string {
  return key.replace(`heads.${name}.`, `heads.${loadAs}.`);
}

/** A layer index beyond this is damage, and must not make a list as long. */
export const MOST_LAYERS = 1000;

/** Every tensor that an adapter of this configuration has, with its shape. */
export function adapterShapes(
  config: BottleneckConfig | LoraConfig,
  name: string,
  { modelType, hiddenSize, layers }: BaseModelFacts,
): Map<string, number[]> {
  const prefix = namePrefix[modelType];
  const shapes = new Map<string, number[]>();
  const linear = (key: string, inputs: number, outputs: number) => {
    shapes.set(`${key}.weight`, [outputs, inputs]).set(`${key}.bias`, [outputs]);
  };
  for (let layer = 0; layer < layers; layer++) {
    const at = `${prefix}.encoder.layer.${layer}`;
    if (config.type === 'lora') {
      const suffix = modelType === 'deberta-v2' ? '_proj' : '';
      for (const projection of ['query', 'value']) {
        const key = `${at}.attention.self.${projection}${suffix}.loras.${name}`;
        shapes.set(`${key}.lora_A`, [config.rank, hiddenSize]).set(`${key}.lora_B`, [hiddenSize, config.rank]);
      }
    } else if (!config.leaveOut.includes(layer)) {
      const size = Math.floor(hiddenSize / config.reductionFactor);
      linear(`${at}.output.adapters.${name}.adapter_down.0`, hiddenSize, size);
      linear(`${at}.output.adapters.${name}.adapter_up`, size, hiddenSize);
    }
  }
  if (config.type === 'bottleneck' && config.invertibleReductionFactor !== undefined) {
    const half = hiddenSize / 2;
    const size = Math.floor(half / config.invertibleReductionFactor);
    for (const part of ['F', 'G']) {
      linear(`${prefix}.invertible_adapters.${name}.${part}.0`, half, size);
      linear(`${prefix}.invertible_adapters.${name}.${part}.2`, size, half);
    }
  }
  return shapes;
}

/** Every tensor of a head, with its shape. */
export function headShapes({ kind, labels }: HubHeadConfig, name: string, hiddenSize: number): Map<string, number[]> {
  const key = `heads.${name}`;
  const outputs = kind.type === 'multipleChoice' ? 1 : kind.type === 'span' ? 2 : labels.length;
  const last = kind.type === 'span' ? 1 : 4;
  return new Map<string, number[]>([
    ...(last === 4
      ? ([
          [`${key}.1.weight`, [hiddenSize, hiddenSize]],
          [`${key}.1.bias`, [hiddenSize]],
        ] as const)
      : []),
    [`${key}.${last}.weight`, [outputs, hiddenSize]],
    [`${key}.${last}.bias`, [outputs]],
  ] as [string, number[]][]);
}

/** Layers that the keys speak of: the highest index + 1, left-out layers included. */
export function layersOf(keys: Iterable<string>, leaveOut: readonly number[]): number {
  const named = [...keys].flatMap((key) => /encoder\.layer\.(\d+)\./.exec(key)?.[1] ?? []);
  const layers = 1 + Math.max(-1, ...named.map(Number), ...leaveOut);
  if (layers > MOST_LAYERS)
    throw new UserError(`An adapter names layer ${layers - 1}; models have at most ${MOST_LAYERS} layers.`);
  return layers;
}
