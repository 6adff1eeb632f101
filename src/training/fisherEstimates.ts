/**
 * tr(F) while a run trains: of the frozen layers, for the schedule that chooses by it (§5.3), and of the layers that
 * are watched, for the curve. Estimates change nothing in the model; their draws have streams of their own.
 */
import { nextTurn } from '../engine/nextTurn';
import { randomStream } from '../engine/random';
import { UserError } from '../engine/errors';
import { fisherTraceByBatch, type FisherTrace } from '../fisher/trace';
import type { Prefix } from '../models/adapterModel';
import type { Parameter } from '../nn/parameter';
import type { LayerTrace } from './events';
import { fisherSample } from './fisherSamples';
import type { FisherSettings, TrainingOptions } from './trainingOptions';

export interface FisherEstimates {
  /** Of these layers, on examples drawn anew. @throws UserError when the settings do not say how. */
  forSchedule(step: number, layers: readonly number[]): Promise<FisherTrace>;
  /** Of the layers that are watched, given those in training; none when there is no adapter in them. */
  forCurve(step: number, open: readonly number[]): Promise<LayerTrace[]>;
}

export function fisherEstimates(
  options: TrainingOptions,
  { trainable, prefix }: { trainable: readonly Parameter[]; prefix: Prefix | undefined },
): FisherEstimates {
  const { model, examples, padId, settings } = options;
  const { batchSize, seed, schedule, fisherForSchedule, trackFisher } = settings;

  async function estimate(
    { examples: count, until, ...choice }: FisherSettings,
    { step, layers, draw }: { step: number; layers: readonly number[]; draw: string },
  ): Promise<FisherTrace> {
    const parameters = trainable.filter(({ address }) => address.layer !== undefined && layers.includes(address.layer));
    const order = until === undefined ? 'byLength' : 'drawn';
    const sample = fisherSample({ examples, count, batchSize, padId, seed, draw, order });
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

  return {
    forSchedule(step, layers) {
      if (fisherForSchedule === undefined) {
        throw new UserError(
          `Schedule "${schedule.name}" chooses by tr(F); give fisherForSchedule: { estimator, examples }, ` +
            `for example { estimator: 'exact', examples: 64 }.`,
        );
      }
      return estimate(fisherForSchedule, { step, layers, draw: String(step) });
    },
    async forCurve(step, open) {
      if (trackFisher === undefined) return [];
      const { every: _, layers: which, sample = 'probe', ...asked } = trackFisher;
      const layers = which === 'all' ? Array.from({ length: model.layers }, (_, i) => i) : open;
      if (layers.length === 0) return [];
      return layerTraces(await estimate(asked, { step, layers, draw: sample === 'probe' ? 'probe' : `fresh/${step}` }));
    },
  };
}

/** By layer, with their standard errors. */
export function layerTraces({ trace, standardError }: FisherTrace): LayerTrace[] {
  return [...trace].map(([layer, value]) => ({ layer, trace: value, standardError: standardError.get(layer)! }));
}
