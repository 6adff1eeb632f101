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
import type { FisherTrace } from '../fisher/trace';
import { lowestLayer } from '../models/forwardPass';
import { dropoutOfStep } from '../nn/dropout';
import type { Parameter } from '../nn/parameter';
import { createUnfreezing } from '../schedulers/unfreezing';
import type { Batch } from '../tasks/batch';
import { AdamW, adamWDefaults, decayMatrices } from './adamW';
import { readCheckpoint, removeUnfinished, snapshot, writeCheckpoint, type BestState } from './checkpoint';
import { Divergence } from './divergence';
import type { TrainingEvent } from './events';
import { fisherEstimates, layerTraces } from './fisherEstimates';
import { openPrefixCache } from './openPrefixCache';
import { aheadOf, Pace } from './pace';
import { restoreParameters, trainableParameters } from './trainable';
import { trainingBatches } from './trainingBatches';
import type { TrainingOptions } from './trainingOptions';
import { trainingStep, type StepOptions } from './trainingStep';

export interface TrainingOutcome {
  readonly finished: boolean;
  /** The best state by English validation, if there was any. */
  readonly best?: BestState;
}

/** Trains, from the newest checkpoint if there is one. */
export async function* train(options: TrainingOptions): AsyncGenerator<TrainingEvent, TrainingOutcome> {
  const { model, examples, settings, validation, checkpoint, signal } = options;
  const { steps, seed, schedule } = settings;
  if (examples.length === 0) throw new UserError('There are no training examples.');
  const unfreezing = createUnfreezing({ schedule, layers: model.layers, timing: settings.timing });
  const { objective, trainable = trainableParameters(model, schedule) } = options;
  const optimiser = new AdamW({ ...adamWDefaults, weightDecay: decayMatrices(settings.weightDecay) });
  const scheduleStream = { current: randomStream(seed, 'schedule') };
  const prefix = openPrefixCache(options);
  const fisher = fisherEstimates(options, { trainable, prefix });
  const batchOf = trainingBatches(options);
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
    for (; step < steps && !isExhausted(); step++) {
      if (signal?.aborted) return yield* stop();
      yield* unfreeze();
      limitPrefix();
      yield* track();
      const begun = performance.now();
      const batch = batchOf(step);
      const open = unfreezing.openLayers;
      const learningRate = settings.learningRate(step);
      const { loss, gradNorm } = finiteStep({
        model,
        batch,
        objective,
        trainable: inTraining(),
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
        tokensPerSecond: (1000 * tokensIn(batch)) / (performance.now() - begun),
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

  /** The head, and the adapters of the open layers. */
  function inTraining(): Set<Parameter> {
    const { openLayers } = unfreezing;
    return new Set(
      trainable.filter(({ address }) => address.layer === undefined || openLayers.includes(address.layer)),
    );
  }

  /** Asks the schedule, if it is its turn, with the traces that it chooses by. */
  async function* unfreeze(): AsyncGenerator<TrainingEvent> {
    const estimated = unfreezing.needsFisherAt(step)
      ? await pace.time('choice', () => fisher.forSchedule(step, unfreezing.frozenLayers))
      : undefined;
    const { opened } = unfreezing.open(step, {
      ...(estimated === undefined ? {} : { fisherTrace: estimated.trace }),
      random: () => scheduleStream.current.uniform(),
    });
    if (opened.length > 0) {
      yield { type: 'unfreeze', step, layers: opened, ...(estimated === undefined ? {} : choiceBy(estimated)) };
    }
    if (unfreezing.isLastTurn(step)) warnOfFrozen();
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
    if (checkpoint === undefined) return;
    removeUnfinished(checkpoint.folder);
    const state = readCheckpoint(checkpoint.folder, checkpoint.fingerprint, options.onWarning);
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
    prefix?.limitTo(lowestLayer(inTraining(), model.layers));
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

  async function* track(): AsyncGenerator<TrainingEvent> {
    if (settings.trackFisher === undefined || step % settings.trackFisher.every !== 0) return;
    const open = unfreezing.openLayers;
    const traces = await pace.time('tracking', () => fisher.forCurve(step, open));
    if (traces.length === 0) return;
    yield { type: 'fisher', step, traces: traces.map((t) => ({ ...t, trainable: open.includes(t.layer) })) };
  }
}

const tokensIn = ({ attentionMask }: Batch) => attentionMask.reduce((sum, one) => sum + one, 0);

/** What the event of an opening tells of the traces that it was chosen by. */
const choiceBy = (estimated: FisherTrace) => ({
  scores: layerTraces(estimated),
  choice: { examples: estimated.examples, ...(estimated.lead === undefined ? {} : { lead: estimated.lead }) },
});
