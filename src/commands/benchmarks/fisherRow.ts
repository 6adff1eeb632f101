/** One measurement of the Fisher benchmark, in this process. */
import { randomStream } from '../../engine/random';
import { openEngine } from '../../engine/tf';
import type { FisherEstimator } from '../../fisher/estimatorChoice';
import { fisherTrace, type FisherBatch } from '../../fisher/trace';
import type { AdapterModel } from '../../models/adapterModel';
import { computeProductsIn } from '../../models/encoder';
import { noDropout } from '../../nn/dropout';
import { AdamW, adamWDefaults, decayMatrices } from '../../training/adamW';
import { trainingStep } from '../../training/trainingStep';
import { benchModel } from './benchModel';
import { measure, type Measured, type OwnRow, type Workload } from './benchmark';
import type { OurWork } from './fisher';

export async function measureFisherRow(row: OwnRow<OurWork>): Promise<Measured> {
  await openEngine();
  const { work, examples, batch } = row;
  const model = benchModel(row.model);
  computeProductsIn(row.precision, model.encoder);
  const parameters = model.parametersOf('task');
  const batches = (count: number) => randomBatches({ ...row, examples: count });
  const estimate = (estimator: FisherEstimator, given: FisherBatch[]) => {
    fisherTrace(model, given, { estimator, parameters });
    return undefined;
  };
  switch (work) {
    case 'trainingStep':
      return measureTrainingStep(model, batches(2 * batch));
    case 'to5Percent': {
      // FUN's question: every layer's trace to 5%, from as few batches as that takes.
      const until = { relativeError: 0.05 };
      const all = batches(1024);
      return measure(
        () => void estimate('exact', all.slice(0, 1)),
        () => {
          const { examples: used } = fisherTrace(model, all, { estimator: 'sketch', parameters, until });
          return `${used} examples, sketch`;
        },
      );
    }
    case 'exact':
    case 'sketch':
    case 'mc':
    case 'officialCode': {
      const given = batches(examples);
      return measure(
        () => void estimate(work, given.slice(0, 1)),
        () => estimate(work, given),
      );
    }
  }
}

/** One step of all adapters on one batch, the first one as warm-up. */
function measureTrainingStep(model: AdapterModel, [first, second]: readonly FisherBatch[]): Measured {
  const optimiser = new AdamW({ ...adamWDefaults, weightDecay: decayMatrices(0) });
  const step = (given: FisherBatch) => {
    const { examples, goldLabels } = given;
    trainingStep({
      model,
      batch: {
        ...given,
        exampleIds: Int32Array.from({ length: examples }, (_, i) => i),
        targets: Array.from(goldLabels[0]!, (label) => ({ kind: 'class', label }) as const),
      },
      trainable: new Set(model.parametersOf('task')),
      optimiser,
      learningRate: 1e-4,
      clipNorm: 1,
      dropout: noDropout,
      prefixDropout: true,
      step: 0,
    });
  };
  return measure(
    () => step(first!),
    () => {
      step(second!);
      return `one batch of ${second!.examples}`;
    },
  );
}

/** Random words, every sequence of full length. */
function randomBatches({ examples, length, batch }: Workload): FisherBatch[] {
  const stream = randomStream(0, 'bench');
  return Array.from({ length: Math.ceil(examples / batch) }, (_, i) => {
    const size = Math.min(batch, examples - i * batch);
    return {
      examples: size,
      sequencesPerExample: 1,
      tokens: length,
      inputIds: Int32Array.from({ length: size * length }, () => 5 + stream.integer(250_000 - 5)),
      attentionMask: new Int32Array(size * length).fill(1),
      tokenTypeIds: new Int32Array(size * length),
      goldLabels: [Int32Array.from({ length: size }, () => stream.integer(3))],
    };
  });
}
