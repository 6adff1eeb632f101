/** Refuses a configuration that names what does not exist, or that could not do what it says. */
import { asksForSpans, taskNames } from '../datasets/tasks';
import { oneOf, refuseUnknownKeys, UserError, wholeNumber } from '../engine/errors';
import { checkEstimator, fisherEstimators } from '../fisher/estimatorChoice';
import { precisions } from '../engine/precision';
import { checkUntil } from '../fisher/precision';
import { createSchedule, type ScheduleConfig } from '../schedulers/createSchedule';
import { checkScheduleFile, isInFile } from '../schedulers/scheduleFile';
import { createLearningRate } from '../schedulers/learningRate';
import { createUnfreezing, unfreezingTimings } from '../schedulers/unfreezing';
import { methodNames } from './methods';
import { profileNames, type ExampleCount, type FisherConfiguration, type RunConfiguration } from './configuration';

const estimateKeys = ['estimator', 'examples', 'mcSamples?', 'mass?', 'until?'] as const;

/** Each object of a configuration with the keys it may have; those with a question mark may be absent. */
const keysOf = {
  configuration: [
    ...['profile', 'model', 'task', 'data', 'method', 'languageAdapters', 'head', 'startFrom?', 'schedule'],
    ...['timing', 'optimiser', 'steps', 'batchSize', 'bucketing', 'dropout', 'prefixDropout', 'fisherForSchedule?'],
    ...['trackFisher?', 'validation', 'evaluation', 'precision', 'seed'],
  ],
  data: ['suite', 'trainExamples', 'maxLength', 'docStride?'],
  head: ['pooling', 'family?'],
  optimiser: ['learningRate', 'decay', 'weightDecay', 'clipNorm'],
  fisherForSchedule: estimateKeys,
  trackFisher: [...estimateKeys, 'every', 'layers', 'sample?'],
  validation: ['every', 'examples'],
  evaluation: ['languages', 'examples', 'checkpoint'],
} as const;

/** Of each method, the keys beside `type`. */
const keysOfMethod = { bottleneck: ['reductionFactor'], lora: ['rank', 'alpha'], full: [] } as const;

/**
 * Returns `given` when every key is known and every value possible.
 *
 * @param layers number of layers of the base model, when it is known: the schedule is then checked against it, and
 *   one that would not have opened every layer before the last step is refused.
 * @throws UserError that names the key, what was given and what is allowed.
 */
export function checkConfiguration(given: RunConfiguration, layers?: number): RunConfiguration {
  requireKeys('configuration', given, keysOf.configuration);
  oneOf('profile', given.profile, profileNames);
  oneOf('task', given.task, taskNames);
  oneOf('timing', given.timing, unfreezingTimings);
  oneOf('bucketing', given.bucketing, ['byLength', 'none']);
  oneOf('precision', given.precision, precisions);
  if (typeof given.model !== 'string' || given.model === '') throw new UserError('model must be a name or a folder.');
  checkData(given);
  checkMethod(given);
  checkOptimiser(given);
  checkFisher(given);
  checkValidationAndEvaluation(given);
  wholeNumber('steps', given.steps);
  wholeNumber('batchSize', given.batchSize);
  wholeNumber('seed', given.seed, 0);
  inRange('dropout', given.dropout, 0, 0.99);
  if (typeof given.prefixDropout !== 'boolean') throw new UserError('prefixDropout must be true or false.');
  checkSchedule(given.schedule, layers);
  const fault = layers === undefined ? undefined : tooFewSteps(given, layers);
  if (fault !== undefined) throw new UserError(fault);
  return given;
}

function checkSchedule(schedule: RunConfiguration['schedule'], layers: number | undefined): void {
  if (isInFile(schedule)) {
    requireKeys(`schedule "${schedule.name}"`, schedule, ['name', 'file', 'sha256', 'every']);
    wholeNumber('schedule.every', schedule.every);
    checkScheduleFile(schedule);
  } else {
    // Without a model at hand, an order tells how many layers it is for; otherwise any large number shows mistyped keys.
    createSchedule(schedule, layers ?? schedule.order?.length ?? 1000);
  }
}

