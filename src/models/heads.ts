/**
 * Task heads. Two families: those of the adapters library (first token, two dense layers), and those of the plain
 * transformers models that the paper's scripts used. Either is a chain of dense layers over pooled sequences (NLI,
 * multiple choice) or over tokens (QA). For the embedded model the pooling may also be the mean over tokens.
 *
 * A head ends in categorical factors: logits [E, K] of the distributions that it predicts per example. NLI and
 * multiple choice have one factor, QA two (start and end). Loss and Fisher information are defined on factors.
 */
import { UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import { activate, activationGradient, type ActivationName } from '../nn/activation';
import { block, isNeeded, type Block, type Needs } from '../nn/block';
import { dropout, type DropoutSource } from '../nn/dropout';
import { firstTokens, firstTokensGradient } from '../nn/firstTokens';
import type { Wanted } from '../nn/gradientSink';
import { linear, linearInputGradient, linearOwnGradient, linearParameters, type Linear } from '../nn/linear';
import type { Parameter } from '../nn/parameter';
import type { ParameterFactory } from '../nn/parameterFactory';
import type { EncoderConfig } from './config';

export type HeadKind =
  | { readonly type: 'classification'; readonly classes: number }
  | { readonly type: 'multipleChoice' }
  | { readonly type: 'span' };

export type Pooling = 'first' | 'mean';

export interface HeadConfig {
  readonly kind: HeadKind;
  /** `adapters`: dense, tanh, dense. `transformers`: as the paper's scripts. */
  readonly family: 'adapters' | 'transformers';
  /** What a sequence is summarised by; QA reads every token. */
  readonly pooling: Pooling;
  /** Names by index: of the classes, or one for each choice. Nothing is computed by them; files keep them. */
  readonly labels?: readonly string[];
}

/** One dense layer of a head, with the dropout before it and the activation after it. */
export interface HeadLayer {
  readonly dense: Linear;
  readonly activation: ActivationName | 'none';
  /** The model's own rate, which a run may replace; `none` where the library has no dropout at all. */
  readonly dropout: number | 'none';
}

export interface Head {
  readonly name: string;
  readonly config: HeadConfig;
  readonly layers: readonly HeadLayer[];
  /** Those that are trained with the head; a frozen pooler of the base is not among them. */
  readonly parameters: readonly Parameter[];
}

export function createHead(
  name: string,
  config: HeadConfig,
  encoder: EncoderConfig,
  make: ParameterFactory,
  pooler?: Linear,
): Head {
  const layers =
    config.family === 'adapters'
      ? adaptersLayers(name, config, encoder, make)
      : transformersLayers(name, config, encoder, make, pooler);
  const own = layers.filter(({ dense }) => dense !== pooler).flatMap(({ dense }) => linearParameters(dense));
  return { name, config, layers, parameters: own };
}

const outputs = (kind: HeadKind): number =>
  kind.type === 'classification' ? kind.classes : kind.type === 'span' ? 2 : 1;

const at = { role: 'head' } as const;

function adaptersLayers(name: string, { kind }: HeadConfig, encoder: EncoderConfig, make: ParameterFactory) {
  const { hiddenSize: H, hiddenDropout: rate } = encoder;
  const key = `heads.${name}`;
  const last = { activation: 'none', dropout: rate } as const;
  if (kind.type === 'span') return [{ dense: make.linear(`${key}.1`, at, H, 2), ...last }];
  return [
    { dense: make.linear(`${key}.1`, at, H, H), activation: 'tanh', dropout: rate } as const,
    { dense: make.linear(`${key}.4`, at, H, outputs(kind)), ...last },
  ];
}

function transformersLayers(
  name: string,
  { kind }: HeadConfig,
  encoder: EncoderConfig,
  make: ParameterFactory,
  pooler: Linear | undefined,
): HeadLayer[] {
  const { hiddenSize: H, hiddenDropout: rate, modelType } = encoder;
  const key = (part: string) => `static.${name}.${part}`;
  if (kind.type === 'span')
    return [{ dense: make.linear(key('qa_outputs'), at, H, 2), activation: 'none', dropout: 'none' }];
  if (modelType === 'xlm-roberta' && kind.type === 'classification') {
    return [
      { dense: make.linear(key('classifier.dense'), at, H, H), activation: 'tanh', dropout: rate },
      { dense: make.linear(key('classifier.out_proj'), at, H, kind.classes), activation: 'none', dropout: rate },
    ];
  }
  const classifier = {
    dense: make.linear(key('classifier'), at, H, outputs(kind)),
    activation: 'none',
    dropout: rate,
  } as const;
  if (modelType === 'deberta-v2') {
    return [{ dense: make.linear(key('pooler.dense'), at, H, H), activation: 'gelu', dropout: 'none' }, classifier];
  }
  if (pooler === undefined) {
    throw new UserError(
      `This base model has no pooler, which the plain head of transformers needs. Choose the head of the adapters ` +
        `library: head: { pooling: 'first' }.`,
    );
  }
  return [{ dense: pooler, activation: 'tanh', dropout: 'none' }, classifier];
}

/** How many tokens of each sequence the head reads, from the first: one, or all `tokens`. */
export function tokensReadBy({ kind, pooling }: HeadConfig, tokens: number): number {
  return kind.type !== 'span' && pooling === 'first' ? 1 : tokens;
}

/** The shape of a batch as a head sees it. */
export interface HeadShape {
  readonly sequences: number;
  /** Of each sequence, as many as are given to the head. */
  readonly tokens: number;
  /** [B, T]: 1 for a token, 0 for padding. */
  readonly mask: tf.Tensor2D;
  readonly sequencesPerExample: number;
}

/** hidden [B·T, H] → what the head reads: pooled [B, H], or every token [B·T, H]. */
export function pool(hidden: tf.Tensor2D, { kind, pooling }: HeadConfig, c: HeadShape & { needs: Needs }): Block {
  const [B, T] = [c.sequences, c.tokens];
  const H = hidden.shape[1];
  const saved = isNeeded(c.needs) ? {} : undefined;
  if (kind.type === 'span')
    return block(
      () => ({ y: hidden.clone(), saved }),
      (_, dy) => dy.clone(),
    );
  if (pooling === 'first') {
    const first = { batch: B, tokens: T, first: 1 };
    return block(
      () => ({ y: firstTokens(hidden, first).clone(), saved }),
      (_, dy) => firstTokensGradient(dy, first).clone(),
    );
  }
  const weights = () => c.mask.div(c.mask.sum(1, true)).reshape<tf.Tensor3D>([B, 1, T]);
  return block(
    () => ({ y: tf.matMul(weights(), hidden.reshape<tf.Tensor3D>([B, T, H])).reshape<tf.Tensor2D>([B, H]), saved }),
    (_, dy) => tf.matMul(weights(), dy.reshape<tf.Tensor3D>([B, 1, H]), true).reshape<tf.Tensor2D>([B * T, H]),
  );
}

/** One dense layer: x [M, in] → [M, out]. */
export function headLayer(
  x: tf.Tensor2D,
  p: HeadLayer,
  { needs, wanted, dropout: source }: { needs: Needs; wanted: Wanted; dropout: DropoutSource },
): Block {
  const site = p.dropout === 'none' ? undefined : source.next(p.dropout);
  return block(
    () => {
      const input = dropout(x, site);
      const pre = linear(input, p.dense);
      const y = p.activation === 'none' ? pre : activate(pre, p.activation);
      return { y, saved: isNeeded(needs) ? { input: input.clone(), pre: pre.clone() } : undefined };
    },
    (saved: { input: tf.Tensor2D; pre: tf.Tensor2D }, dy, sink) => {
      const dPre = p.activation === 'none' ? dy : activationGradient(dy, saved.pre, p.activation);
      linearOwnGradient(p.dense, saved.input, dPre, wanted, sink);
      return needs.inputGradient ? dropout(linearInputGradient(dPre, p.dense), site) : undefined;
    },
  );
}

/** The head's raw scores as factors; each is new and owned by the caller. */
export function toFactors(scores: tf.Tensor2D, kind: HeadKind, c: HeadShape): tf.Tensor2D[] {
  switch (kind.type) {
    case 'classification':
      return [scores.clone()];
    case 'multipleChoice':
      return [scores.reshape([-1, c.sequencesPerExample])];
    case 'span':
      return tf.tidy(() => {
        const byPart = scores.transpose().reshape<tf.Tensor3D>([2, c.sequences, c.tokens]);
        return tf.unstack(byPart) as tf.Tensor2D[]; // start and end, each [B, T]
      });
  }
}

/** The transpose of `toFactors`: gradients of the factors → gradient of the scores, owned by the caller. */
export function fromFactors(dFactors: readonly tf.Tensor2D[], kind: HeadKind): tf.Tensor2D {
  switch (kind.type) {
    case 'classification':
      return dFactors[0]!.clone();
    case 'multipleChoice':
      return dFactors[0]!.reshape([-1, 1]);
    case 'span':
      return tf.tidy(() =>
        tf
          .stack([...dFactors])
          .reshape([2, -1])
          .transpose<tf.Tensor2D>(),
      );
  }
}
