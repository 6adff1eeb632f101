/**
 * Mend: as tslab ships, the Stop button gives the cell up but an asynchronous loop in it goes on in the background.
 *
 * Here the first interrupt (SIGINT) aborts the cell's signal, which src/notebook/interrupt.ts hands to whoever asks: a
 * loop that looks at it stops after its current step, and the cell ends well with its variables kept. After three
 * seconds, or on a second interrupt, tslab's own interrupt gives the cell up. Cells that were waiting are not run.
 */
const vm = require('node:vm');

const GRACE_MS = 3000;

/**
 * tslab runs every cell with `breakOnSigint`, for which Node takes all SIGINT listeners off and puts them back when the
 * synchronous part has ended; a signal in between is lost. An asynchronous cell has no need of it.
 */
function keepListenersInAsyncCells() {
  const runInThisContext = vm.runInThisContext;
  vm.runInThisContext = (code, options) =>
    runInThisContext(code, code.startsWith('(async function(') ? { ...options, breakOnSigint: false } : options);
}

module.exports = function createInterrupt() {
  keepListenersInAsyncCells();
  let cell = new AbortController();
  let giveUp;
  let giveUpTimer;
  const listeners = new Set();

  globalThis[Symbol.for('fun.cellSignal')] = () => cell.signal;

  return {
    /** Called when a cell begins: it gets a signal of its own. */
    beginCell() {
      clearTimeout(giveUpTimer);
      cell = new AbortController();
    },
    /** Called when a cell has ended. */
    endCell() {
      clearTimeout(giveUpTimer);
    },
    /** `listener()` is called at each interrupt. */
    onInterrupt(listener) {
      listeners.add(listener);
    },
    /** Puts this handler in the place of tslab's, which must be installed already. */
    takeOver() {
      giveUp = process.listeners('SIGINT').at(-1);
      process.removeListener('SIGINT', giveUp);
      process.on('SIGINT', () => {
        for (const listener of listeners) listener();
        if (cell.signal.aborted) {
          clearTimeout(giveUpTimer);
          giveUp();
          return;
        }
        cell.abort(Object.assign(new Error('The cell was interrupted.'), { name: 'KeyboardInterrupt' }));
        giveUpTimer = setTimeout(giveUp, GRACE_MS);
        giveUpTimer.unref();
      });
    },
  };
};
