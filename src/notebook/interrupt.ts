/**
 * The Stop button of a notebook cell, as an AbortSignal. A long loop looks at it and lets the event loop turn:
 *
 *     while (!cellSignal().aborted) { step(); await yieldNow(); }
 */
export { nextTurn as yieldNow } from '../engine/nextTurn';

const never = new AbortController().signal;

/** The signal of the cell that runs now, aborted by the Stop button. Outside a notebook: one that is never aborted. */
export function cellSignal(): AbortSignal {
  // The kernel puts it there (jupyter/kernels/tslab/interrupt.cjs).
  const signalOfCell = (globalThis as Record<symbol, unknown>)[Symbol.for('fun.cellSignal')];
  return typeof signalOfCell === 'function' ? (signalOfCell as () => AbortSignal)() : never;
}
