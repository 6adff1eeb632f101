/** Logits of a whole encoded set, in evaluation mode. */
import { nextTurn } from '../engine/nextTurn';
import { withinMemory } from '../engine/outOfMemory';
import type { AdapterModel } from '../models/adapterModel';
import { padBatch, type EncodedExample } from '../tasks/batch';
import { evaluationOrder, type EvaluationBatch } from '../tasks/batchOrder';

/** One entry an encoded example, in its order: for each factor of the head, the logits of its row. */
export async function predictFactors(
  model: AdapterModel,
  encoded: readonly EncodedExample[],
  { padId, ...batches }: EvaluationBatch & { padId: number },
): Promise<Float32Array[][]> {
  const result = new Array<Float32Array[]>(encoded.length);
  for (const indices of evaluationOrder(encoded, batches)) {
    const batch = padBatch(
      indices.map((i) => encoded[i]!),
      { padId },
    );
    const rows = withinMemory('Evaluation', batch, 'data.maxLength', () => {
      const pass = model.forward(batch);
      const read = pass.factors.map((logits) => ({ data: logits.dataSync<'float32'>(), K: logits.shape[1] }));
      pass.release();
      return read;
    });
    indices.forEach((index, row) => {
      result[index] = rows.map(({ data, K }) => data.slice(row * K, (row + 1) * K));
    });
    await nextTurn();
  }
  return result;
}
