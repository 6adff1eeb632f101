/** What happens when TensorFlow gets no more memory: what was made is freed, and the user is told what to lower. */
import { messageOf, UserError } from './errors';
import { tf } from './tf';

/** The padded size of a batch. */
export interface BatchSize {
  readonly examples: number;
  readonly sequencesPerExample: number;
  readonly tokens: number;
}

/** Evaluation has a batch of its own, which no setting changes. */
export type Lower = 'batchSize or data.maxLength' | 'data.maxLength';

/**
 * Runs `compute`, which must hand back numbers and no tensors of its own. Tensors that it leaves behind, because memory
 * or anything else failed half way, are freed, so that a smaller batch can be tried in the same process.
 *
 * @param what for the message, as in `Training step 12`.
 * @param lower the settings that decide the batch.
 * @throws UserError when memory ran out: on which batch, and what to lower.
 */
export function withinMemory<T>(what: string, batch: BatchSize, lower: Lower, compute: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  try {
    return compute();
  } catch (error) {
    throw isOutOfMemory(error) ? new UserError(advice(what, batch, lower, messageOf(error))) : error;
  } finally {
    engine.endScope();
  }
}

/** TensorFlow's RESOURCE_EXHAUSTED, on a CPU and on a GPU; and JavaScript's own. */
const isOutOfMemory = (error: unknown): boolean =>
  /OOM when allocating|TF_Status: 8\b|RESOURCE_EXHAUSTED|Array buffer allocation failed/.test(messageOf(error));

function advice(what: string, batch: BatchSize, lower: Lower, message: string): string {
  const { examples, sequencesPerExample, tokens } = batch;
  const shape = /shape\[([\d,]*)\]/.exec(message)?.[1]?.split(',').map(Number);
  const gigabytes = shape && (4 * shape.reduce((a, b) => a * b, 1)) / 1e9; // float32
  const asked = shape && ` A tensor [${shape.join(', ')}] of ${gigabytes!.toPrecision(2)} GB found no room.`;
  const sequences = sequencesPerExample === 1 ? 'sequences' : `examples (${sequencesPerExample} sequences each)`;
  return (
    `${what} ran out of memory on ${examples} ${sequences} of ${tokens} tokens.${asked ?? ''} ` +
    `Lower ${lower}, or run fewer --jobs at a time. ` +
    'Checkpoints are kept: the same settings go on from the last one where there is more memory.'
  );
}
