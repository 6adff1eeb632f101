/**
 * The masked-LM head that language adapters are trained with (MAD-X, §2.2 of Pfeiffer et al. 2020): at the masked
 * positions alone, the base's own transform (dense, gelu, layer norm), then the inverse of the language's invertible
 * adapter, then the decoder: the word table, unless the base was published with another one. A base that was published
 * without such a head gets a trainable H × H transform that starts as the identity.
 */
import { invertibleInverse, invertibleParameters } from '../adapters/invertible';
import { invertibleOf } from '../adapters/stack';
import { UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import { block, isNeeded, type Block, type Needs } from '../nn/block';
import { Chain } from '../nn/chain';
import { noDropout } from '../nn/dropout';
import type { GradientSink, Wanted } from '../nn/gradientSink';
import { layerNorm, layerNormPullback, type LayerNorm, type LayerNormSaved } from '../nn/layerNorm';
import { linearParameters } from '../nn/linear';
import type { Parameter } from '../nn/parameter';
import { parameterFactory, type ReadTensor } from '../nn/parameterFactory';
import type { AdapterModel, ForwardOptions, ModelBatch } from './adapterModel';
import type { EncoderConfig, ModelType } from './config';
import type { EmbeddingTable } from './embeddingTable';
import type { Encoder } from './encoder';
import { headLayer, type HeadLayer } from './heads';
import { decoderLoss, type Candidates, type DecoderWords } from './tiedDecoder';
import type { WeightSource } from './weights';

export interface MaskedLmHead {
  readonly transform: HeadLayer;
  readonly norm?: LayerNorm;
  readonly words: DecoderWords;
  /** What is trained with the adapter: the transform, or nothing when the head is the published one. */
  readonly parameters: readonly Parameter[];
  /** Frees the head; the word table is the encoder's. */
  dispose(): void;
}

interface PublishedNames {
  readonly dense: string;
  readonly norm: string;
  readonly bias: string;
  /** Of the decoder where it is not the word table; absent: it always is. */
  readonly decoder?: string;
}

/** Names of the published heads' parts, those of the Python libraries. mDeBERTa's file has its own beside BERT's. */
const publishedNames: Readonly<Record<ModelType, readonly PublishedNames[]>> = {
  bert: [bertNames()],
  'xlm-roberta': [
    {
      dense: 'lm_head.dense',
      norm: 'lm_head.layer_norm',
      bias: 'lm_head.bias',
      decoder: 'lm_head.decoder.weight',
    },
  ],
  'deberta-v2': [
    {
      dense: 'lm_predictions.lm_head.dense',
      norm: 'lm_predictions.lm_head.LayerNorm',
      bias: 'lm_predictions.lm_head.bias',
    },
    bertNames(),
  ],
};

function bertNames(): PublishedNames {
  return {
    dense: 'cls.predictions.transform.dense',
    norm: 'cls.predictions.transform.LayerNorm',
    bias: 'cls.predictions.bias',
    decoder: 'cls.predictions.decoder.weight',
  };
}

const at = { role: 'head' } as const;

/** The head that the base was published with, frozen; undefined when its weights have none. */
export function publishedMaskedLmHead(encoder: Encoder, weights: WeightSource): MaskedLmHead | undefined {
  const { modelType, hiddenSize: H, layerNormEpsilon, vocabularySize, tiedDecoder = true } = encoder.config;
  const names = publishedNames[modelType].find(({ dense }) => weights.has(`${dense}.weight`));
  if (names === undefined) return undefined;
  const words =
    tiedDecoder || names.decoder === undefined
      ? decoderWords(encoder)
      : wordsOf(weights.table(names.decoder, [vocabularySize, H]));
  const make = parameterFactory(weights.read);
  const dense = make.linear(names.dense, at, H, H);
  const norm = make.layerNorm(names.norm, at, H, layerNormEpsilon);
  const bias = weights.has(names.bias) ? { bias: weights.read(names.bias, [vocabularySize], 'zeros') } : {};
  const frozen = [...linearParameters(dense), norm.gamma, norm.beta];
  return {
    transform: { dense, activation: 'gelu', dropout: 'none' },
    norm,
    words: { ...words, ...bias },
    parameters: [],
    dispose: () => frozen.forEach((parameter) => parameter.dispose()),
  };
}

export const TRANSFORM_NAME = 'masked_lm_head.transform';

/** A linear transform of the hidden states: trained from the identity, or (given its values) used as it is. */
export function transformMaskedLmHead(encoder: Encoder, given?: ReadTensor): MaskedLmHead {
  const { hiddenSize: H } = encoder.config;
  const dense = parameterFactory(given ?? identity).linear(TRANSFORM_NAME, at, H, H);
  const own = linearParameters(dense);
  return {
    transform: { dense, activation: 'none', dropout: 'none' },
    words: decoderWords(encoder),
    parameters: given === undefined ? own : [],
    dispose: () => own.forEach((parameter) => parameter.dispose()),
  };
}

/** The weight is the identity, the bias zero. */
const identity: ReadTensor = (_, [rows, columns]) =>
  Float32Array.from({ length: rows! * (columns ?? 1) }, (_, i) =>
    columns !== undefined && i % (columns + 1) === 0 ? 1 : 0,
  );

/** The encoder's word table as the decoder. */
function decoderWords({ config, words }: Pick<Encoder, 'words'> & { config: EncoderConfig }): DecoderWords {
  if ('lookup' in words) return wordsOf(words);
  return {
    count: config.vocabularySize,
    rows: (ids) => tf.gather(words.value as tf.Tensor2D, tf.tensor1d(ids, 'int32')),
  };
}

const wordsOf = (table: EmbeddingTable): DecoderWords => ({
  count: table.rows,
  rows: (ids) => tf.tensor2d(table.lookup(ids), [ids.length, table.width]),
});

/** Masked positions of a batch: where they are among its B·T tokens, and the ids that stood there. */
export interface MaskedPositions {
  readonly rows: Int32Array;
  /** Or which ids to take for them, given what the decoder reads [M, H]: ids drawn from the model itself. */
  readonly labels: Int32Array | ((z: tf.Tensor2D) => Int32Array);
}

/** The loss of one batch, with the way back. */
export interface MaskedLmPass {
  /** Mean −ln p(label) over the masked positions, nats; the caller's. */
  readonly loss: tf.Scalar;
  /** Gradients of the wanted parameters → sink. Frees everything but the loss. */
  backwardAndRelease(sink: GradientSink): void;
  /** The same without gradients. */
  release(): void;
}

/** Runs base and language adapter as they are active in `model`, then the head. The model's task head must be none. */
export function maskedLmPass(
  model: AdapterModel,
  head: MaskedLmHead,
  batch: ModelBatch,
  { rows, labels }: MaskedPositions,
  candidates: readonly Candidates[],
  options: ForwardOptions,
): MaskedLmPass {
  if (model.head !== undefined) {
    throw new UserError(
      `A model with the task head "${model.head.name}" active cannot do masked-LM; open another one.`,
    );
  }
  const wanted = options.wanted ?? new Set<Parameter>();
  const pass = model.forward(batch, options);
  const hidden = pass.factors[0]!; // [N, H]
  const hasWantedBelow = [...wanted].some((parameter) => !head.parameters.includes(parameter));
  const chain = new Chain(wanted, { hasWantedBelow });
  const advance = (own: readonly Parameter[], run: (needs: Needs) => Block) => chain.add(run(chain.needs(own)));
  const context = { wanted, dropout: noDropout };
  const { transform, norm } = head;
  let x = advance([], (needs) => rowsOf(hidden, rows, needs)); // [M, H]
  x = advance(linearParameters(transform.dense), (needs) => headLayer(x, transform, { ...context, needs }));
  if (norm !== undefined) x = advance([norm.gamma, norm.beta], (needs) => normBlock(x, norm, { ...context, needs }));
  const coupling = invertibleOf(model.stack);
  if (coupling !== undefined) {
    x = advance(invertibleParameters(coupling), (needs) => invertibleInverse(x, coupling, { ...context, needs }));
  }
  const { loss, dz } = decoderLoss(
    x,
    typeof labels === 'function' ? labels(x) : labels,
    head.words,
    candidates,
    chain.hasWanted ? 'loss and gradient' : 'loss',
  );
  x.dispose();

  const release = () => {
    chain.release();
    dz.dispose();
    pass.release();
  };
  return {
    loss,
    release,
    backwardAndRelease: (sink) => {
      const dHidden = chain.sendBack(dz.clone(), sink, { releases: true });
      if (dHidden !== undefined) pass.backwardAndRelease([dHidden], sink);
      dHidden?.dispose();
      release();
    },
  };
}

/** hidden [N, H] → its rows [M, H]. */
function rowsOf(hidden: tf.Tensor2D, rows: Int32Array, needs: Needs): Block {
  const N = hidden.shape[0];
  const ids = () => tf.tensor1d(rows, 'int32');
  return block(
    () => ({ y: tf.gather(hidden, ids()), saved: isNeeded(needs) ? {} : undefined }),
    (_, dy) => (needs.inputGradient ? tf.unsortedSegmentSum(dy, ids(), N) : undefined),
  );
}

function normBlock(x: tf.Tensor2D, p: LayerNorm, { needs, wanted }: { needs: Needs; wanted: Wanted }): Block {
  return block<LayerNormSaved>(
    () => {
      const { y, normalized, inverseStd } = layerNorm(x, undefined, p);
      return { y, saved: isNeeded(needs) ? { normalized, inverseStd } : undefined };
    },
    (saved, dy, sink) => {
      const dx = layerNormPullback(p, saved, dy, wanted, sink);
      return needs.inputGradient ? dx : undefined;
    },
  );
}
