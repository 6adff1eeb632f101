/**
 * What is minimised: the loss of one batch, and the way back to the parameters. A task's objective is the mean
 * cross-entropy of its head's factors; language adapters have another (masked-LM).
 */
import { tf } from '../engine/tf';
import type { AdapterModel, ForwardOptions } from '../models/adapterModel';
import { factorLoss } from '../nn/categorical';
import type { GradientSink } from '../nn/gradientSink';
import type { Batch } from '../tasks/batch';
import { factorLabels, possibleLabels } from '../tasks/labels';

export interface ObjectivePass {
  /** The caller's. */
  readonly loss: tf.Scalar;
  /** Gradients of the wanted parameters → sink. Frees everything but the loss. */
  backwardAndRelease(sink: GradientSink): void;
}

/** `step` is that of the optimiser, for objectives that draw. */
export type Objective = (model: AdapterModel, batch: Batch, options: ForwardOptions, step: number) => ObjectivePass;

export const taskObjective: Objective = (model, batch, options) => {
  const pass = model.forward(batch, options);
  const { loss, dFactors } = factorLoss(pass.factors, factorLabels(batch), possibleLabels(batch));
  return {
    loss,
    backwardAndRelease: (sink) => {
      pass.backwardAndRelease(dFactors, sink);
      tf.dispose(dFactors);
    },
  };
};
