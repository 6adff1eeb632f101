/**
 * AdamW (Loshchilov and Hutter 2019), keyed by parameter name. A frozen parameter has no state, no decay and no step
 * count: its bias correction starts when its layer is unfrozen, as in PyTorch when its gradient was None until then.
 *
 * A word table's gradient comes by rows. Its update is still that of PyTorch's dense AdamW, in which a row goes on
 * moving by its momentum after its last gradient: moments are kept of every row that ever had a gradient, and all of
 * those are updated at every step. A row that never had one has moments of zero, so that nothing but weight decay would
 * move it.
 */
import { adamWUpdate, replaceRows } from '../engine/ops';
import { UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import type { Parameter } from '../nn/parameter';

export interface AdamWConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled decay of a parameter; the Hugging Face trainer leaves biases and layer norms out. */
  readonly weightDecay: (parameter: Parameter) => number;
}

export const adamWDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Decay of weight matrices only: one-dimensional parameters are biases and layer norms. */
export const decayMatrices =
  (weightDecay: number) =>
  (parameter: Parameter): number =>
    parameter.shape.length > 1 ? weightDecay : 0;

/** What a checkpoint keeps of one parameter's optimiser state. */
export interface MomentState {
  readonly step: number;
  readonly m: Float32Array;
  readonly v: Float32Array;
  /** Of a table: the rows that m and v are of. */
  readonly rows?: Int32Array;
}

interface Moments {
  step: number;
  m: tf.Tensor;
  v: tf.Tensor;
  rows?: Int32Array;
}

/** Which rows a gradient by rows is of, as `GradientSum.rows` says. */
export type RowsOf = ReadonlyMap<Parameter, Int32Array>;

export class AdamW {
  private readonly moments = new Map<string, Moments>();

  constructor(private readonly config: AdamWConfig) {}

  /** Updates each parameter that has a gradient, in place. Gradients stay the caller's. */
  update(gradients: ReadonlyMap<Parameter, tf.Tensor>, learningRate: number, rowsOf: RowsOf = new Map()): void {
    for (const [parameter, gradient] of gradients) {
      const rows = rowsOf.get(parameter);
      if (rows === undefined) this.updateWhole(parameter, gradient, learningRate);
      else this.updateRows(parameter, gradient as tf.Tensor2D, rows, learningRate);
    }
  }

  private updateWhole(parameter: Parameter, gradient: tf.Tensor, learningRate: number): void {
    const before = this.moments.get(parameter.name);
    const step = (before?.step ?? 0) + 1;
    const next = tf.tidy(() => {
      const moments = before ?? { m: tf.zerosLike(gradient), v: tf.zerosLike(gradient) };
      return { ...adamWUpdate(parameter.value, gradient, moments, this.options(parameter, learningRate, step)) };
    });
    this.keep(parameter, { step, m: next.m, v: next.v });
    parameter.assign(next.parameter);
  }

  /** `gradient` [U, H] is of the rows `rows` [U] of a table [V, H]; K rows have had one so far, these included. */
  private updateRows(table: Parameter, gradient: tf.Tensor2D, rows: Int32Array, learningRate: number): void {
    const before = this.moments.get(table.name);
    const step = (before?.step ?? 0) + 1;
    const options = this.options(table, learningRate, step);
    const known = before?.rows ?? new Int32Array(0);
    const seen = new Set(known);
    const added = rows.filter((row) => !seen.has(row));
    const all = Int32Array.from([...known, ...added]);
    const place = new Map(Array.from(all, (row, i) => [row, i]));
    const next = tf.tidy(() => {
      const zeros = () => tf.zeros([added.length, table.shape[1]!]);
      const grown = (x: tf.Tensor | undefined) => (x === undefined ? zeros() : tf.concat([x, zeros()])); // [K, H]
      const places = tf.tensor1d(
        Array.from(rows, (row) => place.get(row)!),
        'int32',
      );
      const g = tf.unsortedSegmentSum(gradient, places, all.length); // [K, H]
      const values = tf.gather(table.value as tf.Tensor2D, tf.tensor1d(all, 'int32'));
      const moments = { m: grown(before?.m), v: grown(before?.v) };
      return { ...adamWUpdate(values, g, moments, options) };
    });
    this.keep(table, { step, m: next.m, v: next.v, rows: all });
    const decay = options.weightDecay * learningRate;
    if (decay !== 0) table.assign(tf.mul(table.value, 1 - decay));
    table.assign(replaceRows(table.value as tf.Tensor2D, all, next.parameter as tf.Tensor2D));
    next.parameter.dispose();
  }

  private options(parameter: Parameter, learningRate: number, step: number) {
    const { beta1, beta2, epsilon, weightDecay } = this.config;
    return { learningRate, beta1, beta2, epsilon, weightDecay: weightDecay(parameter), step };
  }

  private keep({ name }: Parameter, next: Moments): void {
    const before = this.moments.get(name);
    if (before !== undefined) tf.dispose([before.m, before.v]);
    tf.keep(next.m);
    tf.keep(next.v);
    this.moments.set(name, next);
  }

  state(): Map<string, MomentState> {
    const copy = (x: tf.Tensor) => x.dataSync<'float32'>().slice();
    return new Map([...this.moments].map(([name, { m, v, ...rest }]) => [name, { ...rest, m: copy(m), v: copy(v) }]));
  }

  restore(state: ReadonlyMap<string, MomentState>, parameters: readonly Parameter[]): void {
    this.dispose();
    const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    for (const [name, { m, v, ...rest }] of state) {
      const parameter = byName.get(name);
      if (parameter === undefined) {
        throw new UserError(`The checkpoint has optimiser state of "${name}", which this model does not have.`);
      }
      const [first, ...others] = parameter.shape;
      const shape = [rest.rows?.length ?? first!, ...others];
      this.moments.set(name, { ...rest, m: tf.keep(tf.tensor(m, shape)), v: tf.keep(tf.tensor(v, shape)) });
    }
  }

  dispose(): void {
    for (const { m, v } of this.moments.values()) tf.dispose([m, v]);
    this.moments.clear();
  }
}
