/** Gradients summed over the batch: the sink of training. */
import { tf } from '../engine/tf';
import type { GradientSink, Wanted } from './gradientSink';
import type { Parameter } from './parameter';

export interface GradientSum extends GradientSink {
  /** Gradients so far, of the parameters' shapes; owned by the sum until `dispose`. */
  readonly gradients: ReadonlyMap<Parameter, tf.Tensor>;
  dispose(): void;
}

export function gradientSum(wanted: Wanted): GradientSum {
  const gradients = new Map<Parameter, tf.Tensor>();
  const add = (parameter: Parameter | undefined, make: () => tf.Tensor): void => {
    if (parameter === undefined || !wanted.has(parameter)) return;
    const before = gradients.get(parameter);
    gradients.set(parameter, tf.keep(tf.tidy(() => (before === undefined ? make() : before.add(make())))));
    before?.dispose();
  };
  return {
    gradients,
    linear(weight, bias, x, dy) {
      add(weight, () => tf.matMul(dy, x, true, false)); // [out, in]
      add(bias, () => dy.sum(0));
    },
    layerNorm(gamma, beta, normalized, dy) {
      add(gamma, () => dy.mul(normalized).sum(0));
      add(beta, () => dy.sum(0));
    },
    embedding(table, ids, dy) {
      add(table, () => tf.unsortedSegmentSum(dy, tf.tensor1d(ids, 'int32'), table.shape[0]!));
    },
    dispose() {
      for (const gradient of gradients.values()) gradient.dispose();
      gradients.clear();
    },
  };
}
