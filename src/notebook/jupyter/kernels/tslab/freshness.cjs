/**
 * Mend: after an edit in src/, tslab loads the changed file anew but leaves the modules that import it on the old one,
 * until they change too. Here every module that reaches the changed file through its imports is loaded anew as well,
 * so that running the import cell again is enough.
 */
const path = require('node:path');
const replaceModule = require('./replaceModule.cjs');

/** Paths of the project's own modules that this compiled file requires. */
function requiredBy(file, code) {
  return [...code.matchAll(/require\("(\.[^"]*)"\)/g)].map(([, specifier]) => {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    return path.posix.extname(target) === '' ? `${target}.js` : target;
  });
}

/** The changed files and, in turn, everything that requires one of them. `outputs`: path → compiled code. */
function withImporters(changed, outputs) {
  const stale = new Set(changed);
  for (let size = -1; size !== stale.size;) {
    size = stale.size;
    for (const [file, code] of outputs) {
      if (requiredBy(file, code).some((target) => stale.has(target))) stale.add(file);
    }
  }
  return stale;
}

module.exports = function reloadImporters(root) {
  replaceModule(root, path.join(root, 'node_modules/tslab/dist/converter.js'), (converter) => ({
    ...converter,
    createConverter(options) {
      const inner = converter.createConverter(options);
      const outputs = new Map();
      return {
        ...inner,
        convert(previous, source) {
          const result = inner.convert(previous, source);
          const sideOutputs = result.sideOutputs ?? [];
          const changed = sideOutputs.map((output) => output.path).filter((file) => outputs.has(file));
          for (const { path: file, data } of sideOutputs) outputs.set(file, data);
          if (changed.length === 0) return result;
          const stale = new Set([...sideOutputs.map((output) => output.path), ...withImporters(changed, outputs)]);
          return { ...result, sideOutputs: [...stale].map((file) => ({ path: file, data: outputs.get(file) })) };
        },
      };
    },
  }));
};
