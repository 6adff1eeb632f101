/** A run whose loss or gradient is no longer finite: what is said of it, and what is kept to look into it. */
import { join } from 'node:path';
import { messageOf, UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import { writeSafetensors, type TensorToWrite } from '../models/formats/safetensors';
import type { Parameter } from '../nn/parameter';
import type { Batch } from '../tasks/batch';

export interface DivergedStep {
  readonly step: number;
  readonly loss: number;
  /** Before clipping. */
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly batch: Batch;
  readonly gradients: ReadonlyMap<Parameter, tf.Tensor>;
}

/** Thrown before the update: parameters still have the values that gave the loss. */
export class Divergence extends UserError {
  private readonly tensors: ReadonlyMap<string, TensorToWrite>;
  private readonly facts: Record<string, string>;

  constructor(at: DivergedStep) {
    super(describe(at));
    this.tensors = gather(at);
    const { step, loss, gradNorm, learningRate, batch } = at;
    this.facts = { step: `${step}`, loss: `${loss}`, gradNorm: `${gradNorm}`, learningRate: `${learningRate}` };
    this.facts.exampleIds = Array.from(batch.exampleIds).join(' ');
  }

  /**
   * The same error, saying where the step was written to: a safetensors file `diverged-STEP` in `folder` with the
   * parameters, their gradients and the batch; its metadata has step, loss, gradient norm, learning rate and example
   * ids.
   */
  saved(folder: string): UserError {
    const path = join(folder, `diverged-${this.facts.step!.padStart(8, '0')}.safetensors`);
    try {
      writeSafetensors(path, this.tensors, { metadata: this.facts });
    } catch (error) {
      return new UserError(`${this.message} What led to it could not be written: ${messageOf(error)}`);
    }
    return new UserError(`${this.message} Parameters, gradients and batch of this step: ${path}`);
  }
}

function describe({ step, loss, gradNorm, learningRate, batch, gradients }: DivergedStep): string {
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

function gather({ batch, gradients }: DivergedStep): Map<string, TensorToWrite> {
  const copy = (x: tf.Tensor): TensorToWrite => ({ shape: x.shape, data: x.dataSync<'float32'>().slice() });
  const { inputIds, attentionMask, tokenTypeIds, tokens } = batch;
  const shape = [inputIds.length / tokens, tokens];
  return new Map([
    ...[...gradients].flatMap(([{ name, value }, gradient]): [string, TensorToWrite][] => [
      [`parameter/${name}`, copy(value)],
      [`gradient/${name}`, copy(gradient)],
    ]),
    ...Object.entries({ inputIds, attentionMask, tokenTypeIds }).map(([name, data]): [string, TensorToWrite] => [
      `batch/${name}`,
      { shape, data },
    ]),
  ]);
}
