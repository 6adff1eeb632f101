/**
 * One run in a process of its own, as launchers start it. Tells its parent how far it is; stops resumably on SIGINT,
 * SIGTERM, or when the parent is gone. Its exit code says how it ended.
 */
import { join } from 'node:path';
import { messageOf, UserError } from '../engine/errors';
import { runId, type RunConfiguration } from './configuration';
import { readRunList } from './plan';
import { executeRun, type OpenLab, type RunEvent, type RunOutcome } from './runner';
import { openStore } from './store';

/** How a worker ended. Anything else is a failure. */
export const workerExit = { done: 0, failed: 1, busy: 75, interrupted: 130 } as const;

/** How far a worker is; sent to the parent at most five times a second. */
export interface WorkerProgress {
  readonly type: 'progress';
  readonly phase: 'opening' | 'training' | 'evaluating';
  readonly step: number;
  readonly steps: number;
  readonly loss?: number;
  /** Of the training. */
  readonly secondsLeft?: number;
  /** Languages still to be evaluated. */
  readonly languagesLeft?: number;
}

/**
 * Does run `index` of the list, and returns the exit code. Failures are told on standard error.
 *
 * @param save a folder that the run is saved in, under its name.
 */
export async function runWorker(
  listFile: string,
  index: number,
  openLab: OpenLab,
  { save }: { readonly save?: string } = {},
): Promise<number> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  process.on('disconnect', stop);
  try {
    const list = readRunList(listFile);
    const configuration = list[index];
    if (configuration === undefined) {
      throw new UserError(`${listFile} has runs 0 … ${list.length - 1}, not ${index}.`);
    }
    const outcome = await executeRun(configuration, {
      openLab,
      store: openStore(),
      others: list,
      onEvent: progressReporter(configuration),
      signal: abort.signal,
      ...(save === undefined ? {} : { save: join(save, runId(configuration)) }),
    });
    return exitCodeOf(outcome);
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error instanceof Error ? error.stack : messageOf(error));
    return workerExit.failed;
  } finally {
    for (const signal of signals) process.off(signal, stop);
    process.off('disconnect', stop);
  }
}

function exitCodeOf(outcome: RunOutcome): number {
  switch (outcome.state) {
    case 'done':
      console.log(`written: ${outcome.result.id}`);
      return workerExit.done;
    case 'present':
      console.log(`there already: ${outcome.result.id}`);
      return workerExit.done;
    case 'interrupted':
      console.log('interrupted; the next call goes on from here');
      return workerExit.interrupted;
    case 'busy': {
      const { pid, host, since } = outcome.owner;
      console.log(`another process is at it: ${pid} on ${host}, since ${since}`);
      return workerExit.busy;
    }
  }
}

function progressReporter({ steps }: RunConfiguration): (event: RunEvent) => void {
  let progress: WorkerProgress = { type: 'progress', phase: 'opening', step: 0, steps };
  let sentAt = 0;
  const send = () => {
    sentAt = Date.now();
    // A parent that died during a step is gone before "disconnect" is read; without a callback that would be thrown.
    process.send?.(progress, undefined, undefined, () => undefined);
  };
  return (event) => {
    switch (event.type) {
      case 'step':
        progress = {
          ...progress,
          phase: 'training',
          step: event.step + 1,
          loss: event.loss,
          secondsLeft: event.secondsLeft,
        };
        if (Date.now() - sentAt >= 200) send();
        break;
      case 'start':
        progress = { ...progress, phase: 'training', step: event.firstStep };
        send();
        break;
      case 'done':
        progress = { ...progress, phase: 'evaluating', step: steps };
        send();
        break;
      case 'evaluated':
        progress = { ...progress, languagesLeft: event.left };
        send();
        break;
      case 'opening':
        progress = { ...progress, languagesLeft: event.languagesLeft };
        send();
        break;
      case 'unfreeze':
      case 'fisher':
      case 'validation':
      case 'checkpoint':
      case 'interrupted':
        break;
    }
  };
}
