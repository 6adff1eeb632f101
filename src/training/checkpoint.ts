/**
 * Checkpoints: everything that decides the rest of a run, in one safetensors file that appears whole or not at all.
 * The newest two are kept, so that a damaged one leaves the one before it.
 */
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../engine/errors';
import { openSafetensors, readMetadata, writeSafetensors, type TensorToWrite } from '../models/formats/safetensors';
import type { Parameter } from '../nn/parameter';
import type { RandomState } from '../engine/random';
import type { UnfreezingSnapshot } from '../schedulers/unfreezing';
import type { MomentState } from './adamW';

export interface TrainingState {
  /** Names the run's settings; a checkpoint of other settings is refused. */
  readonly fingerprint: string;
  /** Optimiser steps done. */
  readonly step: number;
  readonly seconds: number;
  readonly unfreezing: UnfreezingSnapshot;
  /** The "schedule" stream. Every other random choice is a function of seed and step. */
  readonly scheduleStream: RandomState;
  /** Values of every parameter that can be trained in this run, by name. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly moments: ReadonlyMap<string, MomentState>;
  /** The best state by English validation so far. */
  readonly best?: BestState;
}

export interface BestState {
  readonly step: number;
  readonly value: number;
  readonly parameters: ReadonlyMap<string, Float32Array>;
}

interface Header {
  readonly fingerprint: string;
  readonly step: number;
  readonly seconds: number;
  readonly unfreezing: UnfreezingSnapshot;
  readonly scheduleStream: RandomState;
  readonly momentSteps: Readonly<Record<string, number>>;
  readonly best?: { readonly step: number; readonly value: number };
}

const fileName = (step: number) => `step-${String(step).padStart(8, '0')}.safetensors`;

/** Writes the checkpoint of `state.step` into `folder` and removes all but the newest two. Returns its path. */
export function writeCheckpoint(folder: string, state: TrainingState): string {
  mkdirSync(folder, { recursive: true });
  const header: Header = {
    fingerprint: state.fingerprint,
    step: state.step,
    seconds: state.seconds,
    unfreezing: state.unfreezing,
    scheduleStream: state.scheduleStream,
    momentSteps: Object.fromEntries([...state.moments].map(([name, { step }]) => [name, step])),
    ...(state.best === undefined ? {} : { best: { step: state.best.step, value: state.best.value } }),
  };
  const tensors = new Map<string, TensorToWrite>();
  const add = (kind: string, name: string, data: TensorToWrite['data']) =>
    tensors.set(`${kind}/${name}`, { shape: [data.length], data });
  for (const [name, data] of state.parameters) add('parameter', name, data);
  for (const [name, { m, v, rows }] of state.moments) {
    add('m', name, m);
    add('v', name, v);
    if (rows !== undefined) add('rows', name, rows);
  }
  for (const [name, data] of state.best?.parameters ?? []) add('best', name, data);
  const path = join(folder, fileName(state.step));
  try {
    writeSafetensors(path, tensors, { metadata: { training: JSON.stringify(header) } });
  } catch (error) {
    throw new UserError(
      `The checkpoint of step ${state.step} could not be written: ${messageOf(error)}. ` +
        `Earlier checkpoints are kept; free some space and run the same command again.`,
    );
  }
  for (const old of checkpointFiles(folder).slice(2)) rmSync(join(folder, old), { force: true });
  return path;
}

/**
 * The newest checkpoint in `folder` that is whole; undefined when there is none. `onDamaged` hears of those that are
 * not. Throws when the newest whole one belongs to other settings.
 */
export function readCheckpoint(
  folder: string,
  fingerprint: string,
  onDamaged: (message: string) => void = () => undefined,
): TrainingState | undefined {
  for (const name of checkpointFiles(folder)) {
    const path = join(folder, name);
    let state: TrainingState;
    try {
      state = read(path);
    } catch (error) {
      onDamaged(`${path} is damaged and is not used: ${messageOf(error)}`);
      continue;
    }
    if (state.fingerprint !== fingerprint) {
      throw new UserError(
        `${path} was written by a run with other settings. Give this run a folder of its own, or remove that one.`,
      );
    }
    return state;
  }
  return undefined;
}

/** Removes all checkpoints in `folder` but the newest. */
export function removeOlderCheckpoints(folder: string): void {
  for (const old of checkpointFiles(folder).slice(1)) rmSync(join(folder, old), { force: true });
}

/** Whether there is any checkpoint in `folder`. */
export const hasCheckpoint = (folder: string): boolean => checkpointFiles(folder).length > 0;

/** Removes what a process that was killed had written of a checkpoint; nobody else may be writing one. */
export function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder, /^step-\d+\.safetensors\..*\.tmp$/)) rmSync(join(folder, name), { force: true });
}

/** Removes the checkpoints in `folder`, and the folder unless something else is in it (a step that diverged). */
export function removeCheckpoints(folder: string): void {
  for (const name of checkpointFiles(folder)) rmSync(join(folder, name), { force: true });
  removeUnfinished(folder);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Newest first. */
const checkpointFiles = (folder: string): string[] =>
  namesIn(folder, /^step-\d+\.safetensors$/)
    .sort()
    .reverse();

const namesIn = (folder: string, pattern: RegExp): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : [];

function read(path: string): TrainingState {
  const text = readMetadata(path).training;
  if (text === undefined) throw new UserError('it has no training state');
  const header = JSON.parse(text) as Header;
  const file = openSafetensors(path);
  try {
    const names = file.names();
    const group = <Data extends TensorToWrite['data'] = Float32Array>(kind: string) =>
      new Map(
        names
          .filter((name) => name.startsWith(`${kind}/`))
          .map((name) => [name.slice(kind.length + 1), file.read(name).data as Data]),
      );
    const [m, v, rows] = [group('m'), group('v'), group<Int32Array>('rows')];
    const moments = new Map(
      Object.entries(header.momentSteps).map(([name, step]) => {
        const rowsOf = rows.get(name);
        return [name, { step, m: m.get(name)!, v: v.get(name)!, ...(rowsOf === undefined ? {} : { rows: rowsOf }) }];
      }),
    );
    const { best, ...rest } = header;
    return {
      ...rest,
      parameters: group('parameter'),
      moments,
      ...(best === undefined ? {} : { best: { ...best, parameters: group('best') } }),
    };
  } finally {
    file.close();
  }
}

/** Copies of parameter values on the host. */
export const snapshot = (parameters: readonly Parameter[]): Map<string, Float32Array> =>
  new Map(parameters.map(({ name, value }) => [name, value.dataSync<'float32'>().slice()]));
