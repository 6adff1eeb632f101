/**
 * The result of one run, as it lies in its JSON file: what was run, on what, everything that was logged, the scores,
 * and what it cost. Facts only: no text of any data set.
 */
import type { FileHashes } from '../engine/fileHash';
import type { RunConfiguration } from './configuration';

/** A table as equally long columns: short in JSON, and what arquero and danfojs read. */
export type Columns<Row> = { readonly [Key in keyof Row]: readonly Row[Key][] };

export const resultFormat = 1;

export interface RunResult {
  readonly format: typeof resultFormat;
  readonly id: string;
  readonly configuration: RunConfiguration;
  readonly code: CodeVersion;
  readonly engine: EngineFacts;
  /** Where the weights came from, with a revision or hash where known. */
  readonly modelSource: string;
  /** Where training started, when it was not from random values. */
  readonly startedFrom?: StartingPoint;
  /** Layers of the base model. */
  readonly layers: number;
  readonly data: readonly DataSource[];
  /** The run whose training this is, where another one had the same; `cost` counts it as if it had been done again. */
  readonly trainedBy?: string;
  readonly logs: RunLogs;
  readonly evaluation: readonly LanguageEvaluation[];
  readonly cost: RunCost;
}

export interface StartingPoint {
  /** A hash of the files: a path says nothing on another machine. */
  readonly source: string;
  /** What started from there; the head was random where the folder had none for the run's question. */
  readonly parts: 'adapter' | 'adapter and head';
}

export interface CodeVersion {
  /** Git commit; null outside a checkout. */
  readonly commit: string | null;
  /** Whether files under src/ differed from that commit. */
  readonly dirty: boolean;
}

export interface EngineFacts {
  /** The doctor's line: engine, TensorFlow version, device. */
  readonly line: string;
  readonly threads: number;
  readonly precision: string;
}

/** One split that the run read. */
export interface DataSource {
  readonly use: 'train' | 'validation' | 'test';
  readonly dataset: string;
  readonly language: string;
  readonly split: string;
  /** For example `mirror:xnli/test-sw.tsv`; never a path of the machine. */
  readonly source: string;
  /**
   * SHA-256 of each file that was read for it, uncompressed, by source: more than one where another decided something
   * about the examples. Absent in older results.
   */
  readonly files?: FileHashes;
  /** Examples used. */
  readonly count: number;
  /** Examples in the set as published; null where nothing is published. */
  readonly expectedCount: number | null;
  readonly complete: boolean;
  readonly notes: readonly string[];
}

export interface LoggedStep {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradNorm: number;
}

export interface LoggedTrace {
  readonly step: number;
  readonly layer: number;
  readonly trace: number;
  readonly standardError: number;
  readonly trainable: boolean;
}

/** One layer opening. */
export interface LoggedOpening {
  readonly step: number;
  readonly layer: number;
}

/** tr(F) of one frozen layer, as the schedule saw it when it chose. */
export interface LoggedScore {
  readonly step: number;
  readonly layer: number;
  readonly trace: number;
  readonly standardError: number;
}

/** How close a choice by tr(F) was: the two layers with the largest traces, from the same examples. */
export interface LoggedChoice {
  readonly step: number;
  readonly first: number;
  readonly second: number;
  /** tr(F) of the first minus that of the second. */
  readonly lead: number;
  /** Of the lead, paired by example. */
  readonly standardError: number;
  /** Examples that the choice was made from. */
  readonly examples: number;
}

/** English validation; the value in percent for accuracy, f1 and em. */
export interface LoggedValidation {
  readonly step: number;
  readonly metric: string;
  readonly value: number;
}

/** Floating-point numbers are rounded to six significant digits. */
export interface RunLogs {
  readonly steps: Columns<LoggedStep>;
  readonly unfreezing: Columns<LoggedOpening>;
  readonly scores: Columns<LoggedScore>;
  /** Of schedules that choose by tr(F), where two layers could be chosen. */
  readonly choices?: Columns<LoggedChoice>;
  readonly fisher: Columns<LoggedTrace>;
  readonly validation: Columns<LoggedValidation>;
}

