/** One optimiser step: forward through all layers, backward to the lowest trainable one, clip, update. */
import { UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import type { AdapterModel, Prefix } from '../models/adapterModel';
import type { DropoutSource } from '../nn/dropout';
import { gradientSum } from '../nn/gradientSum';
import type { Wanted } from '../nn/gradientSink';
import type { Parameter } from '../nn/parameter';
import type { Batch } from '../tasks/batch';
import type { AdamW } from './adamW';
import { clipByGlobalNorm } from './clip';
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

/** Throws a UserError, with what is needed to look into it, when the loss or a gradient is not finite. */
export function trainingStep(options: StepOptions): { loss: number; gradNorm: number } {
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
      throw new UserError(divergence(options, result, sum.gradients));
    }
    optimiser.update(clipped, learningRate, sum.rows);
  } finally {
    sum.dispose();
    tf.dispose([pass.loss, norm, ...clipped.values()]);
  }
  return result;
}

function divergence(
  { step, learningRate, batch }: StepOptions,
  { loss, gradNorm }: { loss: number; gradNorm: number },
  gradients: ReadonlyMap<Parameter, tf.Tensor>,
): string {
  const largest = [...gradients]
    .map(([{ name }, gradient]) => ({ name, size: tf.tidy(() => gradient.abs().max().dataSync()[0]!) }))
    .sort((a, b) => rank(b.size) - rank(a.size))
    .slice(0, 3);
  return (
    `The run diverged at step ${step}: loss ${loss}, gradient norm ${gradNorm}, learning rate ${learningRate}. ` +
    `Examples of the batch: ${Array.from(batch.exampleIds).join(', ')}. ` +
    `Largest gradients: ${largest.map(({ name, size }) => `${name} (${size})`).join('; ')}. ` +
    `Lower the learning rate; the checkpoints before this step are kept.`
  );
}

/** NaN counts as larger than everything. */
const rank = (size: number): number => (Number.isNaN(size) ? Infinity : size);
