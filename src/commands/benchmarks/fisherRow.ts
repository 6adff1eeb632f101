/** One measurement of the Fisher benchmark, in this process. */
import { randomStream } from '../../engine/random';
import { openEngine, tf } from '../../engine/tf';
import type { FisherEstimator } from '../../fisher/estimatorChoice';
import { fisherTrace, type FisherBatch } from '../../fisher/trace';
import { AdapterModel } from '../../models/adapterModel';
import { tinyEncoder } from '../../models/baseModel';
import type { EncoderConfig } from '../../models/config';
import { noDropout } from '../../nn/dropout';
import { AdamW, adamWDefaults, decayMatrices } from '../../training/adamW';
import { trainingStep } from '../../training/trainingStep';
import { measure, type BenchModel, type Measured, type Workload } from './benchmark';
import type { OurWork } from './fisher';

/** Words in the table: rows of random words are as fast to look up in a small table, which is quicker to make. */
const WORDS = 1000;

const sizes: Readonly<Record<BenchModel, Partial<EncoderConfig>>> = {
  'e5-small': { hiddenSize: 384, intermediateSize: 1536 },
  'xlmr-base': { hiddenSize: 768, intermediateSize: 3072 },
};

export async function measureFisherRow(row: Workload & { readonly work: OurWork }): Promise<Measured> {
  await openEngine();
  const { work, examples, batch } = row;
  const model = benchModel(row.model);
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

/** Random weights; the head's last layer is scaled up, because p would else be close to uniform. */
function benchModel(size: BenchModel): AdapterModel {
  const config = { layers: 12, heads: 12, vocabularySize: WORDS, maxPositions: 512, ...sizes[size] };
  const model = new AdapterModel(size, tinyEncoder(config, 1));
  model.addTaskAdapter('task', { type: 'bottleneck', reductionFactor: 16, activation: 'relu', leaveOut: [] }, 2);
  const kind = { type: 'classification', classes: 3 } as const;
  const head = model.addHead('task', { kind, family: 'adapters', pooling: 'first' }, 3);
  model.activate({ task: 'task', head: 'task' });
  const { weight } = head.layers.at(-1)!.dense;
  weight.assign(tf.mul(weight.value, 10));
  return model;
}

function randomBatches({ examples, length, batch }: Workload): FisherBatch[] {
  const stream = randomStream(0, 'bench');
  return Array.from({ length: Math.ceil(examples / batch) }, (_, i) => {
    const size = Math.min(batch, examples - i * batch);
    return {
      examples: size,
      sequencesPerExample: 1,
      tokens: length,
      inputIds: Int32Array.from({ length: size * length }, () => 5 + stream.integer(WORDS - 5)),
      attentionMask: new Int32Array(size * length).fill(1),
      tokenTypeIds: new Int32Array(size * length),
      goldLabels: [Int32Array.from({ length: size }, () => stream.integer(3))],
    };
  });
}
