/**
 * The trainer: Algorithm 1 of the paper around a training step, as an async stream of typed events. It knows the
 * schedule only as a state machine that opens layers, and tr(F) only as numbers that it hands over.
 *
 * Every random choice is a function of the run's seed and the step, except the schedule's own stream, whose state is
 * stored: so a run that is stopped anywhere and resumed from a checkpoint equals an uninterrupted one, bit for bit.
 */
import { nextTurn } from '../engine/nextTurn';
import { randomStream, RandomStream } from '../engine/random';
import { UserError } from '../engine/errors';
import { fisherTraceByBatch, type FisherTrace } from '../fisher/trace';
import { lowestLayer } from '../models/forwardPass';
import { dropoutOfStep } from '../nn/dropout';
import type { Parameter } from '../nn/parameter';
import { createUnfreezing, type Unfreezing } from '../schedulers/unfreezing';
import { padBatch, type EncodedExample } from '../tasks/batch';
import { batchOrder, dataPosition } from '../tasks/batchOrder';
import { AdamW, adamWDefaults, decayMatrices } from './adamW';
import { readCheckpoint, snapshot, writeCheckpoint, type BestState } from './checkpoint';
import { Divergence } from './divergence';
import type { LayerTrace, TrainingEvent } from './events';
import { fisherSample } from './fisherSamples';
import { openPrefixCache } from './openPrefixCache';
import { aheadOf, Pace } from './pace';
import { restoreParameters, trainableParameters } from './trainable';
import type { FisherSettings, TrainingOptions } from './trainingOptions';
import { trainingStep, type StepOptions } from './trainingStep';

export interface TrainingOutcome {
  readonly finished: boolean;
  /** The best state by English validation, if there was any. */
  readonly best?: BestState;
}

