/**
 * One pass through base model, adapters and head, and the way back. Blocks keep what their pullbacks need only from the
 * lowest wanted parameter upwards; everything below runs as in evaluation and is freed at once.
 */
import { invertible, invertibleParameters } from '../adapters/invertible';
import { invertibleOf, type Stack } from '../adapters/stack';
import { tf } from '../engine/tf';
import { Chain } from '../nn/chain';
import { noDropout, type DropoutSource } from '../nn/dropout';
import type { GradientSink, Wanted } from '../nn/gradientSink';
import { linearParameters } from '../nn/linear';
import type { Encoder, TokenBatch } from './encoder';
import { fromFactors, headLayer, pool, toFactors, tokensReadBy, type Head } from './heads';
import { transformerLayer } from './transformerLayer';

/** Added to the attention scores of padding. */
const MASKED = -1e9;

export interface ForwardInput {
  readonly encoder: Encoder;
  readonly stack: Stack;
  readonly head?: Head;
  readonly batch: TokenBatch & { readonly sequencesPerExample: number };
  readonly wanted: Wanted;
  readonly dropout: DropoutSource;
  /** Whether dropout also acts below the lowest layer with a wanted parameter. */
  readonly prefixDropout: boolean;
  /** Where the pass begins; absent: with the embeddings. */
  readonly start?: HiddenStates;
  /** Layers to go through, without a head; default: all. */
  readonly end?: number;
  /** Called with the output of the embeddings (0) and of every layer (1 … L), [B·T, H]; not to be kept. */
  readonly onHidden?: (index: number, hidden: tf.Tensor2D) => void;
}

/** The hidden states [B·T, H] that enter a layer; `layers` for those that leave the top one. The pass frees them. */
export interface HiddenStates {
  readonly layer: number;
  readonly hidden: tf.Tensor2D;
}

export interface ForwardPass {
  /** Logits of the head's distributions, each [E, K]; without a head, the last hidden state [B·T, H] alone. */
  readonly factors: readonly tf.Tensor2D[];
  /** Gradients of the factors → parameter gradients in the sink. May be called several times. */
  backward(dFactors: readonly tf.Tensor2D[], sink: GradientSink): void;
  /** As `backward`, the last time: frees what was kept on the way down, so that memory falls instead of rising. */
  backwardAndRelease(dFactors: readonly tf.Tensor2D[], sink: GradientSink): void;
  /** Frees everything, the factors included. */
  release(): void;
}

export function forwardPass(input: ForwardInput): ForwardPass {
  const { encoder, stack, head, batch, wanted, dropout, start, end = encoder.config.layers, onHidden } = input;
  const { sequences, tokens } = batch;
  const chain = new Chain(wanted, { input: start?.hidden });
  const mask = tf.tensor2d(Float32Array.from(batch.attentionMask), [sequences, tokens]);
  const maskBias = tf.tidy(() => tf.mul<tf.Tensor2D>(tf.sub(1, mask), MASKED));

  const lowestWanted = lowestLayer(wanted, encoder.config.layers);
  /** Layer −1 is the embeddings. */
  const dropoutAt = (layer: number) => (input.prefixDropout || layer >= lowestWanted ? dropout : noDropout);

  let hidden = start?.hidden ?? embed();
  const firstLayer = start?.layer ?? 0;
  // Of the top layer, only what the head reads is computed, unless somebody looks at all of it.
  const readsAll = head === undefined || onHidden !== undefined || firstLayer === encoder.config.layers;
  const tokensRead = readsAll ? tokens : tokensReadBy(head.config, tokens);
  for (let layer = firstLayer; layer < end; layer++) {
    const next = transformerLayer(hidden, layer, {
      encoder,
      stack,
      batch,
      tokensRead: layer === encoder.config.layers - 1 ? tokensRead : tokens,
      maskBias,
      wanted,
      dropout: dropoutAt(layer),
      needs: chain.needs,
    });
    hidden = chain.add(next);
    onHidden?.(layer + 1, hidden);
  }
  const factors = head === undefined ? [hidden] : readOut(head);

  function embed(): tf.Tensor2D {
    const needs = chain.needs(encoder.embeddingParameters);
    let embedded = chain.add(encoder.embed(batch, { needs, wanted, dropout: dropoutAt(-1) }));
    const coupling = invertibleOf(stack);
    if (coupling !== undefined) {
      const needs = chain.needs(invertibleParameters(coupling));
      embedded = chain.add(invertible(embedded, coupling, { needs, wanted }));
    }
    onHidden?.(0, embedded);
    return embedded;
  }

  function readOut({ config, layers }: Head): tf.Tensor2D[] {
    const shape = { sequences, tokens: tokensRead, mask, sequencesPerExample: batch.sequencesPerExample };
    let scores = chain.add(pool(hidden, config, { ...shape, needs: chain.needs([]) }));
    for (const layer of layers) {
      const needs = chain.needs(linearParameters(layer.dense));
      scores = chain.add(headLayer(scores, layer, { needs, wanted, dropout }));
    }
    const result = toFactors(scores, config.kind, shape);
    scores.dispose();
    return result;
  }

  const sendBack = (dFactors: readonly tf.Tensor2D[], sink: GradientSink, options: { releases: boolean }): void => {
    const dy = head === undefined ? dFactors[0]!.clone() : fromFactors(dFactors, head.config.kind);
    chain.sendBack(dy, sink, options)?.dispose();
  };
  const release = () => {
    chain.release();
    tf.dispose([mask, maskBias, ...factors]);
  };
  return {
    factors,
    backward: (dFactors, sink) => sendBack(dFactors, sink, { releases: false }),
    backwardAndRelease: (dFactors, sink) => {
      sendBack(dFactors, sink, { releases: true });
      release();
    },
    release,
  };
}

/** The lowest layer with a wanted parameter; −1 for the embeddings, `layers` when only the head is wanted. */
export function lowestLayer(wanted: Wanted, layers: number): number {
  let lowest = layers;
  for (const { address } of wanted) {
    lowest = Math.min(lowest, address.layer ?? (address.role === 'head' ? layers : -1));
  }
  return lowest;
}
