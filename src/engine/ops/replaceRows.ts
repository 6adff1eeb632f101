/**
 * New values for some rows of a large table. A trained word table has 250,000 rows of which a step touches a few
 * thousand; a copy of the others would cost more than the step.
 */
import { hasRawOps, runOp, tf } from '../tf';

/**
 * table [V, H] with row rows[i] replaced by values[i] [H]. The argument must not be used any more: with the native engine
 * the result is the same memory, written in place. Rows must be distinct.
 */
export function replaceRows(table: tf.Tensor2D, rows: Int32Array, values: tf.Tensor2D): tf.Tensor2D {
  if (!hasRawOps()) return replaceRowsComposed(table, rows, values);
  return tf.tidy(() =>
    runOp<tf.Tensor2D>('InplaceUpdate', { T: 'float32' }, [table, tf.tensor1d(rows, 'int32'), values]),
  );
}

export function replaceRowsComposed(table: tf.Tensor2D, rows: Int32Array, values: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.tensorScatterUpdate(table, tf.tensor2d(rows, [rows.length, 1], 'int32'), values));
}
