/** The slow, obvious tr(F): a loop over examples and labels, one backward pass each. The oracle of every fast path. */
import { tf } from '../engine/tf';
import type { AdapterModel } from '../models/adapterModel';
import { gradientSum } from '../nn/gradientSum';
import type { Parameter } from '../nn/parameter';
import type { FisherBatch } from './perExampleTraces';

/** A gradient of the logits of each factor of one example, and the weight of the squared norm that it leads to. */
interface WeightedVectors {
  readonly vectors: readonly (readonly number[])[];
  readonly weight: number;
}

/** Σ_y p(y|x)‖∇ log p(y|x)‖² for every example of the batch, summed over `parameters`; y runs over all combinations. */
export function exactTraceByLoop(model: AdapterModel, batch: FisherBatch, parameters: readonly Parameter[]): number[] {
  return loop(model, batch, parameters, (p) =>
    combinations(p.map((row) => row.length))
      .map((labels) => ({
        vectors: scores(p, labels),
        weight: labels.reduce((product, y, f) => product * p[f]![y]!, 1),
      }))
      .filter(({ weight }) => weight > 0),
  );
}

/** ‖∇ log p(y|x)‖² of each example at given labels [E] for each factor. */
export function traceAtLabelsByLoop(
  model: AdapterModel,
  batch: FisherBatch,
  parameters: readonly Parameter[],
  labels: readonly Int32Array[],
): number[] {
  const ofExample = (e: number) => labels.map((ofFactor) => ofFactor[e]!);
  return loop(model, batch, parameters, (p, e) => [{ vectors: scores(p, ofExample(e)), weight: 1 }]);
}

/** ‖Jᵀv‖² of each example for given vectors v, [E][K] for each factor. */
export function traceOfVectorsByLoop(
  model: AdapterModel,
  batch: FisherBatch,
  parameters: readonly Parameter[],
  vectors: readonly (readonly (readonly number[])[])[],
): number[] {
  return loop(model, batch, parameters, (_, e) => [{ vectors: vectors.map((v) => v[e]!), weight: 1 }]);
}

/** Every gradient of log p(y|x) with its p(y|x), one example after the other: the parameters' one after the other. */
export function scoreGradientsByLoop(
  model: AdapterModel,
  batch: FisherBatch,
  parameters: readonly Parameter[],
): { readonly example: number; readonly probability: number; readonly gradient: number[] }[] {
  const found: { example: number; probability: number; gradient: number[] }[] = [];
  visit(
    model,
    batch,
    parameters,
    (p) =>
      combinations(p.map((row) => row.length)).map((labels) => ({
        vectors: scores(p, labels),
        weight: labels.reduce((product, y, f) => product * p[f]![y]!, 1),
      })),
    (example, probability, gradient) => found.push({ example, probability, gradient }),
  );
  return found;
}

/** ∇ log p of the labels: e_y − p of each factor; an ignored label (−1) has no gradient. */
const scores = (p: readonly (readonly number[])[], labels: readonly number[]): number[][] =>
  p.map((row, f) => row.map((q, k) => (labels[f]! < 0 ? 0 : (k === labels[f] ? 1 : 0) - q)));

function loop(
  model: AdapterModel,
  batch: FisherBatch,
  parameters: readonly Parameter[],
  choose: (p: number[][], example: number) => WeightedVectors[],
): number[] {
  const totals = Array<number>(batch.examples).fill(0);
  visit(model, batch, parameters, choose, (example, weight, gradient) => {
    totals[example]! += weight * gradient.reduce((sum, g) => sum + g * g, 0);
  });
  return totals;
}

function visit(
  model: AdapterModel,
  batch: FisherBatch,
  parameters: readonly Parameter[],
  choose: (p: number[][], example: number) => WeightedVectors[],
  use: (example: number, weight: number, gradient: number[]) => void,
): void {
  for (let e = 0; e < batch.examples; e++) {
    const pass = model.forward(exampleOf(batch, e), { wanted: new Set(parameters) });
    const p = pass.factors.map((logits) => softmax([...logits.dataSync()], possibleOf(batch, e, logits.shape[1])));
    for (const { vectors, weight } of choose(p, e)) {
      const dFactors = vectors.map((v) => tf.tensor2d([[...v]]));
      const sum = gradientSum(new Set(parameters));
      pass.backward(dFactors, sum);
      use(
        e,
        weight,
        parameters.flatMap((parameter) => [...(sum.gradients.get(parameter)?.dataSync() ?? [])]),
      );
      sum.dispose();
      tf.dispose(dFactors);
    }
    pass.release();
  }
}

/** In double precision; p = 0 for labels that cannot occur. */
function softmax(logits: readonly number[], possible: readonly boolean[]): number[] {
  const largest = Math.max(...logits.filter((_, k) => possible[k]));
  const e = logits.map((z, k) => (possible[k] ? Math.exp(z - largest) : 0));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / sum);
}

const possibleOf = ({ possibleLabels }: FisherBatch, e: number, K: number): boolean[] =>
  Array.from({ length: K }, (_, k) => possibleLabels === undefined || possibleLabels[e * K + k] === 1);

/** One example of a batch as a batch of its own, padding and all. */
export function exampleOf(batch: FisherBatch, example: number): FisherBatch {
  const rows = (x: Int32Array) => {
    const size = x.length / batch.examples;
    return x.slice(example * size, (example + 1) * size);
  };
  return {
    ...batch,
    examples: 1,
    inputIds: rows(batch.inputIds),
    attentionMask: rows(batch.attentionMask),
    tokenTypeIds: rows(batch.tokenTypeIds),
    goldLabels: batch.goldLabels.map(rows),
    ...(batch.possibleLabels === undefined ? {} : { possibleLabels: rows(batch.possibleLabels) }),
  };
}

const combinations = (sizes: readonly number[]): number[][] =>
  sizes.reduce<number[][]>(
    (all, size) => all.flatMap((head) => Array.from({ length: size }, (_, y) => [...head, y])),
    [[]],
  );
