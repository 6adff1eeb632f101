/** Gradients summed over the batch: the sink of training. */
import { tf } from '../engine/tf';
import type { GradientSink, Wanted } from './gradientSink';
import { addKept, replaceKept } from './keptTensors';
import type { Parameter } from './parameter';

export interface GradientSum extends GradientSink {
  /** Gradients so far, of the parameters' shapes, or of the rows in `rows`; owned by the sum until `dispose`. */
  readonly gradients: ReadonlyMap<Parameter, tf.Tensor>;
  /** Of a table whose gradient is held by rows: which rows, ascending. Its other rows have a gradient of zero. */
  readonly rows: ReadonlyMap<Parameter, Int32Array>;
  dispose(): void;
}

export function gradientSum(wanted: Wanted): GradientSum {
  const gradients = new Map<Parameter, tf.Tensor>();
  const rows = new Map<Parameter, Int32Array>();
  const add = (parameter: Parameter | undefined, make: () => tf.Tensor): void => {
    if (parameter !== undefined && wanted.has(parameter)) addKept(gradients, parameter, make);
  };
  return {
    gradients,
    rows,
    linear(weight, bias, x, dy) {
      add(weight, () => tf.matMul(dy, x, true, false)); // [out, in]
      add(bias, () => dy.sum(0));
    },
    layerNorm(gamma, beta, normalized, dy) {
      add(gamma, () => dy.mul(normalized).sum(0));
      add(beta, () => dy.sum(0));
    },
    embedding(table, ids, dy) {
      if (table.gradientForm === 'dense') {
        add(table, () => tf.unsortedSegmentSum(dy, tf.tensor1d(ids, 'int32'), table.shape[0]!));
        return;
      }
      if (!wanted.has(table)) return;
      const allIds = Int32Array.from([...(rows.get(table) ?? []), ...ids]);
      const distinct = Int32Array.from(new Set(allIds)).sort();
      const place = new Map(Array.from(distinct, (id, i) => [id, i]));
      const places = allIds.map((id) => place.get(id)!);
      replaceKept(gradients, table, (before) => {
        const parts = before === undefined ? dy : tf.concat([before as tf.Tensor2D, dy]);
        return tf.unsortedSegmentSum(parts, tf.tensor1d(places, 'int32'), distinct.length); // [U, H]
      });
      rows.set(table, distinct);
    },
    dispose() {
      for (const gradient of gradients.values()) gradient.dispose();
      gradients.clear();
      rows.clear();
    },
  };
}
