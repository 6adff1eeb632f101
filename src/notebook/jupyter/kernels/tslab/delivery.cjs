/**
 * Mends of how output leaves the kernel.
 *
 * 1. zeromq takes about 510 messages in one tick of the event loop and then throws EBUSY, which the console swallows:
 *    output is lost without a word, after seconds of waiting. Without a limit on the queue and without waiting for
 *    room, every message is taken.
 * 2. `process.stdout.write(text, callback)` must call back, and its callers wait for that.
 */
const path = require('node:path');
const replaceModule = require('./replaceModule.cjs');

module.exports = function deliverEverything(root) {
  replaceModule(root, 'zeromq', (zeromq) => ({
    ...zeromq,
    Publisher: class extends zeromq.Publisher {
      constructor(options) {
        super({ ...options, sendHighWaterMark: 0, sendTimeout: 0 });
      }
    },
  }));

  const { JupyterHandlerImpl } = require(path.join(root, 'node_modules/tslab/dist/jupyter.js'));
  const createWrite = JupyterHandlerImpl.prototype.createWriteToIopub;
  JupyterHandlerImpl.prototype.createWriteToIopub = function (name, writeStream) {
    const write = createWrite.call(this, name, writeStream);
    return (chunk, encodingOrCallback, callback) => {
      write(chunk);
      const done = typeof encodingOrCallback === 'function' ? encodingOrCallback : callback;
      if (done) process.nextTick(done);
      return true;
    };
  };
};
