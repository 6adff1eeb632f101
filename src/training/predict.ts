/** Log-its of a whole encoded set, in evaluation mode. */
import type { AdapterModel } from '../models/adapterModel';
import { padBatch, type EncodedExample } from '../tasks/batch';
import { evaluationOrder } from '../tasks/batchOrder';

/** One entry an encoded example, in its order: for each factor of the head, the log-its of its row. */
export async function predictFactors(
  model: AdapterModel,
  encoded: readonly EncodedExample[],
  { batchSize, padId }: { batchSize: number; padId: number },
): Promise<Float32Array[][]> {
  const result = new Array<Float32Array[]>(encoded.length);
  for (const indices of evaluationOrder(encoded, batchSize)) {
    const pass = model.forward(
      padBatch(
        indices.map((i) => encoded[i]!),
        { padId },
      ),
    );
    const rows = pass.factors.map((logits) => ({ data: logits.dataSync<'float32'>(), K: logits.shape[1] }));
    indices.forEach((index, row) => {
      result[index] = rows.map(({ data, K }) => data.slice(row * K, (row + 1) * K));
    });
    pass.release();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return result;
}
