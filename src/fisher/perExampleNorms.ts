/**
 * Squared gradient norms per example from one backward pass, without a loop over examples ("ghost norms", Goodfellow
 * 2015; Li et al. 2022). The gradient of a linear layer for one example is Σₜ dyₜ xₜᵀ; its squared norm is had either by
 * forming that out × in product, or from the T × T Gram matrices as Σₜₛ (xₜ·xₛ)(dyₜ·dyₛ), whichever is cheaper.
 */
import { tf } from '../engine/tf';
import type { GradientSink } from '../nn/gradientSink';
import type { Parameter } from '../nn/parameter';

export interface PerExampleNorms extends GradientSink {
  /** Ends one backward pass: adds its squared norms to the totals. Call once after each `backward`. */
  endPass(): void;
  /** ‖gradient‖² per example, added up over passes: [E] for each group. Frees everything. */
  finish(): Map<number, Float32Array>;
}

export interface PerExampleNormsOptions {
  /** E; every tensor's rows are divided evenly among the examples. */
  readonly examples: number;
  /** The group whose squared norm a parameter belongs to, for example its layer; undefined: not counted. */
  readonly groupOf: (parameter: Parameter) => number | undefined;
}

/** The two ways to a linear layer's squared norms, for tests and for the choice by cost. */
export type GhostForm = 'gram' | 'product';

export function perExampleNorms({ examples: E, groupOf }: PerExampleNormsOptions): PerExampleNorms {
  const totals = new Map<number, tf.Tensor1D>();
  // Factors of the pass that is running: a parameter used twice (DeBERTa's shared projections) has two pairs.
  const linears = new Map<Parameter, { x: tf.Tensor3D; dy: tf.Tensor3D }[]>();
  const vectors = new Map<Parameter, tf.Tensor2D>();

  const add = (parameter: Parameter, squaredNorms: () => tf.Tensor1D): void => {
    const group = groupOf(parameter)!;
    const before = totals.get(group);
    totals.set(group, tf.keep(tf.tidy(() => (before === undefined ? squaredNorms() : before.add(squaredNorms())))));
    before?.dispose();
  };
  const addVector = (parameter: Parameter | undefined, make: () => tf.Tensor2D): void => {
    if (parameter === undefined || groupOf(parameter) === undefined) return;
    const before = vectors.get(parameter);
    vectors.set(parameter, tf.keep(tf.tidy(() => (before === undefined ? make() : before.add(make())))));
    before?.dispose();
  };
  const byExample = (x: tf.Tensor2D) => x.reshape<tf.Tensor3D>([E, -1, x.shape[1]]);

  return {
    linear(weight, bias, x, dy) {
      if (groupOf(weight) !== undefined) {
        const pair = tf.tidy(() => ({ x: tf.keep(byExample(x)), dy: tf.keep(byExample(dy)) }));
        linears.set(weight, [...(linears.get(weight) ?? []), pair]);
      }
      addVector(bias, () => byExample(dy).sum<tf.Tensor2D>(1)); // [E, out]
    },
    layerNorm(gamma, beta, normalized, dy) {
      addVector(gamma, () => byExample(dy.mul(normalized)).sum<tf.Tensor2D>(1));
      addVector(beta, () => byExample(dy).sum<tf.Tensor2D>(1));
    },
    embedding(table, ids, dy) {
      if (groupOf(table) !== undefined) add(table, () => embeddingNorms(ids, byExample(dy)));
    },
    endPass() {
      for (const [weight, pairs] of linears) {
        const [only] = pairs;
        add(weight, () =>
          pairs.length === 1
            ? linearNorms(only!.x, only!.dy, cheaperForm(only!.x, only!.dy))
            : squaredSum(tf.addN(pairs.map(({ x, dy }) => product(x, dy)))),
        );
        tf.dispose(pairs);
      }
      for (const [parameter, gradient] of vectors) {
        add(parameter, () => gradient.square().sum<tf.Tensor1D>(1));
        gradient.dispose();
      }
      linears.clear();
      vectors.clear();
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

/** Multiplications per example: R²·(in + out) for Gram matrices, R·in·out for the product. */
export function cheaperForm(x: tf.Tensor3D, dy: tf.Tensor3D): GhostForm {
  const [R, input, output] = [x.shape[1], x.shape[2], dy.shape[2]];
  return R * (input + output) < input * output ? 'gram' : 'product';
}

/** [E, out, in] */
const product = (x: tf.Tensor3D, dy: tf.Tensor3D): tf.Tensor3D => tf.matMul(dy, x, true, false);

const squaredSum = (x: tf.Tensor3D): tf.Tensor1D => x.square().sum<tf.Tensor1D>([1, 2]);

/** Rows of the same id in one example add up before they are squared: Σₜₛ [idₜ = idₛ] dyₜ·dyₛ. */
function embeddingNorms(ids: Int32Array, dy: tf.Tensor3D): tf.Tensor1D {
  const [E, R] = dy.shape;
  const id = tf.tensor2d(ids, [E, R], 'int32');
  const same = tf.cast(tf.equal(id.expandDims(2), id.expandDims(1)), 'float32'); // [E, R, R]
  return tf.matMul(dy, dy, false, true).mul(same).sum<tf.Tensor1D>([1, 2]);
}
