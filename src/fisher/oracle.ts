/** The slow, obvious tr(F): a loop over examples and labels, one backward pass each. The oracle of every fast path. */
import { tf } from '../engine/tf';
import type { AdapterModel, ModelBatch } from '../models/adapterModel';
import { probabilities } from '../nn/categorical';
import { gradientSum } from '../nn/gradientSum';
import type { Parameter } from '../nn/parameter';

/** Σ_y p(y|x)‖∇ log p(y|x)‖² for every example of the batch, summed over `parameters`; y runs over all combinations. */
export function exactTraceByLoop(model: AdapterModel, batch: ModelBatch, parameters: readonly Parameter[]): number[] {
  return loop(model, batch, parameters, (p) =>
    combinations(p.map((row) => row.length)).map((labels) => ({
      labels,
      weight: labels.reduce((product, y, f) => product * p[f]![y]!, 1),
    })),
  );
}

/** ‖∇ log p(y|x)‖² of each example at given labels [E] for each factor. */
export function traceAtLabelsByLoop(
  model: AdapterModel,
  batch: ModelBatch,
  parameters: readonly Parameter[],
  labels: readonly Int32Array[],
): number[] {
  return loop(model, batch, parameters, (_, e) => [{ labels: labels.map((l) => l[e]!), weight: 1 }]);
}

interface WeightedLabels {
  /** One label for each factor. */
  readonly labels: readonly number[];
  readonly weight: number;
}

function loop(
  model: AdapterModel,
  batch: ModelBatch,
  parameters: readonly Parameter[],
  choose: (p: number[][], example: number) => WeightedLabels[],
): number[] {
  return Array.from({ length: batch.examples }, (_, e) => {
    const one = exampleOf(batch, e);
    const pass = model.forward(one, { wanted: new Set(parameters) });
    const p = tf.tidy(() => pass.factors.map((logits) => Array.from(probabilities(logits).dataSync())));
    let total = 0;
    for (const { labels, weight } of choose(p, e)) {
      const dFactors = p.map((row, f) => tf.tensor2d([row.map((q, k) => (k === labels[f] ? 1 : 0) - q)]));
      const sum = gradientSum(new Set(parameters));
      pass.backward(dFactors, sum);
      for (const gradient of sum.gradients.values()) {
        for (const g of gradient.dataSync()) total += weight * g * g;
      }
      sum.dispose();
      tf.dispose(dFactors);
    }
    pass.release();
    return total;
  });
}

/** One example of a batch as a batch of its own, padding and all. */
export function exampleOf(batch: ModelBatch, example: number): ModelBatch {
  const size = batch.sequencesPerExample * batch.tokens;
  const part = (x: Int32Array) => x.slice(example * size, (example + 1) * size);
  return {
    ...batch,
    examples: 1,
    inputIds: part(batch.inputIds),
    attentionMask: part(batch.attentionMask),
    tokenTypeIds: part(batch.tokenTypeIds),
  };
}

const combinations = (sizes: readonly number[]): number[][] =>
  sizes.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, y) => [...head, y])),
    [[]],
  );