function checkData({ data, task }: RunConfiguration): void {
  requireKeys('data', data, keysOf.data);
  oneOf('data.suite', data.suite, ['mini', 'published']);
  exampleCount('data.trainExamples', data.trainExamples);
  wholeNumber('data.maxLength', data.maxLength, 8);
  if (asksForSpans(task) && data.docStride === undefined) {
    throw new UserError(`task "${task}" needs data.docStride: tokens shared by two windows, for example 128.`);
  }
  if (!asksForSpans(task) && data.docStride !== undefined) {
    throw new UserError(`data.docStride is for question answering only; leave it out for task "${task}".`);
  }
  if (data.docStride !== undefined && wholeNumber('data.docStride', data.docStride) >= data.maxLength) {
    throw new UserError(`data.docStride (${data.docStride}) must be below data.maxLength (${data.maxLength}).`);
  }
}

function checkMethod({ method, languageAdapters, head, startFrom, schedule }: RunConfiguration): void {
  const type = oneOf('method.type', method.type, methodNames);
  requireKeys(`method "${type}"`, method, ['type', ...keysOfMethod[type]]);
  if (method.type === 'bottleneck') wholeNumber('method.reductionFactor', method.reductionFactor);
  if (method.type === 'lora') {
    wholeNumber('method.rank', method.rank);
    inRange('method.alpha', method.alpha, Number.MIN_VALUE, 1e6);
  }
  if ((type === 'full') !== (schedule.name === 'full')) {
    throw new UserError(
      `schedule "${schedule.name}" does not go with method "${type}": ` +
        'schedule "full" and method "full" are the same thing, every base parameter trained from step 0.',
    );
  }
  if (startFrom !== undefined) {
    if (typeof startFrom !== 'string' || startFrom === '') throw new UserError('startFrom must be a folder.');
    if (type === 'full') throw new UserError('startFrom is for adapters; full fine-tuning starts from the base model.');
  }
  requireKeys('head', head, keysOf.head);
  oneOf('head.pooling', head.pooling, ['first', 'mean']);
  if (head.family !== undefined) {
    oneOf('head.family', head.family, ['transformers']);
    if (head.pooling !== 'first')
      throw new UserError('The heads of transformers read the first token: head.pooling must be "first".');
  }
  if (languageAdapters !== 'none') {
    const source = oneOf('languageAdapters.source', languageAdapters.source, ['hub', 'folder']);
    requireKeys('languageAdapters', languageAdapters, source === 'folder' ? ['source', 'path'] : ['source']);
    if (type === 'full') throw new UserError('Full fine-tuning has no adapters: languageAdapters must be "none".');
  }
}

function checkOptimiser({ optimiser, steps }: RunConfiguration): void {
  requireKeys('optimiser', optimiser, keysOf.optimiser);
  createLearningRate({ name: optimiser.decay, rate: optimiser.learningRate }, steps);
  inRange('optimiser.weightDecay', optimiser.weightDecay, 0, 1);
  inRange('optimiser.clipNorm', optimiser.clipNorm, Number.MIN_VALUE, Infinity);
}

function checkFisher({ schedule, fisherForSchedule, trackFisher }: RunConfiguration): void {
  const { name } = schedule;
  const mayRead = name === 'fun' || isInFile(schedule);
  if (mayRead && fisherForSchedule === undefined) {
    throw new UserError(`schedule "${name}" needs fisherForSchedule: { estimator, examples }.`);
  }
  if (!mayRead && fisherForSchedule !== undefined) {
    throw new UserError(`fisherForSchedule is for schedule "fun" only; leave it out for "${name}".`);
  }
  const checkEstimate = (what: string, estimate: FisherConfiguration): void => {
    oneOf(`${what}.estimator`, estimate.estimator, fisherEstimators);
    checkEstimator(estimate);
    wholeNumber(`${what}.examples`, estimate.examples);
    if (estimate.until !== undefined) checkUntil(estimate.until, estimate.estimator);
  };
  if (fisherForSchedule !== undefined) {
    requireKeys('fisherForSchedule', fisherForSchedule, keysOf.fisherForSchedule);
    checkEstimate('fisherForSchedule', fisherForSchedule);
  }
  if (trackFisher !== undefined) {
    requireKeys('trackFisher', trackFisher, keysOf.trackFisher);
    checkEstimate('trackFisher', trackFisher);
    wholeNumber('trackFisher.every', trackFisher.every);
    oneOf('trackFisher.layers', trackFisher.layers, ['trainable', 'all']);
    if (trackFisher.sample !== undefined) oneOf('trackFisher.sample', trackFisher.sample, ['probe', 'fresh']);
  }
}

