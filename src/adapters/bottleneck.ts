/**
 * Bottleneck adapters (MAD-X, Pfeiffer et al. 2020; `seq_bn`), one after another, with the layer norm around them:
 * for each adapter of the stack h ← h + up(f(down(LN(h + a)))), and at the end LN(h + a). It is the layer's own LN each
 * time, so a stack of two applies it three times.
 */
import { tf } from '../engine/tf';
import { activate, activationGradient, type ActivationName } from '../nn/activation';
import { block, isNeeded, type Block, type Needs } from '../nn/block';
import type { Wanted } from '../nn/gradientSink';
import { layerNorm, layerNormPullback, type LayerNorm } from '../nn/layerNorm';
import { linear, linearInputGradient, linearOwnGradient, linearParameters, type Linear } from '../nn/linear';
import type { Parameter } from '../nn/parameter';

export interface BottleneckConfig {
  readonly type: 'bottleneck';
  /** H/R: 16 for the paper's task adapters, 2 for its language adapters. */
  readonly reductionFactor: number;
  /** Default relu. */
  readonly activation: ActivationName;
  /** Reduction of the invertible adapter at the embeddings (`seq_bn_inv`: 2); absent: none. */
  readonly invertibleReductionFactor?: number;
  /** Layers without this adapter. */
  readonly leaveOut: readonly number[];
}

/** One adapter in one layer. */
export interface Bottleneck {
  /** [R, H] */
  readonly down: Linear;
  /** [H, R] */
  readonly up: Linear;
  readonly activation: ActivationName;
}

export const bottleneckParameters = (p: Bottleneck): Parameter[] => [
  ...linearParameters(p.down),
  ...linearParameters(p.up),
];

const isBottleneckWanted = (p: Bottleneck, wanted: Wanted) => bottleneckParameters(p).some((q) => wanted.has(q));

/** h: output of the feed-forward block, a: output of the attention block, both [N, H]; y [N, H]. */
export function bottleneckStack(
  h: tf.Tensor2D,
  a: tf.Tensor2D,
  stack: readonly Bottleneck[],
  norm: LayerNorm,
  { needs, wanted }: { needs: Needs; wanted: Wanted },
): Block<{ dh: tf.Tensor2D; da: tf.Tensor2D }> {
  // The lowest adapter that a gradient must reach; what lies under it in this layer needs nothing kept.
  const firstWanted = stack.findIndex((p) => isBottleneckWanted(p, wanted));
  const lowest = needs.inputGradient ? 0 : firstWanted < 0 ? stack.length : firstWanted;
  return block(
    () => {
      const saved: tf.NamedTensorMap = {};
      let current = h;
      stack.forEach((p, i) => {
        const { y: u, normalized, inverseStd } = layerNorm(current, a, norm); // [N, H]
        const pre = linear(u, p.down); // [N, R]
        current = current.add(linear(activate(pre, p.activation), p.up)); // [N, H]
        if (i >= lowest) {
          Object.assign(saved, { [`pre${i}`]: pre, [`normalized${i}`]: normalized, [`inverseStd${i}`]: inverseStd });
        }
      });
      const { y, normalized, inverseStd } = layerNorm(current, a, norm); // [N, H]
      return { y, saved: isNeeded(needs) ? { ...saved, normalized, inverseStd } : undefined };
    },
    (saved, dy, sink) => {
      const part = <T extends tf.Tensor>(name: string) => (saved as tf.NamedTensorMap)[name] as T;
      const normAt = (i: number | '') => ({
        normalized: part<tf.Tensor2D>(`normalized${i}`),
        inverseStd: part<tf.Tensor1D>(`inverseStd${i}`),
      });
      let dh = layerNormPullback(norm, normAt(''), dy, wanted, sink); // [N, H]
      let da = dh;
      for (let i = stack.length - 1; i >= lowest; i--) {
        const p = stack[i]!;
        const pre = part<tf.Tensor2D>(`pre${i}`);
        const dPre = activationGradient(linearInputGradient(dh, p.up), pre, p.activation); // [N, R]
        if (isBottleneckWanted(p, wanted)) {
          linearOwnGradient(p.up, activate(pre, p.activation), dh, wanted, sink);
          const u = normAt(i).normalized.mul(norm.gamma.value).add<tf.Tensor2D>(norm.beta.value);
          linearOwnGradient(p.down, u, dPre, wanted, sink);
        }
        if (i > lowest || needs.inputGradient) {
          const g = layerNormPullback(norm, normAt(i), linearInputGradient(dPre, p.down), wanted, sink); // [N, H]
          dh = dh.add(g);
          da = da.add(g);
        }
      }
      return needs.inputGradient ? { dh, da } : undefined;
    },
  );
}
