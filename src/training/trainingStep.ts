/** One optimiser step: forward through all layers, backward to the lowest trainable one, clip, update. */
import { withinMemory } from '../engine/outOfMemory';
import { tf } from '../engine/tf';
import type { AdapterModel, Prefix } from '../models/adapterModel';
import type { DropoutSource } from '../nn/dropout';
import { gradientSum } from '../nn/gradientSum';
import type { Wanted } from '../nn/gradientSink';
import type { Batch } from '../tasks/batch';
import type { AdamW } from './adamW';
import { clipByGlobalNorm } from './clip';
import { Divergence } from './divergence';
import { taskObjective, type Objective } from './objective';

export interface StepOptions {
  readonly model: AdapterModel;
  readonly batch: Batch;
  /** Default: the task's. */
  readonly objective?: Objective;
  readonly trainable: Wanted;
  readonly optimiser: AdamW;
  readonly learningRate: number;
  readonly clipNorm: number;
  readonly dropout: DropoutSource;
  /** Whether dropout also acts below the lowest trainable layer. */
  readonly prefixDropout: boolean;
  /** Stands in for the layers below the lowest trainable one, where these run without dropout. */
  readonly prefix?: Prefix;
  /** For messages. */
  readonly step: number;
}

/** @throws Divergence when the loss or a gradient is not finite; a UserError when memory runs out. */
export function trainingStep(options: StepOptions): { loss: number; gradNorm: number } {
  return withinMemory(`Training step ${options.step}`, options.batch, 'batchSize or data.maxLength', () =>
    forwardBackwardUpdate(options),
  );
}

function forwardBackwardUpdate(options: StepOptions): { loss: number; gradNorm: number } {
  const {
    model,
    batch,
    objective = taskObjective,
    trainable,
    optimiser,
    learningRate,
    clipNorm,
    dropout,
    prefixDropout,
    prefix,
  } = options;
  const forward = { wanted: trainable, dropout, prefixDropout, ...(prefix === undefined ? {} : { prefix }) };
  const pass = objective(model, batch, forward, options.step);
  const sum = gradientSum(trainable);
  pass.backwardAndRelease(sum);
  const { clipped, norm } = clipByGlobalNorm(sum.gradients, clipNorm);
  const result = { loss: pass.loss.dataSync()[0]!, gradNorm: norm.dataSync()[0]! };
  try {
    if (!Number.isFinite(result.loss) || !Number.isFinite(result.gradNorm)) {
      throw new Divergence({ ...options, ...result, gradients: sum.gradients });
    }
    optimiser.update(clipped, learningRate, sum.rows);
  } finally {
    sum.dispose();
    tf.dispose([pass.loss, norm, ...clipped.values()]);
  }
  return result;
}
