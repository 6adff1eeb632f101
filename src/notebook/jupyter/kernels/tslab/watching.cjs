/**
 * Mend: tslab runs the compiler's timers itself, one at a time, and the compiler has two. When files come and go while
 * a kernel runs (an edit, `git pull`, another run), the second throws "Unexpected pending rebuildTimer" over and over.
 * The timer that rebuilds the program stays with tslab, which runs it before each cell; the other one is Node's.
 */
const replaceModule = require('./replaceModule.cjs');

module.exports = function allowTwoTimers(root) {
  replaceModule(root, '@tslab/typescript-for-tslab', (ts) => ({
    ...ts,
    createWatchProgram(host) {
      const ofTslab = { set: host.setTimeout, clear: host.clearTimeout };
      const ofNode = new Set();
      host.setTimeout = (callback, ms, ...args) => {
        if (callback.name === 'updateProgramWithWatchStatus') return ofTslab.set(callback, ms, ...args);
        const timer = setTimeout(callback, ms, ...args).unref();
        ofNode.add(timer);
        return timer;
      };
      host.clearTimeout = (timer) => {
        if (ofNode.delete(timer)) clearTimeout(timer);
        else ofTslab.clear(timer);
      };
      return ts.createWatchProgram(host);
    },
  }));
};
