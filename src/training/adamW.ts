/**
 * AdamW (Loshchilov and Hutter 2019), keyed by parameter name. A frozen parameter has no state, no decay and no step
 * count: its bias correction starts when its layer is unfrozen, as in PyTorch when its gradient was None until then.
 */
import { adamWUpdate } from '../engine/ops';
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
}

interface Moments {
  step: number;
  m: tf.Tensor;
  v: tf.Tensor;
}

export class AdamW {
  private readonly moments = new Map<string, Moments>();

  constructor(private readonly config: AdamWConfig) {}

  /** Updates each parameter that has a gradient, in place. Gradients stay the caller's. */
  update(gradients: ReadonlyMap<Parameter, tf.Tensor>, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.config;
    for (const [parameter, gradient] of gradients) {
      const before = this.moments.get(parameter.name);
      const step = (before?.step ?? 0) + 1;
      const next = tf.tidy(() => {
        const { m, v } = before ?? { m: tf.zerosLike(gradient), v: tf.zerosLike(gradient) };
        const options = { learningRate, beta1, beta2, epsilon, weightDecay: weightDecay(parameter), step };
        return { ...adamWUpdate(parameter.value, gradient, { m, v }, options) };
      });
      tf.dispose(before === undefined ? [] : [before.m, before.v]);
      this.moments.set(parameter.name, { step, m: tf.keep(next.m), v: tf.keep(next.v) });
      parameter.assign(next.parameter);
    }
  }

  state(): Map<string, MomentState> {
    return new Map(
      [...this.moments].map(([name, { step, m, v }]) => [
        name,
        { step, m: m.dataSync<'float32'>().slice(), v: v.dataSync<'float32'>().slice() },
      ]),
    );
  }

  restore(state: ReadonlyMap<string, MomentState>, parameters: readonly Parameter[]): void {
    this.dispose();
    const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    for (const [name, { step, m, v }] of state) {
      const parameter = byName.get(name);
      if (parameter === undefined) {
        throw new UserError(`The checkpoint has optimiser state of "${name}", which this model does not have.`);
      }
      const tensor = (data: Float32Array) => tf.keep(tf.tensor(data, [...parameter.shape]));
      this.moments.set(name, { step, m: tensor(m), v: tensor(v) });
    }
  }

  dispose(): void {
    for (const { m, v } of this.moments.values()) tf.dispose([m, v]);
    this.moments.clear();
  }
}
