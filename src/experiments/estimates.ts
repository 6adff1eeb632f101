/** What the estimators of tr(F) say about a run's model as it is now, as the rows that figures read. */
import { refuseUnknownKeys, shown, UserError, wholeNumber } from '../engine/errors';
import { randomStream } from '../engine/random';
import type { EstimatorRow } from '../figures/rows';
import { fisherEstimators, type EstimatorChoice, type FisherEstimator } from '../fisher/estimatorChoice';
import type { Until } from '../fisher/precision';
import { fisherTrace, type FisherBatch } from '../fisher/trace';
import type { AdapterModel } from '../models/adapterModel';
import type { Parameter } from '../nn/parameter';
import type { EncodedExample } from '../tasks/batch';
import type { Tokenizer } from '../tokenizers/tokenizer';
import { fisherSample } from '../training/fisherSamples';
import type { RunConfiguration } from './configuration';

export interface ProbeOptions {
  /** At most so many; the same ones for the same number, whenever they are asked for. */
  readonly examples: number;
  /** Of whose test set the examples are. Default: training examples. */
  readonly language?: string;
  /** Default: that of the run. */
  readonly batchSize?: number;
}

export interface EstimateOptions extends ProbeOptions {
  readonly estimators: readonly (FisherEstimator | EstimatorChoice)[];
  /** Stops before all examples are used. */
  readonly until?: Until;
}

/** A run's model, and the examples to look at it with. */
export interface Probed {
  readonly configuration: RunConfiguration;
  readonly model: AdapterModel;
  readonly tokenizer: Tokenizer;
  readonly examples: readonly EncodedExample[];
}

/** Batches of the run's probe set. */
export function probeBatches(probed: Probed, options: ProbeOptions): FisherBatch[] {
  refuseUnknownKeys('probe', options, ['examples', 'language', 'batchSize']);
  return batchesOf(probed, options, 'byLength');
}

function batchesOf(
  { configuration, examples: all, tokenizer }: Probed,
  { examples, batchSize = configuration.batchSize }: ProbeOptions,
  order: 'byLength' | 'drawn',
): FisherBatch[] {
  wholeNumber('examples', examples);
  wholeNumber('batchSize', batchSize);
  const padId = tokenizer.special.pad;
  const { seed } = configuration;
  return [...fisherSample({ examples: all, count: examples, batchSize, padId, seed, draw: 'probe', order })];
}

/** The parameters whose tr(F) the method speaks of: of the task adapter or LoRA, or (full fine-tuning) of the base. */
export function layerParameters(model: AdapterModel, layer?: number): Parameter[] {
  const { task } = model.stack;
  const all = task === undefined ? model.parameters() : model.parametersOf(task.name);
  return all.filter(({ address: { role, layer: own } }) => {
    return role !== 'head' && own !== undefined && (layer === undefined || own === layer);
  });
}

/**
 * One row an estimator and layer. `officialCode`, a sum over batches, is divided by their number here: it can then be
 * laid beside the others, which are means, and ranks layers as before.
 */
export function estimatorRows(
  probed: Probed,
  run: Pick<EstimatorRow, 'runId' | 'schedule' | 'seed' | 'step'>,
  options: EstimateOptions,
): EstimatorRow[] {
  refuseUnknownKeys('estimate', options, ['estimators', 'examples', 'language', 'batchSize', 'until']);
  const { estimators, language, until, batchSize = probed.configuration.batchSize } = options;
  const asked: unknown = estimators;
  if (!Array.isArray(asked) || asked.length === 0) {
    throw new UserError(
      `estimate needs estimators, a list with at least one of ${fisherEstimators.join(', ')}, ` +
        `as in ['exact', { estimator: 'mc', mcSamples: 4 }]; given was ${shown(asked)}.`,
    );
  }
  const batches = batchesOf(probed, options, until === undefined ? 'byLength' : 'drawn');
  const parameters = layerParameters(probed.model);
  return estimators.flatMap((given): EstimatorRow[] => {
    const choice = typeof given === 'string' ? { estimator: given } : given;
    refuseUnknownKeys('estimators', choice, ['estimator', 'mcSamples', 'mass']);
    const { trace, standardError, examples } = fisherTrace(probed.model, batches, {
      ...choice,
      parameters,
      stream: randomStream(run.seed, `estimate/${choice.estimator}/${run.step}`),
      ...(until === undefined ? {} : { until }),
    });
    const scale = choice.estimator === 'officialCode' ? 1 / batches.length : 1;
    return [...trace].map(([layer, value]) => ({
      ...run,
      ...(language === undefined ? {} : { language }),
      estimator: choice.estimator,
      layer,
      trace: scale * value,
      standardError: scale * standardError.get(layer)!,
      examples,
      batchSize,
    }));
  });
}
