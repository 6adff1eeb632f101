/**
 * `adapter_config.json` and `head_config.json` of the adapters library (AdapterHub), and our typed configurations. An
 * option that would change what is computed, and that is not implemented here, is refused by its name.
 */
import type { BottleneckConfig } from '../../adapters/bottleneck';
import type { LoraConfig } from '../../adapters/lora';
import { shown, UserError } from '../../engine/errors';
import type { ActivationName } from '../../nn/activation';
import type { HeadKind } from '../heads';
import { MOST_LAYERS } from './adapterHubKeys';
import { isJsonObject, type JsonObject } from './jsonFile';

/** A prediction head of the adapters library. */
export interface HubHeadConfig {
  readonly type: 'head';
  readonly kind: HeadKind;
  /** Label names by index: the classes, or one for each choice. */
  readonly labels: readonly string[];
}

/** The release of the adapters library whose files we write. Readers decide by it what old quirks to undo. */
export const FORMAT_VERSION = 'adapters.1.3.0';

const ACTIVATIONS: readonly ActivationName[] = ['relu', 'gelu', 'gelu_new', 'tanh'];

/** Files without a version are older than a change of names: what they call gelu is the tanh form. */
const RENAMED_ACTIVATIONS: Readonly<Record<string, string>> = { gelu: 'gelu_new', gelu_orig: 'gelu' };

/** What our bottleneck is, in the library's options; written as they are, and required when they are read. */
const BOTTLENECK = {
  adapter_residual_before_ln: false,
  cross_adapter: false,
  dropout: 0,
  is_parallel: false,
  ln_after: false,
  ln_before: false,
  mh_adapter: false,
  original_ln_after: true,
  original_ln_before: true,
  output_adapter: true,
  phm_layer: false,
  residual_before_ln: true,
  scaling: 1,
  stochastic_depth: 0,
  use_gating: false,
} as const;

/** Those whose default in the library is another one, or none: a file must give them. */
const BOTTLENECK_GIVEN = ['mh_adapter', 'original_ln_before', 'output_adapter'] as const;

/** How the first releases spelt some options, and options of theirs that belonged to fusion layers. */
const FIRST_SPELLINGS: Readonly<Record<string, string>> = {
  LN_after: 'ln_after',
  LN_before: 'ln_before',
  MH_Adapter: 'mh_adapter',
  Output_Adapter: 'output_adapter',
};
const FUSION_OPTIONS = { attention_type: null, new_attention_norm: null } as const;

/** Options that do nothing in our bottleneck (initial values, and details of PHM layers, which are off). */
const BOTTLENECK_UNUSED = {
  factorized_phm_W: true,
  factorized_phm_rule: false,
  hypercomplex_nonlinearity: 'glorot-uniform',
  init_weights: 'bert',
  init_weights_seed: null,
  learn_phm: true,
  phm_bias: true,
  phm_c_init: 'normal',
  phm_dim: 4,
  phm_init_range: 0.0001,
  phm_rank: 1,
  shared_W_phm: false,
  shared_phm_rule: true,
} as const;

const LORA = {
  attn_matrices: ['q', 'v'],
  composition_mode: 'add',
  dropout: 0,
  intermediate_lora: false,
  leave_out: [],
  output_lora: false,
  selfattn_lora: true,
  use_dora: false,
  use_gating: false,
  vera_b: null,
  vera_d: null,
} as const;

const LORA_UNUSED = { architecture: 'lora', dtype: null, init_weights: 'lora', init_weights_seed: null } as const;

/**
 * What an adapter's file describes. @param file the parsed adapter_config.json; @param source its path, for messages
 */
export function parseAdapterConfig(file: JsonObject, source: string): BottleneckConfig | LoraConfig {
  const config = configOf(file, source);
  const architecture = config.architecture ?? null;
  if (architecture === null) return parseBottleneck(respelt(config), file.version !== undefined, source);
  if (architecture === 'lora') return parseLora(config, file.version, source);
  throw new UserError(
    `${source}: the architecture ${shown(architecture)} is not implemented; bottleneck and lora are.`,
  );
}

/** Our configuration as the library's `config` object. */
export function adapterConfigJson(config: BottleneckConfig | LoraConfig): JsonObject {
  if (config.type === 'lora') return { ...LORA, ...LORA_UNUSED, r: config.rank, alpha: config.alpha };
  return {
    ...BOTTLENECK,
    ...BOTTLENECK_UNUSED,
    inv_adapter: config.invertibleReductionFactor === undefined ? null : 'nice',
    inv_adapter_reduction_factor: config.invertibleReductionFactor ?? null,
    leave_out: config.leaveOut,
    non_linearity: config.activation,
    reduction_factor: config.reductionFactor,
  };
}

