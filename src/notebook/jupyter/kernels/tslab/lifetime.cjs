/**
 * Mends of how the kernel ends: it goes when Jupyter asks it to, whatever is still running in it, and it goes when
 * Jupyter itself has died (no orphans that hold a model in memory).
 */
const path = require('node:path');

const PARENT_CHECK_MS = 2000;
/** Time for the shutdown reply to leave. */
const FAREWELL_MS = 200;

/** Call it early: a parent that is gone already is not missed. */
exports.endWithParent = function () {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PARENT_CHECK_MS).unref();
};

exports.endWhenAsked = function (root) {
  const { ZmqServer } = require(path.join(root, 'node_modules/tslab/dist/jupyter.js'));
  const close = ZmqServer.prototype.close;
  ZmqServer.prototype.close = function () {
    setTimeout(() => process.exit(0), FAREWELL_MS);
    close.call(this);
  };
};
