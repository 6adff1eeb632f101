/** Which rows of a tensor belong to which example. */
import { UserError } from '../engine/errors';
import { tf } from '../engine/tf';

export interface RowsByExample {
  /** E; the rows of a tensor are divided evenly among the examples, unless `rowExamples` says otherwise. */
  readonly examples: number;
  /**
   * The example (0 … E − 1) of each row of the tensors that have as many rows as this: masked-LM heads work on the
   * masked tokens alone, of which every sequence has another number.
   */
  readonly rowExamples?: Int32Array;
}

/**
 * x [rows, H] → [E, R, H]; an example with fewer than R rows is filled up with zeros, which add nothing to gradients.
 */
export function rowsByExample(x: tf.Tensor2D, { examples: E, rowExamples }: RowsByExample): tf.Tensor3D {
  const [rows, H] = x.shape;
  if (rowExamples === undefined || rowExamples.length !== rows) {
    if (rows % E !== 0) throw new UserError(`${rows} rows do not divide evenly among ${E} examples.`);
    return x.reshape([E, rows / E, H]);
  }
  const ofExample: number[][] = Array.from({ length: E }, () => []);
  rowExamples.forEach((example, row) => ofExample[example]!.push(row));
  const R = Math.max(...ofExample.map((own) => own.length));
  const from = ofExample.flatMap((own) => [...own, ...Array<number>(R - own.length).fill(rows)]);
  return tf.tidy(() =>
    tf
      .concat([x, tf.zeros([1, H])])
      .gather(tf.tensor1d(from, 'int32'))
      .reshape<tf.Tensor3D>([E, R, H]),
  );
}
