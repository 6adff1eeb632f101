/** Tiny models of every task and adapter type, with a batch, for comparing fast paths with loops. */
import { randomStream } from '../../src/engine/random';
import { tf } from '../../src/engine/tf';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import { disposeEncoder } from '../../src/models/encoder';
import type { HeadConfig } from '../../src/models/heads';
import type { Parameter } from '../../src/nn/parameter';
import type { EncodedExample } from '../../src/tasks/batch';

export const tasks = ['nli', 'nli, mean pooling', 'choice', 'span'] as const;
export type TinyTask = (typeof tasks)[number];
/** What is trained. */
export const subjects = [
  'bottleneck',
  'lora',
  'lora, DeBERTa',
  'head',
  'language adapter',
  'base',
  'base, DeBERTa',
] as const;
export type Subject = (typeof subjects)[number];

export interface Tiny {
  readonly model: AdapterModel;
  readonly parameters: readonly Parameter[];
  dispose(): void;
}

const heads: Readonly<Record<TinyTask, Omit<HeadConfig, 'family'>>> = {
  nli: { kind: { type: 'classification', classes: 3 }, pooling: 'first' },
  'nli, mean pooling': { kind: { type: 'classification', classes: 3 }, pooling: 'mean' },
  choice: { kind: { type: 'multipleChoice' }, pooling: 'first' },
  span: { kind: { type: 'span' }, pooling: 'first' },
};

export function tinyModel(task: TinyTask, subject: Subject): Tiny {
  const deberta = { modelType: 'deberta-v2', positionBuckets: 4, maxPositions: 16 } as const;
  const sizes = { layers: 2, hiddenSize: 16, intermediateSize: 32, vocabularySize: 40, maxPositions: 16 };
  const encoder = tinyEncoder({ ...sizes, ...(subject.endsWith('DeBERTa') ? deberta : {}) }, 3, 'device');
  const model = new AdapterModel('tiny', encoder);
  const bottleneck = { type: 'bottleneck', reductionFactor: 8, activation: 'relu', leaveOut: [] } as const;
  model.addHead('h', { ...heads[task], family: 'adapters' }, 4);
  model.addLanguageAdapter('l', { ...bottleneck, reductionFactor: 4, invertibleReductionFactor: 2 }, 5);
  model.addTaskAdapter('t', subject.startsWith('lora') ? { type: 'lora', rank: 2, alpha: 4 } : bottleneck, 6);
  model.activate({ language: 'l', task: 't', head: 'h' });
  scramble(model.parameters());
  const role = {
    bottleneck: 'taskAdapter',
    lora: 'lora',
    'lora, DeBERTa': 'lora',
    head: 'head',
    'language adapter': 'languageAdapter',
  } as const;
  return {
    model,
    parameters: model
      .parameters()
      .filter(({ address }) => address.role === (role[subject as keyof typeof role] ?? 'base')),
    dispose: () => {
      model.dispose();
      disposeEncoder(encoder);
    },
  };
}

/** Values large enough that probabilities differ from one another and no gradient is zero (LoRA's B starts at zero). */
function scramble(parameters: readonly Parameter[]): void {
  const stream = randomStream(9, 'scramble');
  for (const parameter of parameters) {
    const { name, shape, size } = parameter;
    const isNorm = /LayerNorm.weight$/.test(name);
    const values = Float32Array.from({ length: size }, () => (isNorm ? 1 : 0) + 0.25 * stream.normal());
    parameter.assign(tf.tensor(values, [...shape]));
  }
}

/** Examples of different lengths, deterministic. */
export function tinyExamples(task: TinyTask, count: number, seed = 1): EncodedExample[] {
  const stream = randomStream(seed, `tiny/${task}`);
  const sequence = () => {
    const length = 3 + stream.integer(3);
    return {
      ids: Int32Array.from({ length }, () => 1 + stream.integer(39)),
      typeIds: Int32Array.from({ length }, (_, t) => (t < 2 ? 0 : 1)),
    };
  };
  return Array.from({ length: count }, (_, id) => {
    const sequences = task === 'choice' ? [sequence(), sequence()] : [sequence()];
    const last = sequences[0]!.ids.length - 1;
    const target =
      task === 'span'
        ? ({ kind: 'span', start: stream.integer(last), end: last } as const)
        : ({ kind: 'class', label: stream.integer(task === 'choice' ? 2 : 3) } as const);
    return { id, source: id, sequences, target };
  });
}

/** Layers, and −1 for what has none. */
export const layerOrNone = ({ address }: Parameter): number => address.layer ?? -1;

export const relative = (got: number, want: number): number => Math.abs(got - want) / Math.max(Math.abs(want), 1e-12);
