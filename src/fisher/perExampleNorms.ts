/**
 * Squared gradient norms per example from one backward pass, without a loop over examples ("ghost norms", Goodfellow
 * 2015; Li et al. 2022). The gradient of a linear layer for one example is Σₜ dyₜ xₜᵀ; its squared norm is had either
 * by forming that out × in product, or from the T × T Gram matrices as Σₜₛ (xₜ·xₛ)(dyₜ·dyₛ), whichever is cheaper.
 */
import { tf } from '../engine/tf';
import type { GradientSink } from '../nn/gradientSink';
import { addKept } from '../nn/keptTensors';
import type { Parameter } from '../nn/parameter';
import { rowsByExample, type RowsByExample } from './rowsByExample';

export interface PerExampleNorms extends GradientSink {
  /** Ends one backward pass: adds its squared norms to the totals. Call once after each `backward`. */
  endPass(): void;
  /** ‖gradient‖² per example, added up over passes: [E] for each group. Frees everything. */
  finish(): Map<number, Float32Array>;
}

export interface PerExampleNormsOptions extends RowsByExample {
  /** The group whose squared norm a parameter belongs to, for example its layer; undefined: not counted. */
  readonly groupOf: (parameter: Parameter) => number | undefined;
}

/** The two ways to a linear layer's squared norms, for tests and for the choice by cost. */
export type GhostForm = 'gram' | 'product';

export function perExampleNorms({ groupOf, ...rows }: PerExampleNormsOptions): PerExampleNorms {
  const totals = new Map<number, tf.Tensor1D>();
  // What the running pass has brought of weights that may be used twice (DeBERTa's shared projections, the invertible
  // adapter of a language): such a weight has two pairs, whose products add up before they are squared.
  const linears = new Map<Parameter, { x: tf.Tensor3D; dy: tf.Tensor3D }[]>();
  const sums = new Map<Parameter, tf.Tensor>();
  const lookedUp = new Set<Parameter>();

  const add = (parameter: Parameter, squaredNorms: () => tf.Tensor1D): void => {
    addKept(totals, groupOf(parameter)!, squaredNorms);
  };
  /** Adds a gradient that is small enough to be formed, [E, …]. */
  const addSum = (parameter: Parameter | undefined, make: () => tf.Tensor): void => {
    if (parameter === undefined || groupOf(parameter) === undefined) return;
    addKept(sums, parameter, make);
  };
  const byExample = (x: tf.Tensor2D) => rowsByExample(x, rows);

  return {
    linear(weight, bias, x, dy) {
      if (weight.address.role === 'lora') {
        // Its gradient is small, and comes in two parts where DeBERTa's query takes positions, too.
        addSum(weight, () => product(byExample(x), byExample(dy))); // [E, out, in]
      } else if (groupOf(weight) !== undefined && isUsedOnce(weight)) {
        add(weight, () => cheapestNorms(byExample(x), byExample(dy)));
      } else if (groupOf(weight) !== undefined) {
        const pair = tf.tidy(() => ({ x: tf.keep(byExample(x)), dy: tf.keep(byExample(dy)) }));
        linears.set(weight, [...(linears.get(weight) ?? []), pair]);
      }
      addSum(bias, () => byExample(dy).sum(1)); // [E, out]
    },
    layerNorm(gamma, beta, normalized, dy) {
      addSum(gamma, () => byExample(dy.mul(normalized)).sum(1)); // [E, H]
      addSum(beta, () => byExample(dy).sum(1));
    },
    embedding(table, ids, dy) {
      if (groupOf(table) === undefined) return;
      const [E, R] = [rows.examples, ids.length / rows.examples];
      // A small table's gradient is formed; of a large one, the rows of each example are compared in pairs.
      if (table.shape[0]! <= R * R) return addSum(table, () => embeddingGradient(ids, dy, E, table.shape[0]!));
      if (lookedUp.has(table)) throw new Error(`${table.name} was looked up twice in one pass.`);
      lookedUp.add(table);
      add(table, () => embeddingNorms(ids, byExample(dy)));
    },
    endPass() {
      for (const [weight, pairs] of linears) {
        const [only] = pairs;
        add(weight, () =>
          pairs.length === 1
            ? cheapestNorms(only!.x, only!.dy)
            : squaredSum(tf.addN(pairs.map(({ x, dy }) => product(x, dy)))),
        );
        tf.dispose(pairs);
      }
      for (const [parameter, gradient] of sums) {
        add(parameter, () => squaredSum(gradient));
        gradient.dispose();
      }
      linears.clear();
      sums.clear();
      lookedUp.clear();
    },
    finish() {
      const result = new Map([...totals].map(([group, total]) => [group, total.dataSync<'float32'>()]));
      tf.dispose([...totals.values()]);
      totals.clear();
      return result;
    },
  };
}

/** x [E, R, in], dy [E, R, out] → ‖Σᵣ dyᵣ xᵣᵀ‖² per example [E]. */
export function linearNorms(x: tf.Tensor3D, dy: tf.Tensor3D, form: GhostForm): tf.Tensor1D {
  if (form === 'product') return squaredSum(product(x, dy));
  const gram = tf.matMul(x, x, false, true).mul<tf.Tensor3D>(tf.matMul(dy, dy, false, true)); // [E, R, R]
  return gram.sum<tf.Tensor1D>([1, 2]);
}

/** An adapter within a layer; its two factors need not be kept until the pass has ended. */
const isUsedOnce = ({ address }: Parameter): boolean => address.role !== 'base' && address.layer !== undefined;

const cheapestNorms = (x: tf.Tensor3D, dy: tf.Tensor3D): tf.Tensor1D => linearNorms(x, dy, cheaperForm(x, dy));

/** Multiplications per example: R²·(in + out) for Gram matrices, R·in·out for the product. */
export function cheaperForm(x: tf.Tensor3D, dy: tf.Tensor3D): GhostForm {
  const [R, input, output] = [x.shape[1], x.shape[2], dy.shape[2]];
  return R * (input + output) < input * output ? 'gram' : 'product';
}

/** [E, out, in] */
export const product = (x: tf.Tensor3D, dy: tf.Tensor3D): tf.Tensor3D => tf.matMul(dy, x, true, false);

/** [E, …] → [E] */
const squaredSum = (x: tf.Tensor): tf.Tensor1D => x.square().reshape([x.shape[0], -1]).sum<tf.Tensor1D>(1);

/** ids [E·R], dy [E·R, H] → each example's gradient of the table [E, V, H]. */
export function embeddingGradient(ids: Int32Array, dy: tf.Tensor2D, E: number, V: number): tf.Tensor3D {
  const R = ids.length / E;
  const at = tf.tensor1d(
    ids.map((id, i) => Math.floor(i / R) * V + id),
    'int32',
  );
  return tf.unsortedSegmentSum(dy, at, E * V).reshape([E, V, -1]);
}

/** Rows of the same id in one example add up before they are squared: Σₜₛ [idₜ = idₛ] dyₜ·dyₛ. dy [E, R, H] → [E]. */
function embeddingNorms(ids: Int32Array, dy: tf.Tensor3D): tf.Tensor1D {
  const [E, R] = dy.shape;
  const id = tf.tensor2d(ids, [E, R], 'int32');
  const same = tf.cast(tf.equal(id.expandDims(2), id.expandDims(1)), 'float32'); // [E, R, R]
  return tf.matMul(dy, dy, false, true).mul(same).sum<tf.Tensor1D>([1, 2]);
}
