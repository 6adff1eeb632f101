/**
 * One Transformer layer with what the stack puts into it: attention (with LoRA), feed-forward, bottleneck adapters, and
 * the layer norm that closes it.
 */
import { bottleneckParameters, bottleneckStack } from '../adapters/bottleneck';
import { loraProjection } from '../adapters/lora';
import { bottlenecksOf, loraOf, type Stack } from '../adapters/stack';
import { tf } from '../engine/tf';
import { attention, attentionParameters, type Attention } from '../nn/attention';
import { isNeeded, type Block, type Needs } from '../nn/block';
import type { DropoutSource } from '../nn/dropout';
import { feedForward } from '../nn/feedForward';
import type { Wanted } from '../nn/gradientSink';
import { linearParameters, plainProjection } from '../nn/linear';
import type { Parameter } from '../nn/parameter';
import type { Encoder, EncoderLayer, TokenBatch } from './encoder';

export interface LayerContext {
  readonly encoder: Encoder;
  readonly stack: Stack;
  readonly batch: TokenBatch;
  /** Q: what is read of this layer's output is the first Q tokens of every sequence; no others are computed. */
  readonly tokensRead: number;
  /** [B, T]: 0 for a token, large and negative for padding. */
  readonly maskBias: tf.Tensor2D;
  readonly wanted: Wanted;
  readonly dropout: DropoutSource;
  /** What a block with these parameters must be ready to send back; asked from the bottom up. */
  readonly needs: (own: readonly Parameter[]) => Needs;
}

/** x [B·T, H] → [B·Q, H]. */
export function transformerLayer(x: tf.Tensor2D, layer: number, c: LayerContext): Block {
  const { config } = c.encoder;
  const p = c.encoder.layers[layer]!;
  const withLora = attentionWithLora(p, config.heads, c.stack, layer);
  const attentionNeeds = c.needs(attentionParameters(withLora));
  const a = attention(x, withLora, {
    batch: c.batch.sequences,
    tokens: c.batch.tokens,
    queries: c.tokensRead,
    scores: c.encoder.scores(c.maskBias, c.batch, withLora, c.wanted),
    needs: attentionNeeds,
    wanted: c.wanted,
    probabilitySite: c.dropout.next(config.attentionDropout),
    outputSite: c.dropout.next(config.hiddenDropout),
  });
  const h = feedForward(a.y, p.feedForward, {
    needs: c.needs([...linearParameters(p.feedForward.intermediate), ...linearParameters(p.feedForward.output)]),
    wanted: c.wanted,
    site: c.dropout.next(config.hiddenDropout),
  });
  const bottlenecks = bottlenecksOf(c.stack, layer);
  const outputNeeds = c.needs([...bottlenecks.flatMap(bottleneckParameters), p.outputNorm.gamma, p.outputNorm.beta]);
  const out = bottleneckStack(h.y, a.y, bottlenecks, p.outputNorm, { needs: outputNeeds, wanted: c.wanted });
  tf.dispose([a.y, h.y]);
  return {
    y: out.y,
    pullback: (dy, sink) => {
      const back = out.pullback(dy, sink);
      if (back === undefined) return undefined;
      const throughFeedForward = h.pullback(back.dh, sink);
      const da = throughFeedForward && tf.tidy(() => throughFeedForward.add<tf.Tensor2D>(back.da));
      const dx = da && isNeeded(attentionNeeds) ? a.pullback(da, sink) : undefined;
      for (const t of [back.dh, back.da, throughFeedForward, da]) t?.dispose();
      return dx;
    },
    release: () => [a, h, out].forEach((b) => b.release()),
  };
}

function attentionWithLora(p: EncoderLayer, heads: number, stack: Stack, layer: number): Attention {
  const lora = loraOf(stack, layer);
  return {
    heads,
    query: lora === undefined ? plainProjection(p.query) : loraProjection(p.query, lora.query),
    key: plainProjection(p.key),
    value: lora === undefined ? plainProjection(p.value) : loraProjection(p.value, lora.value),
    output: p.attentionOutput,
    norm: p.attentionNorm,
  };
}
