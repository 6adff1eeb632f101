/**
 * New values for some rows of a large table. A trained word table has 250,000 rows of which a step touches a few
 * thousand; a copy of the others would cost more than the step.
 */
import { hasRawOps, runOp, tf } from '../tf';

/** Data of tables that were made here. Of others TensorFlow may share the memory with the array they were made from. */
const made = new WeakSet<object>();

/**
 * table [V, H] with row rows[i] replaced by values[i] [H]; rows must be distinct. With the native engine a table that
 * an earlier call made, and whose data no other tensor holds, is written in place, so the argument must not be used any
 * more.
 */
export function replaceRows(table: tf.Tensor2D, rows: Int32Array, values: tf.Tensor2D): tf.Tensor2D {
  if (!hasRawOps()) return replaceRowsComposed(table, rows, values);
  const inPlace = made.has(table.dataId) && tf.backend().refCount(table.dataId) === 1;
  const result = inPlace
    ? tf.tidy(() => runOp<tf.Tensor2D>('InplaceUpdate', { T: 'float32' }, [table, tf.tensor1d(rows, 'int32'), values]))
    : replaceRowsComposed(table, rows, values);
  made.add(result.dataId);
  return result;
}

/** The same with a copy of the table. */
export function replaceRowsComposed(table: tf.Tensor2D, rows: Int32Array, values: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.tensorScatterUpdate(table, tf.tensor2d(rows, [rows.length, 1], 'int32'), values));
}
