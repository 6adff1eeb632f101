/**
 * What is sent back from the logits. With J the Jacobian of a factor's logits and p its probabilities, an example's
 * tr(F) is tr(Jᵀ(diag p − ppᵀ)J). Any vectors v with Σ vvᵀ = diag p − ppᵀ (or E vvᵀ, for random ones) turn it into a
 * sum of squared gradient norms ‖Jᵀv‖²: the estimators differ only in these vectors.
 *
 * Vectors are made on the host, in double precision: tail sums of tiny probabilities would vanish in single precision.
 */
import type { RandomStream } from '../engine/random';
import { tf } from '../engine/tf';

/** One backward pass: the gradient of each factor's logits [rows, K]; undefined for a factor that sends nothing. */
export type Column = readonly (tf.Tensor2D | undefined)[];

/**
 * L with LLᵀ = diag p − ppᵀ for every row of p, by columns: the Cholesky factor in closed form, labels in order of
 * falling probability. With tail sums sⱼ = Σ_{i ≥ j} pᵢ, Lⱼⱼ = √(pⱼ·sⱼ₊₁/sⱼ) and Lᵢⱼ = −pᵢ·√(pⱼ/(sⱼ·sⱼ₊₁)) below it.
 *
 * The first m columns leave out exactly s_m·(diag p̃ − p̃p̃ᵀ), p̃ being p given that the label is none of the m
 * likeliest: what is left out falls with the probability that is left.
 */
export interface CholeskyFactor {
  /** Columns that are not zero in some row: the most labels of positive probability of any row, less one. */
  readonly columns: number;
  /** How many columns leave at most `1 − mass` of the probability of each row. */
  columnsFor(mass: number): number;
  /** The most probability that any row has left after so many columns. */
  massAfter(columns: number): number;
  /** Column j of every row [rows, K], zero in rows that have fewer. Owned by the caller. */
  column(j: number): tf.Tensor2D;
  /** Σ_{j ≥ from} ±Lⱼ with a random sign for each row and column: E vvᵀ = what columns `from` and later contribute. */
  signedSum(from: number, stream: RandomStream): tf.Tensor2D;
}

/** p [rows, K]; entries of 0 (labels that are masked out) take no part. */
export function choleskyFactor(p: tf.Tensor2D): CholeskyFactor {
  const K = p.shape[1];
  const data = p.dataSync<'float32'>();
  const rows = Array.from({ length: p.shape[0] }, (_, row) => orderedRow(data.subarray(row * K, (row + 1) * K)));
  const columnsOf = ({ order }: OrderedRow) => Math.max(0, order.length - 1);
  const columns = Math.max(...rows.map(columnsOf));
  /** Fills one [rows, K] tensor, row by row. */
  const make = (write: (row: OrderedRow, into: Float64Array) => void) =>
    tf.tidy(() => {
      const all = new Float32Array(p.size);
      rows.forEach((row, r) => {
        const into = new Float64Array(K);
        write(row, into);
        all.set(into, r * K);
      });
      return tf.tensor2d(all, p.shape);
    });
  return {
    columns,
    columnsFor(mass) {
      const enough = ({ order, tails }: OrderedRow) => {
        const left = (1 - mass) * tails[0]!;
        const m = order.findIndex((_, j) => tails[j]! <= left);
        return m < 0 ? order.length - 1 : Math.min(m, order.length - 1);
      };
      return Math.max(...rows.map(enough));
    },
    massAfter: (m) => Math.max(...rows.map((row) => (m < columnsOf(row) ? row.tails[m]! / row.tails[0]! : 0))),
    column: (j) =>
      make((row, into) => {
        if (j >= columnsOf(row)) return;
        const { order, p: q } = row;
        const below = belowDiagonal(row, j);
        into[order[j]!] = Math.sqrt((q[j]! * row.tails[j + 1]!) / row.tails[j]!);
        for (let i = j + 1; i < order.length; i++) into[order[i]!] = -q[i]! * below;
      }),
    signedSum: (from, stream) =>
      make((row, into) => {
        const { order, p: q, tails } = row;
        let carried = 0; // Σ ±√(pⱼ/(sⱼ·sⱼ₊₁)) over the columns so far
        order.forEach((label, i) => {
          if (i < from) return;
          into[label] = -q[i]! * carried;
          if (i >= columnsOf(row)) return;
          const sign = stream.nextUint32() & 1 ? 1 : -1;
          into[label] += sign * Math.sqrt((q[i]! * tails[i + 1]!) / tails[i]!);
          carried += sign * belowDiagonal(row, i);
        });
      }),
  };
}

/** One row's labels of positive probability, the likeliest first. */
interface OrderedRow {
  readonly order: readonly number[];
  /** Their probabilities. */
  readonly p: Float64Array;
  /** tails[j] = Σ_{i ≥ j} p[i], added from the smallest up. */
  readonly tails: Float64Array;
}

function orderedRow(row: Float32Array): OrderedRow {
  // not "> 0": NaN of a model that has diverged must come through
  const order = [...row.keys()].filter((y) => row[y] !== 0).sort((a, b) => row[b]! - row[a]! || a - b);
  const p = Float64Array.from(order, (y) => row[y]!);
  const tails = new Float64Array(p.length);
  let sum = 0;
  for (let j = p.length - 1; j >= 0; j--) tails[j] = sum += p[j]!;
  return { order, p, tails };
}

/** √(pⱼ/(sⱼ·sⱼ₊₁)); minus pᵢ times it is column j below its diagonal. */
const belowDiagonal = ({ p, tails }: OrderedRow, j: number): number => Math.sqrt(p[j]! / (tails[j]! * tails[j + 1]!));

/** e_y − p for one label a row: the gradient of log p(y). labels [rows]; ignored labels (−1) give zeros. */
export function labelColumn(p: tf.Tensor2D, labels: Int32Array): tf.Tensor2D {
  return tf.tidy(() => {
    const counted = tf.tensor2d(
      Float32Array.from(labels, (y) => (y < 0 ? 0 : 1)),
      [labels.length, 1],
    );
    const oneHot = tf.oneHot(
      tf.tensor1d(
        labels.map((y) => Math.max(y, 0)),
        'int32',
      ),
      p.shape[1],
    );
    return tf.mul(tf.sub(oneHot, p), counted);
  });
}

/** A label drawn from each row of p. */
export function drawLabels(p: tf.Tensor2D, stream: RandomStream): Int32Array {
  const K = p.shape[1];
  const data = p.dataSync();
  return Int32Array.from({ length: p.shape[0] }, (_, row) => {
    let left = stream.uniform();
    let last = 0; // what rounding leaves goes to the last label that can occur
    for (let y = 0; y < K; y++) {
      const q = data[row * K + y]!;
      if (q === 0) continue;
      last = y;
      if ((left -= q) < 0) return y;
    }
    return last;
  });
}

/** arg max of each row; ties go to the lower index. */
export function likeliestLabels(p: tf.Tensor2D): Int32Array {
  return tf.tidy(() => tf.argMax(p, 1).dataSync<'int32'>().slice());
}