/** Trains, from the newest checkpoint if there is one. */
export async function* train(options: TrainingOptions): AsyncGenerator<TrainingEvent, TrainingOutcome> {
  const { model, examples, settings, validation, checkpoint, signal } = options;
  const { steps, batchSize, seed, schedule } = settings;
  if (examples.length === 0) throw new UserError('There are no training examples.');
  const unfreezing = createUnfreezing({ schedule, layers: model.layers, timing: settings.timing });
  const { objective, trainable = trainableParameters(model, schedule) } = options;
  const optimiser = new AdamW({ ...adamWDefaults, weightDecay: decayMatrices(settings.weightDecay) });
  const scheduleStream = { current: randomStream(seed, 'schedule') };
  const prefix = openPrefixCache(options);
  const batchesPerEpoch = Math.ceil(examples.length / batchSize);
  let best: BestState | undefined;
  let step = 0;
  let secondsBefore = 0;
  resume();
  const started = performance.now();
  const seconds = () => secondsBefore + (performance.now() - started) / 1000;
  const pace = new Pace();
  const intervals = {
    steps,
    tracking: settings.trackFisher?.every ?? Infinity,
    validation: validation?.every ?? Infinity,
  };

  try {
    const { openings } = unfreezing;
    const { layers } = model;
    yield { type: 'start', totalSteps: steps, layers, scheduleName: schedule.name, firstStep: step, openings };
    let order: { epoch: number; examples: readonly EncodedExample[]; batches: number[][] } | undefined;
    for (; step < steps && !isExhausted(); step++) {
      if (signal?.aborted) return yield* stop();
      const estimated = unfreezing.needsFisherAt(step) ? await estimateForSchedule(unfreezing) : undefined;
      const { opened } = unfreezing.open(step, {
        ...(estimated === undefined ? {} : { fisherTrace: estimated.trace }),
        random: () => scheduleStream.current.uniform(),
      });
      if (opened.length > 0) {
        yield { type: 'unfreeze', step, layers: opened, ...(estimated === undefined ? {} : choiceBy(estimated)) };
      }
      if (unfreezing.isLastTurn(step)) warnOfFrozen();
      const openParameters = new Set(trainable.filter(isOpen));
      limitPrefix();
      yield* track();
      const { epoch, index } = dataPosition(step, batchesPerEpoch);
      if (order?.epoch !== epoch) {
        const current = options.examplesOfEpoch?.(epoch) ?? examples;
        const { bucketing } = settings;
        order = { epoch, examples: current, batches: batchOrder({ examples, batchSize, seed, epoch, bucketing }) };
      }
      const stepStarted = performance.now();
      const batch = padBatch(
        order.batches[index]!.map((i) => order!.examples[i]!),
        { padId: options.padId },
      );
      const open = unfreezing.openLayers;
      const learningRate = settings.learningRate(step);
      const { loss, gradNorm } = finiteStep({
        model,
        batch,
        objective,
        trainable: openParameters,
        optimiser,
        learningRate,
        clipNorm: settings.clipNorm,
        dropout: dropoutOfStep(seed, step, settings.dropout),
        prefixDropout: settings.prefixDropout,
        ...(prefix === undefined ? {} : { prefix }),
        step,
      });
      pace.stepDone();
      yield {
        type: 'step',
        step,
        loss,
        learningRate,
        gradNorm,
        open,
        tokensPerSecond: (1000 * batch.attentionMask.reduce((a, b) => a + b, 0)) / (performance.now() - stepStarted),
        secondsLeft: pace.secondsLeft(
          aheadOf(step, { ...intervals, choice: schedule.needs === 'fisher' ? unfreezing.frozenLayers.length : 0 }),
        ),
      };
      const done = step + 1;
      if (validation !== undefined && (done % validation.every === 0 || done === steps)) yield* validate(done);
      if (checkpoint !== undefined && done < steps && checkpoint.every > 0 && done % checkpoint.every === 0) {
        yield save(done);
      }
      await nextTurn();
    }
    yield* track();
    if (checkpoint !== undefined) yield save(step);
    yield { type: 'done', step, seconds: seconds() };
    return { finished: true, ...(best === undefined ? {} : { best }) };
  } finally {
    optimiser.dispose();
  }

  function isOpen({ address }: Parameter): boolean {
    return address.layer === undefined || unfreezing.openLayers.includes(address.layer);
  }

  /** A schedule of the paper has opened every layer by its last turn; one's own may not have. */
  function warnOfFrozen(): void {
    const { frozenLayers, timing } = unfreezing;
    if (frozenLayers.length === 0) return;
    const named = `${frozenLayers.length === 1 ? 'layer' : 'layers'} ${frozenLayers.join(', ')}`;
    options.onWarning?.(
      `Schedule "${schedule.name}" was asked for the last time at step ${step} (${timing === 'paper' ? 'k·L' : 'k·L − 1'}) ` +
        `and ${named} ${frozenLayers.length === 1 ? 'stays' : 'stay'} frozen. To train more of them, open more layers at a turn.`,
    );
  }

  function finiteStep(of: StepOptions): ReturnType<typeof trainingStep> {
    try {
      return trainingStep(of);
    } catch (error) {
      throw error instanceof Divergence && checkpoint !== undefined ? error.saved(checkpoint.folder) : error;
    }
  }

  /** Whether validation has not improved for as long as `patience` allows; the same before and after a restart. */
  function isExhausted(): boolean {
    if (validation?.patience === undefined || best === undefined) return false;
    return step - best.step >= validation.patience * validation.every;
  }

  function resume(): void {
    const state = checkpoint && readCheckpoint(checkpoint.folder, checkpoint.fingerprint, options.onWarning);
    if (state === undefined) return;
    restoreParameters(trainable, state.parameters);
    optimiser.restore(state.moments, trainable);
    unfreezing.restore(state.unfreezing);
    scheduleStream.current = new RandomStream(state.scheduleStream);
    ({ best, step, seconds: secondsBefore } = { best: undefined, ...state });
    if (best !== undefined) options.onBest?.(best);
    limitPrefix();
  }

  /** Nothing at or above the lowest layer in training is constant. */
  function limitPrefix(): void {
    prefix?.limitTo(lowestLayer(new Set(trainable.filter(isOpen)), model.layers));
  }

  function* stop(): Generator<TrainingEvent, TrainingOutcome> {
    if (checkpoint !== undefined) yield save(step);
    yield { type: 'interrupted', step };
    return { finished: false, ...(best === undefined ? {} : { best }) };
  }

  function save(done: number): TrainingEvent {
    const path = writeCheckpoint(checkpoint!.folder, {
      fingerprint: checkpoint!.fingerprint,
      step: done,
      seconds: seconds(),
      unfreezing: unfreezing.state(),
      scheduleStream: scheduleStream.current.state(),
      parameters: snapshot(trainable),
      moments: optimiser.state(),
      ...(best === undefined ? {} : { best }),
    });
    return { type: 'checkpoint', step: done, path };
  }

  async function* validate(done: number): AsyncGenerator<TrainingEvent> {
    const metrics = await pace.time('validation', () => validation!.run());
    const value = metrics[validation!.metric];
    if (value === undefined) throw new Error(`Validation gave no "${validation!.metric}".`);
    if (best === undefined || value > best.value) {
      best = { step: done, value, parameters: snapshot(trainable) };
      options.onBest?.(best);
    }
    yield { type: 'validation', step: done, metrics };
  }

  /** tr(F) of each layer's adapter on a sample of the training data. */
  async function estimate(
    { examples: count, until, ...choice }: FisherSettings,
    layers: readonly number[],
    draw: string,
  ): Promise<FisherTrace> {
    const parameters = trainable.filter(({ address }) => address.layer !== undefined && layers.includes(address.layer));
    const order = until === undefined ? 'byLength' : 'drawn';
    const sample = fisherSample({ examples, count, batchSize, padId: options.padId, seed, draw, order });
    const stream = randomStream(seed, `fisher draws/${draw}/${step}`);
    const batches = fisherTraceByBatch(model, sample, {
      ...choice,
      ...(until === undefined ? {} : { until }),
      ...(prefix === undefined ? {} : { prefix }),
      parameters,
      stream,
    });
    for (;;) {
      const next = batches.next();
      if (next.done) return next.value;
      await nextTurn();
    }
  }

  async function estimateForSchedule({ frozenLayers }: Unfreezing): Promise<FisherTrace> {
    if (settings.fisherForSchedule === undefined) {
      throw new UserError(
        `Schedule "${schedule.name}" chooses by tr(F); give fisherForSchedule: { estimator, examples }, ` +
          `for example { estimator: 'exact', examples: 64 }.`,
      );
    }
    const asked = settings.fisherForSchedule;
    return pace.time('choice', () => estimate(asked, frozenLayers, String(step)));
  }

  async function* track(): AsyncGenerator<TrainingEvent> {
    const tracking = settings.trackFisher;
    if (tracking === undefined || step % tracking.every !== 0) return;
    const open = unfreezing.openLayers;
    const { every: _, layers: which, sample = 'probe', ...asked } = tracking;
    const layers = which === 'all' ? Array.from({ length: model.layers }, (_, i) => i) : open;
    if (layers.length === 0) return;
    const draw = sample === 'probe' ? 'probe' : `fresh/${step}`;
    const traces = layerTraces(await pace.time('tracking', () => estimate(asked, layers, draw)));
    if (traces.length === 0) return;
    yield { type: 'fisher', step, traces: traces.map((t) => ({ ...t, trainable: open.includes(t.layer) })) };
  }
}

function layerTraces({ trace, standardError }: FisherTrace): LayerTrace[] {
  return [...trace].map(([layer, value]) => ({ layer, trace: value, standardError: standardError.get(layer)! }));
}

/** What the event of an opening tells of the traces that it was chosen by. */
const choiceBy = (estimated: FisherTrace) => ({
  scores: layerTraces(estimated),
  choice: { examples: estimated.examples, ...(estimated.lead === undefined ? {} : { lead: estimated.lead }) },
});