function parseBottleneck(config: JsonObject, versioned: boolean, source: string): BottleneckConfig {
  const {
    non_linearity,
    reduction_factor,
    leave_out,
    inv_adapter,
    inv_adapter_reduction_factor,
    invertible_adapter,
    ...rest
  } = config;
  requireValues(rest, BOTTLENECK, { ...BOTTLENECK_UNUSED, ...FUSION_OPTIONS, architecture: null }, source);
  const absent = BOTTLENECK_GIVEN.filter((key) => !Object.hasOwn(rest, key));
  if (absent.length > 0)
    throw new UserError(`${source} does not give ${absent.join(', ')}, which has no usable default.`);

  const named = String(non_linearity);
  const name = versioned ? named : (RENAMED_ACTIVATIONS[named] ?? named);
  const activation = ACTIVATIONS.find((known) => known === name);
  if (activation === undefined) {
    throw new UserError(
      `${source}: non_linearity ${shown(non_linearity)} is not implemented; ${ACTIVATIONS.join(', ')} are.`,
    );
  }
  // version 1 nests the invertible adapter: { block_type, reduction_factor, non_linearity }
  const nested = isJsonObject(invertible_adapter) ? invertible_adapter : {};
  const block = nested.block_type ?? inv_adapter ?? null;
  if (block !== null && block !== 'nice') {
    throw new UserError(`${source}: inv_adapter ${shown(block)} is not implemented; "nice" is.`);
  }
  const reduction = nested.reduction_factor ?? inv_adapter_reduction_factor;
  return {
    type: 'bottleneck',
    reductionFactor: positive('reduction_factor', reduction_factor, source),
    activation,
    ...(block === null
      ? {}
      : { invertibleReductionFactor: positive('inv_adapter_reduction_factor', reduction, source) }),
    leaveOut: layerList(leave_out, source),
  };
}

const respelt = (config: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      Object.hasOwn(FIRST_SPELLINGS, key) ? FIRST_SPELLINGS[key]! : key,
      value,
    ]),
  );

function parseLora({ r, alpha, ...rest }: JsonObject, version: unknown, source: string): LoraConfig {
  requireValues(rest, LORA, LORA_UNUSED, source);
  const rank = positive('r', r, source);
  // Releases before 1.1.0 trained with the scaling 1 whatever alpha said; the library mends it on loading, and so do
  // we.
  const release = /^adapters\.(\d+)\.(\d+)/.exec(typeof version === 'string' ? version : '');
  const faulty = release !== null && (release[1] === '0' || (release[1] === '1' && release[2] === '0'));
  return { type: 'lora', rank, alpha: faulty ? rank : positive('alpha', alpha, source) };
}

const HEAD_TYPES = {
  classification: 'classification',
  multipleChoice: 'multiple_choice',
  span: 'question_answering',
} as const;

/** A head's configuration; only the library's default layout of each type is implemented. */
export function parseHeadConfig(file: JsonObject, source: string): HubHeadConfig {
  const config = configOf(file, source);
  const type = (Object.keys(HEAD_TYPES) as (keyof typeof HEAD_TYPES)[]).find(
    (key) => HEAD_TYPES[key] === config.head_type,
  );
  if (type === undefined) {
    const known = Object.values(HEAD_TYPES).join(', ');
    throw new UserError(`${source}: head_type ${shown(config.head_type)} is not implemented; ${known} are.`);
  }
  const { head_type: _, label2id, id2label: __, num_labels, num_choices, ...rest } = config;
  requireValues(rest, headLayout(type), { dropout_prob: null }, source);
  const count = positive(type === 'multipleChoice' ? 'num_choices' : 'num_labels', num_choices ?? num_labels, source);
  const labels = labelNames(label2id, count, source);
  return { type: 'head', kind: type === 'classification' ? { type, classes: count } : { type }, labels };
}

/** Our head as the library's `config` object. */
export function headConfigJson({ kind, labels }: HubHeadConfig): JsonObject {
  const count = kind.type === 'multipleChoice' ? 'num_choices' : 'num_labels';
  return {
    ...headLayout(kind.type),
    dropout_prob: null,
    head_type: HEAD_TYPES[kind.type],
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    [count]: labels.length,
  };
}

function headLayout(type: HeadKind['type']): JsonObject {
  const common = { activation_function: 'tanh', layers: type === 'span' ? 1 : 2 };
  if (type === 'span') return common;
  return { ...common, use_pooler: false, ...(type === 'classification' ? { bias: true } : {}) };
}

function labelNames(label2id: unknown, count: number, source: string): string[] {
  const labels = Array.from({ length: count }, (_, id) => `LABEL_${id}`);
  if (!isJsonObject(label2id)) return labels;
  for (const [label, id] of Object.entries(label2id)) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= count) {
      throw new UserError(`${source}: label "${label}" has the number ${shown(id)}; there are ${count} labels.`);
    }
    labels[id] = label;
  }
  return labels;
}

function configOf(file: JsonObject, source: string): JsonObject {
  if (isJsonObject(file.config)) return file.config;
  throw new UserError(
    `${source} has no "config": it may be the head of a plain transformers model (${shown(file.model_class)}), ` +
      `which is stored with that model and not in this format.`,
  );
}

/** Every option must have the required value, be without effect, or be switched off; absent ones have their default. */
function requireValues(given: JsonObject, required: JsonObject, unused: JsonObject, source: string): void {
  for (const [key, value] of Object.entries(given)) {
    if (Object.hasOwn(unused, key)) continue;
    if (Object.hasOwn(required, key)) {
      if (isSame(value, required[key])) continue;
      if (value === null && (required[key] === false || Array.isArray(required[key]))) continue;
      throw new UserError(
        `${source}: ${key} = ${shown(value)} is not implemented; only ${JSON.stringify(required[key])} is.`,
      );
    }
    if (value) throw new UserError(`${source}: the option ${key} = ${shown(value)} is not known here.`);
  }
}

/** Equality of plain values and of lists of them. */
function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

function positive(key: string, value: unknown, source: string): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw new UserError(`${source}: ${key} must be a positive number, not ${shown(value)}.`);
}

function layerList(value: unknown, source: string): number[] {
  const list: unknown = value ?? [];
  if (
    Array.isArray(list) &&
    list.every((layer) => Number.isInteger(layer) && (layer as number) >= 0 && (layer as number) < MOST_LAYERS)
  )
    return list as number[];
  throw new UserError(`${source}: leave_out must be a list of layers, not ${shown(value)}.`);
}
