/**
 * A run's training as those who follow it see it: the trainer's events, which TensorBoard gets too, and a way to stop.
 */
import { join } from 'node:path';
import type { TrainingEvent } from '../training/events';
import { eventFiles, type EventFiles } from '../training/tensorboard';
import { train } from '../training/trainer';
import type { TrainingOptions } from '../training/trainingOptions';
import type { TrainingStream } from './runner';

/** @param name what TensorBoard calls the run. */
export function trainingStream(options: Omit<TrainingOptions, 'signal'>, name: string): TrainingStream {
  const abort = new AbortController();
  const watched = watching(name);
  const events = train({ ...options, signal: abort.signal });
  return { [Symbol.asyncIterator]: () => follow(events, watched), stop: () => abort.abort() };
}

/** FUN_TENSORBOARD: a folder, in which every run writes TensorBoard's event files into one of its own. */
function watching(name: string): EventFiles | undefined {
  const folder = process.env.FUN_TENSORBOARD;
  return folder ? eventFiles(join(folder, name)) : undefined;
}

async function* follow(
  events: ReturnType<typeof train>,
  watched: EventFiles | undefined,
): AsyncGenerator<TrainingEvent> {
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return;
      watched?.write(next.value);
      yield next.value;
    }
  } finally {
    await events.return({ finished: false }); // when whoever iterates leaves early: frees the optimiser
  }
}
