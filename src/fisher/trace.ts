/**
 * tr(F) of each layer's adapter: the mean over examples x of E_{y ~ p(·|x)} ‖∇ log p(y|x)‖², summed over the layer's
 * adapter parameters (for LoRA: query and value). Evaluation mode; nothing below the lowest adapter is kept.
 */
import { refuseUnknownKeys } from '../engine/errors';
import { withinMemory } from '../engine/outOfMemory';
import { randomStream, type RandomStream } from '../engine/random';
import type { AdapterModel, Prefix } from '../models/adapterModel';
import type { Parameter } from '../nn/parameter';
import {
  checkEstimator,
  type EstimatorChoice,
  type FisherEstimator,
  type PerExampleEstimator,
} from './estimatorChoice';
import { officialCodeOfBatch } from './officialCode';
import { layerOf, perExampleTraces, type BatchTraces, type FisherBatch } from './perExampleTraces';
import { checkUntil, isEnough, leadOf, mean, standardError, type FisherLead, type Until } from './precision';

export type { FisherBatch } from './perExampleTraces';

export interface FisherOptions extends EstimatorChoice {
  /** The parameters whose Fisher information is asked for. */
  readonly parameters: readonly Parameter[];
  /**
   * What is added up: parameters of one number. Default: the parameter's layer. A head, embeddings or invertible
   * adapters have no layer: give `() => 0`.
   */
  readonly groupOf?: (parameter: Parameter) => number | undefined;
  /** Stops before the batches are used up. Batches must then be drawn without regard to their length. */
  readonly until?: Until;
  /** Where `mc` and `sketch` draw from; default the stream "fisher" of seed 0. */
  readonly stream?: RandomStream;
  /** Stands in for the layers below the lowest parameter; not used by `officialCode`. */
  readonly prefix?: Prefix;
}

const fisherKeys = ['estimator', 'mcSamples', 'mass', 'parameters', 'groupOf', 'until', 'stream', 'prefix'];

export interface FisherTrace {
  readonly estimator: FisherEstimator;
  /** Examples it was estimated from. */
  readonly examples: number;
  /** tr(F) of each group (layer), ascending. */
  readonly trace: ReadonlyMap<number, number>;
  /** Its standard error over examples (over batches for `officialCode`); NaN from a single one. */
  readonly standardError: ReadonlyMap<number, number>;
  /** How close the two largest traces are; absent for `officialCode` and for a single group. */
  readonly lead?: FisherLead;
  /** What a truncated `exact` (mass < 1) left out, when it left out anything. */
  readonly truncation?: Truncation;
}

/**
 * The exact trace lies between `trace` and `trace + errorBound`: below for certain, above as two standard errors say.
 */
export interface Truncation {
  /** The most probability that was left out for any example and factor. */
  readonly mass: number;
  /** An unbiased estimate of the missing part of each group's trace. */
  readonly missing: ReadonlyMap<number, number>;
  /** `missing` plus two of its standard errors. */
  readonly errorBound: ReadonlyMap<number, number>;
}

/**
 * tr(F) of each group of parameters, from all examples of `batches` or as many as `until` asks for.
 *
 * @throws UserError for options that do not go together, and when memory runs out.
 */
export function fisherTrace(model: AdapterModel, batches: Iterable<FisherBatch>, options: FisherOptions): FisherTrace {
  return toEnd(fisherTraceByBatch(model, batches, options));
}

/** The same, with a pause after each batch, in which others can be served. */
export function fisherTraceByBatch(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  options: FisherOptions,
): Generator<void, FisherTrace> {
  refuseUnknownKeys('fisherTrace', options, fisherKeys);
  checkEstimator(options);
  if (options.until !== undefined) checkUntil(options.until, options.estimator);
  return options.estimator === 'officialCode'
    ? officialCode(model, batches, options)
    : perExample(model, batches, options);
}

/** What a generator returns. */
export function toEnd<T>(steps: Generator<void, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

function perExample(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  { groupOf = layerOf, stream = randomStream(0, 'fisher'), until, ...options }: FisherOptions,
): Generator<void, FisherTrace> {
  const estimator = options.estimator as PerExampleEstimator;
  const tracesOf = (batch: FisherBatch) =>
    withinMemory('tr(F)', batch, 'batchSize or data.maxLength', () =>
      perExampleTraces(model, batch, { ...options, estimator, groupOf, stream }),
    );
  return traceOver(estimator, batches, tracesOf, until);
}

/** The mean over the examples of all batches, or of as many as `until` asks for; pauses after each batch. */
export function* traceOver<B>(
  estimator: PerExampleEstimator,
  batches: Iterable<B>,
  tracesOf: (batch: B) => BatchTraces,
  until?: Until,
): Generator<void, FisherTrace> {
  const values = new Map<number, number[]>();
  const missing = new Map<number, number[]>();
  let mass = 0;
  for (const batch of batches) {
    const { traces, truncated } = tracesOf(batch);
    append(values, traces);
    // A batch in which nothing was left out misses nothing.
    append(missing, truncated?.traces ?? mapGroups(traces, (xs) => xs.map(() => 0)));
    mass = Math.max(mass, truncated?.mass ?? 0);
    if (until !== undefined && isEnough(values, until)) break;
    yield;
  }
  const lead = leadOf(values);
  return {
    ...summarise(estimator, values),
    ...(lead === undefined ? {} : { lead }),
    ...(mass === 0 ? {} : { truncation: truncationOf(missing, mass) }),
  };
}

const truncationOf = (missing: ReadonlyMap<number, readonly number[]>, mass: number): Truncation => ({
  mass,
  missing: mapGroups(missing, mean),
  errorBound: mapGroups(missing, (xs) => mean(xs) + 2 * standardError(xs)),
});

function* officialCode(
  model: AdapterModel,
  batches: Iterable<FisherBatch>,
  { parameters, groupOf = layerOf }: FisherOptions,
): Generator<void, FisherTrace> {
  const perBatch = new Map<number, number[]>();
  let examples = 0;
  let count = 0;
  for (const batch of batches) {
    const ofBatch = withinMemory('tr(F)', batch, 'batchSize or data.maxLength', () =>
      officialCodeOfBatch(model, batch, parameters, groupOf),
    );
    append(perBatch, new Map([...ofBatch].map(([group, value]) => [group, [value]])));
    examples += batch.examples;
    count += 1;
    yield;
  }
  const { estimator, trace, standardError: error } = summarise('officialCode', perBatch);
  const total = (means: ReadonlyMap<number, number>) => mapGroups(means, (value) => value * count);
  return { estimator, examples, trace: total(trace), standardError: total(error) };
}

function summarise(
  estimator: FisherEstimator,
  values: ReadonlyMap<number, readonly number[]>,
): Pick<FisherTrace, 'estimator' | 'examples' | 'trace' | 'standardError'> {
  return {
    estimator,
    examples: [...values.values()][0]?.length ?? 0,
    trace: mapGroups(values, mean),
    standardError: mapGroups(values, standardError),
  };
}

function append(to: Map<number, number[]>, more: ReadonlyMap<number, Iterable<number>>): void {
  for (const [group, xs] of more) to.set(group, [...(to.get(group) ?? []), ...xs]);
}

/** Groups ascending. */
const mapGroups = <T, U>(groups: ReadonlyMap<number, T>, f: (of: T) => U): Map<number, U> =>
  new Map([...groups].sort(([a], [b]) => a - b).map(([group, of]) => [group, f(of)]));
