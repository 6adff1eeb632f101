/** Event files for TensorBoard, by TensorFlow's own writer: loss, learning rate, tr(F) of every layer, validation. */
import { mkdirSync } from 'node:fs';
import { explainDisk } from '../engine/atomicFile';
import { summaryWriter } from '../engine/tf';
import type { TrainingEvent } from './events';

export interface EventFiles {
  write(event: TrainingEvent): void;
}

/** @throws UserError on an engine that has no such writer. */
export function eventFiles(folder: string): EventFiles {
  explainDisk(folder, () => mkdirSync(folder, { recursive: true }));
  const writer = summaryWriter(folder);
  return {
    write(event) {
      switch (event.type) {
        case 'step':
          writer.scalar('train/loss', event.loss, event.step);
          writer.scalar('train/learning rate', event.learningRate, event.step);
          writer.scalar('train/gradient norm', event.gradNorm, event.step);
          writer.scalar('train/open layers', event.open.length, event.step);
          writer.scalar('train/tokens per second', event.tokensPerSecond, event.step);
          break;
        case 'fisher':
          for (const { layer, trace } of event.traces) {
            writer.scalar(`trace of F/layer ${String(layer).padStart(2, '0')}`, trace, event.step);
          }
          break;
        case 'validation':
          for (const [metric, value] of Object.entries(event.metrics)) {
            writer.scalar(`validation/${metric}`, value, event.step);
          }
          writer.flush();
          break;
        case 'checkpoint':
        case 'interrupted':
        case 'done':
          writer.flush();
          break;
        case 'start':
        case 'unfreeze':
          break;
      }
    },
  };
}
