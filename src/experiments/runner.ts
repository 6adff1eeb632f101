/**
 * One run from its configuration to its result: opens the lab, follows the stream of training events into the journal,
 * evaluates every language, writes the result. Can be stopped and killed at any point and called again.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../engine/errors';
import type { TrainingEvent } from '../training/events';
import { checkConfiguration } from './checkConfiguration';
import { codeVersion } from './codeVersion';
import { runId, type RunConfiguration } from './configuration';
import { faultOf } from './faults';
import { changedInputs, inputsOf } from './inputs';
import { checkpointFolder, journalFile, openJournal, type Journal, type JournalEntry } from './journal';
import { acquireLock, isLock, type LockOwner } from './lock';
import { gatherCost, gatherEvaluations, gatherLogs } from './logs';
import {
  resultFormat,
  type DataSource,
  type EngineFacts,
  type LanguageEvaluation,
  type RunResult,
  type StartingPoint,
} from './result';
import { makeRunFolders, runsFolder } from './runFolders';
import { isSavedRun, requireSavable } from './savedRun';
import { leaveTraining, takeTraining, trainerOf } from './sharedTraining';
import type { ResultsStore } from './store';

/** What the runner needs of a lab: a model with its data, opened for one configuration. */
export interface RunnableLab {
  readonly engine: EngineFacts;
  readonly modelSource: string;
  readonly startedFrom?: StartingPoint;
  /** Layers of the base model. */
  readonly layers: number;
  readonly data: readonly DataSource[];
  /**
   * Trains, with checkpoints in `checkpointFolder`; goes on from the newest whole one that is there. `stop` ends the
   * stream after the current step, with a checkpoint and the event `interrupted`.
   */
  train(options: { checkpointFolder: string }): TrainingStream;
  /**
   * Scores the trained model (the checkpoint that `configuration.evaluation` names), one language after the other. Also
   * works when `train` found the run finished.
   */
  evaluate(languages: readonly string[]): AsyncIterable<LanguageEvaluation>;
  /** Writes what was trained, in the state that is scored, and its result: see `savedRun`. */
  save(folder: string, result: RunResult): void;
  close(): void | Promise<void>;
}

export type TrainingStream = AsyncIterable<TrainingEvent> & { stop(): void };

export type OpenLab = (configuration: RunConfiguration) => Promise<RunnableLab>;

export type RunEvent =
  | TrainingEvent
  /** `languagesLeft`: still to be evaluated, after the training. */
  | { readonly type: 'opening'; readonly languagesLeft: number }
  | { readonly type: 'evaluated'; readonly evaluation: LanguageEvaluation; readonly left: number };

export type RunOutcome =
  | { readonly state: 'done'; readonly result: RunResult; readonly path: string }
  /** The result was there already; nothing was computed. */
  | { readonly state: 'present'; readonly result: RunResult }
  /** Stopped by the signal; calling again goes on from there. */
  | { readonly state: 'interrupted' }
  /** Another living process is at it. */
  | { readonly state: 'busy'; readonly owner: LockOwner };

export interface RunOptions {
  readonly openLab: OpenLab;
  readonly store: ResultsStore;
  /** Folder of runs under way. Default: `runsFolder()`. */
  readonly runs?: string;
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops the run after the current step, resumably. */
  readonly signal?: AbortSignal;
  /** Runs that are to be done, too: this one's training is left to one of them that has the same. */
  readonly others?: readonly RunConfiguration[];
  /** A folder to save the run in, as `run.save` does; before its result is written. Default: not saved. */
  readonly save?: string;
  /** What becomes of the checkpoints when the result is written, unless they are left. Default: remove. */
  readonly checkpoints?: 'remove' | 'keep';
}

/**
 * Does the run unless its result is there or another process is at it.
 *
 * @throws UserError when the result that is there is not the run's, or the run was begun with other files: see
 * `faultOf` and `changedInputs`.
 */
export async function executeRun(configuration: RunConfiguration, options: RunOptions): Promise<RunOutcome> {
  checkConfiguration(configuration);
  const { store, save, runs = runsFolder() } = options;
  const id = runId(configuration);
  const present = (): RunOutcome => {
    const result = store.read(configuration.profile, id);
    const fault = faultOf(result, store.path(configuration.profile, id));
    if (fault !== undefined) throw new UserError(fault);
    if (save !== undefined && !isSavedRun(save)) {
      throw new UserError(
        `${id} is done, and was not saved in ${save}. To save it, move ${store.path(configuration.profile, id)} away and ` +
          `repeat the command; it is trained again, unless its last checkpoint is still there.`,
      );
    }
    return { state: 'present', result };
  };
  if (store.has(configuration)) return present();
  makeRunFolders(configuration.profile, store, runs);
  if (save !== undefined) requireSavable(save, id);
  const lock = await acquireLock(join(runs, configuration.profile, 'locks'), id);
  if (!isLock(lock)) return { state: 'busy', owner: lock };
  try {
    // Another process may have finished the run between the first look and the lock.
    if (store.has(configuration)) return present();
    const folder = join(runs, configuration.profile, id);
    takeTraining(folder, runs, configuration);
    return await runLocked(configuration, id, folder, { ...options, runs });
  } finally {
    lock.release();
  }
}