export interface LanguageEvaluation {
  readonly language: string;
  readonly dataset: string;
  readonly split: string;
  readonly examples: number;
  readonly source: string;
  /** accuracy, f1, em: in percent. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Which examples were right (accuracy; exact match), one bit each: `packBits`. */
  readonly correct: string;
  /** Question answering: F1 of each example, one byte each: `packFractions`. */
  readonly f1?: string;
}

export interface RunCost {
  /** Seconds by part, all sessions together. */
  readonly seconds: CostParts;
  /** Median over the training steps. */
  readonly tokensPerSecond: number;
  /** Largest resident set size of any session, bytes. */
  readonly peakRssBytes: number;
  /** One entry for each time that the run was started or resumed. */
  readonly sessions: readonly SessionCost[];
}

export interface CostParts {
  /** Loading model and data. */
  readonly opening: number;
  readonly training: number;
  /** Estimates of tr(F), for the curve and for FUN. */
  readonly fisher: number;
  readonly validation: number;
  readonly evaluation: number;
}

export interface SessionCost {
  readonly startedAt: string;
  readonly commit: string | null;
  /** First step that this session did. */
  readonly firstStep: number;
  readonly seconds: number;
}

/** Optimiser steps that the run took; of one that was stopped, those until then. */
export const stepsTaken = ({ logs }: Pick<RunResult, 'logs'>): number => (logs.steps.step.at(-1) ?? -1) + 1;

/** What a result lacks of the run that its configuration describes, in words; undefined when it is whole. */
export function lackOf(result: RunResult): string | undefined {
  const { steps, evaluation } = result.configuration;
  const taken = stepsTaken(result);
  if (taken < steps) return `it took ${taken} of ${steps} steps`;
  const evaluated = result.evaluation.map(({ language }) => language);
  const missing = evaluation.languages.filter((language) => !evaluated.includes(language));
  return missing.length === 0 ? undefined : `it was not evaluated in ${missing.join(', ')}`;
}

/** Seconds of the whole run, all sessions together. */
export function totalSeconds({ seconds }: RunCost): number {
  const { opening, training, fisher, validation, evaluation } = seconds;
  return opening + training + fisher + validation + evaluation;
}

/** Seconds of the whole run, without a training that another run did. */
export function ownSeconds({ cost, trainedBy }: Pick<RunResult, 'cost' | 'trainedBy'>): number {
  return trainedBy === undefined ? totalSeconds(cost) : cost.seconds.opening + cost.seconds.evaluation;
}

/** Rows as columns; `keys` gives the columns of an empty table too. */
export function toColumns<Row extends object>(keys: readonly (keyof Row)[], rows: readonly Row[]): Columns<Row> {
  return Object.fromEntries(keys.map((key) => [key, rows.map((row) => row[key])])) as unknown as Columns<Row>;
}

/** Columns as rows. */
export function toRows<Row extends object>(columns: Columns<Row>): Row[] {
  const keys = Object.keys(columns) as (keyof Row)[];
  const length = keys.length === 0 ? 0 : columns[keys[0]!].length;
  return Array.from({ length }, (_, i) => Object.fromEntries(keys.map((key) => [key, columns[key][i]])) as Row);
}

/** Booleans as base64, eight a byte, the first in the lowest bit. */
export function packBits(bits: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => (bytes[i >> 3]! |= bit ? 1 << (i & 7) : 0));
  return Buffer.from(bytes).toString('base64');
}

/** The first `count` booleans of `packBits`. */
export function unpackBits(packed: string, count: number): boolean[] {
  const bytes = Buffer.from(packed, 'base64');
  return Array.from({ length: count }, (_, i) => ((bytes[i >> 3]! >> (i & 7)) & 1) === 1);
}

/** Numbers from 0 to 1 as base64, one byte each, in steps of 1/255. */
export function packFractions(fractions: readonly number[]): string {
  return Buffer.from(fractions.map((fraction) => Math.round(fraction * 255))).toString('base64');
}

export function unpackFractions(packed: string): number[] {
  return [...Buffer.from(packed, 'base64')].map((byte) => byte / 255);
}