function checkValidationAndEvaluation({ validation, evaluation }: RunConfiguration): void {
  requireKeys('validation', validation, keysOf.validation);
  wholeNumber('validation.every', validation.every);
  exampleCount('validation.examples', validation.examples);
  requireKeys('evaluation', evaluation, keysOf.evaluation);
  exampleCount('evaluation.examples', evaluation.examples);
  oneOf('evaluation.checkpoint', evaluation.checkpoint, ['best', 'last']);
  const languages: readonly string[] = Array.isArray(evaluation.languages) ? evaluation.languages : [];
  const wellFormed = languages.every((code) => /^[a-z]{2,3}$/.test(code));
  if (!wellFormed || !Array.isArray(evaluation.languages) || new Set(languages).size < languages.length) {
    throw new UserError(
      `evaluation.languages must be a list of language codes (two or three small letters), each once, ` +
        `for example ["en", "sw"], not ${JSON.stringify(evaluation.languages)}.`,
    );
  }
}

/** The step at which the last layer opens, in a model of `layers` layers: found by playing a schedule of the paper. */
export function lastOpening(
  { schedule, timing }: { readonly schedule: ScheduleConfig } & Pick<RunConfiguration, 'timing'>,
  layers: number,
): number {
  const unfreezing = createUnfreezing({ schedule: createSchedule(schedule, layers), layers, timing });
  const traces = () => new Map(unfreezing.frozenLayers.map((layer) => [layer, 1]));
  const lastTurn = (schedule.every ?? 0) * layers;
  for (let step = 0; step <= lastTurn; step += 1) {
    if (step === 0 || unfreezing.asksAt(step)) unfreezing.open(step, { fisherTrace: traces(), random: () => 0 });
  }
  return unfreezing.openings.at(-1)!.step;
}

/** What is wrong with a run that ends before its schedule has opened every layer, and what to do; else undefined. */
export function tooFewSteps(configuration: RunConfiguration, layers: number): string | undefined {
  const { schedule, steps, timing } = configuration;
  if (isInFile(schedule)) return undefined; // what it opens, only its training shows
  const last = lastOpening({ schedule, timing }, layers);
  if (last < steps) return undefined;
  return (
    `schedule "${schedule.name}" with every = ${schedule.every} opens its last layer at step ${last} ` +
    `(${layers} layers), but the run has ${steps} steps. Raise steps above ${last}, or lower every.`
  );
}

function requireKeys(what: string, given: object, keys: readonly string[]): void {
  refuseUnknownKeys(
    what,
    given,
    keys.map((key) => key.replace('?', '')),
  );
  const present = new Set(
    Object.entries(given)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key]) => key),
  );
  const missing = keys.filter((key) => !key.endsWith('?') && !present.has(key));
  if (missing.length > 0) throw new UserError(`${what}: ${missing.join(', ')} missing.`);
}

function exampleCount(what: string, given: ExampleCount): void {
  if (given === 'all') return;
  if (typeof given !== 'number') throw new UserError(`${what} must be a whole number or "all", not ${given}.`);
  wholeNumber(what, given);
}

function inRange(what: string, given: number, least: number, most: number): void {
  if (typeof given === 'number' && given >= least && given <= most) return;
  throw new UserError(`${what} must be a number from ${least} to ${most}, not ${given}.`);
}
