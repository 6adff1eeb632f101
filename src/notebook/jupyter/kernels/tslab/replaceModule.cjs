/** Replaces what a module that tslab requires exports: `make` gets the original exports and returns the new ones. */
const path = require('node:path');
const { createRequire } = require('node:module');

module.exports = function replaceModule(root, name, make) {
  const requireFromTslab = createRequire(path.join(root, 'node_modules/tslab/dist/main.js'));
  const file = requireFromTslab.resolve(name);
  const original = requireFromTslab(file);
  require.cache[file].exports = make(original);
};