async function runLocked(
  configuration: RunConfiguration,
  id: string,
  folder: string,
  {
    openLab,
    store,
    runs,
    onEvent = () => undefined,
    signal = new AbortController().signal,
    others = [],
    save,
    checkpoints = 'remove',
  }: RunOptions & { readonly runs: string },
): Promise<RunOutcome> {
  const journal = openJournal(folder);
  const clock = startClock();
  const code = codeVersion();
  journal.append({
    type: 'session',
    at: 0,
    startedAt: new Date().toISOString(),
    commit: code.commit,
    host: hostname(),
  });
  onEvent({ type: 'opening', languagesLeft: unevaluated(configuration, journal).length });
  const lab = await openLab(configuration);
  try {
    checkConfiguration(configuration, lab.layers);
    requireSameInputs(id, folder, journal, lab);
    journal.append({ type: 'opened', at: clock(), ...inputsOf(lab) });
    const isThrough =
      (await train(lab, journal, clock, folder, onEvent, signal)) &&
      (await evaluate(lab, configuration, journal, clock, onEvent, signal));
    if (!isThrough) return { state: 'interrupted' };
    const trainer = trainerOf(journal.entries);
    const result: RunResult = {
      format: resultFormat,
      id,
      configuration,
      code,
      engine: lab.engine,
      ...inputsOf(lab),
      layers: lab.layers,
      ...(trainer === undefined ? {} : { trainedBy: trainer }),
      logs: gatherLogs(journal.entries),
      evaluation: gatherEvaluations(journal.entries, configuration.evaluation.languages),
      cost: gatherCost(journal.entries),
    };
    if (save !== undefined) lab.save(save, result);
    const path = store.write(result);
    const isLeft = leaveTraining(folder, journal, configuration, { runs, others, store });
    if (!isLeft && checkpoints === 'remove') rmSync(folder, { recursive: true, force: true });
    return { state: 'done', result, path };
  } finally {
    await lab.close();
  }
}

/** @throws UserError when a run that has begun would go on with another model or other data. */
function requireSameInputs(id: string, folder: string, { entries }: Journal, lab: RunnableLab): void {
  for (const entry of entries) {
    if (entry.type !== 'opened') continue;
    const { modelSource, startedFrom, data } = entry;
    if (modelSource === undefined || data === undefined) continue;
    const changed = changedInputs(inputsOf({ modelSource, startedFrom, data }), lab);
    if (changed.length === 0) continue;
    throw new UserError(
      `${id} was begun with other files than are there now: ${changed.join(', ')}. To go on would mix them. ` +
        `Put the old files back, or remove ${folder} to begin anew.`,
    );
  }
}

/**
 * After a power cut, or when a line of it is damaged, the journal may end before the checkpoint.
 *
 * @throws UserError when it lacks steps that the training goes on from: the result would lack them, too.
 */
function requireSteps(folder: string, { entries }: Journal, firstStep: number): void {
  const there = gatherLogs(entries).steps.step.filter((step) => step < firstStep).length;
  if (there === firstStep) return;
  throw new UserError(
    `${journalFile(folder)} has ${there} of the ${firstStep} steps that the checkpoint beside it is of. ` +
      `Remove ${folder} to begin anew.`,
  );
}

/** True when the training is through, false when it was interrupted. */
async function train(
  lab: RunnableLab,
  journal: Journal,
  clock: () => number,
  folder: string,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const checkpoints = checkpointFolder(folder);
  mkdirSync(checkpoints, { recursive: true });
  const stream = lab.train({ checkpointFolder: checkpoints });
  const stop = () => stream.stop();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  let isDone = false;
  try {
    for await (const event of stream) {
      if (event.type === 'start') requireSteps(folder, journal, event.firstStep);
      journal.append({ type: 'event', at: clock(), event, rssBytes: peakRss() });
      if (event.type === 'done') isDone = true;
      onEvent(event);
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return isDone;
}

/** True when every language is evaluated, false when it was interrupted. */
async function evaluate(
  lab: RunnableLab,
  configuration: RunConfiguration,
  journal: Journal,
  clock: () => number,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const missing = unevaluated(configuration, journal);
  let left = missing.length;
  if (left > 0 && signal.aborted) return false;
  for await (const scores of lab.evaluate(missing)) {
    journal.append({ type: 'evaluation', at: clock(), evaluation: scores, rssBytes: peakRss() });
    left -= 1;
    onEvent({ type: 'evaluated', evaluation: scores, left });
    if (left > 0 && signal.aborted) return false;
  }
  if (left > 0) throw new Error(`The lab evaluated ${missing.length - left} of ${missing.length} languages.`);
  return true;
}

/** The languages that are still to be evaluated. */
function unevaluated({ evaluation: { languages } }: RunConfiguration, { entries }: Journal): string[] {
  const done = new Set(gatherEvaluations(sinceLastDone(entries), languages).map(({ language }) => language));
  return languages.filter((language) => !done.has(language));
}

/** Evaluations count only when no training step came after them (a lost checkpoint makes steps be done again). */
function sinceLastDone(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const isStep = entries.map((entry) => entry.type === 'event' && entry.event.type === 'step');
  return entries.slice(isStep.lastIndexOf(true) + 1);
}

function startClock(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

function peakRss(): number {
  return process.resourceUsage().maxRSS * 1024;
}
