/**
 * Mend: tslab compiles every module of the project that a cell imports, with full checks, again in each kernel; for
 * this project that took 10 to 20 s. Here modules are loaded by tsx, as `npm run fun` loads them, which keeps what it
 * has compiled on the disk; tslab compiles and checks cells, and what was edited since the kernel was started
 * (`npm run typecheck` checks all of src/).
 *
 * After an edit tslab also left the modules that import the changed one on the old code. Here they are loaded anew
 * with it, so that running the import cell again is enough.
 */
const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');
const replaceModule = require('./replaceModule.cjs');

module.exports = function loadModulesWithTsx(root) {
  Module.createRequire(path.join(root, 'package.json'))('tsx/cjs');
  const started = Date.now();

  replaceModule(root, '@tslab/typescript-for-tslab', (ts) => {
    /** Modules of the project that the cell reaches and that were edited; told to the checker below. */
    let edited = [];
    const onlyTheCell = (builder) => ({
      ...builder,
      getAllDependencies(cell) {
        const files = builder.getAllDependencies(cell).filter((file) => file !== cell.fileName);
        edited = files
          .filter((file) => isOwn(root, file) && modified(file) > started)
          .map((file) => builder.getSourceFile(file));
        // A module that only tslab knows (a cell that begins with @module) has no file.
        return [cell.fileName, ...files.filter((file) => modified(file) === undefined)];
      },
    });
    return {
      ...ts,
      createWatchProgram(host) {
        const { afterProgramCreate } = host;
        host.afterProgramCreate = (builder) => afterProgramCreate(onlyTheCell(builder));
        return ts.createWatchProgram(host);
      },
      getPreEmitDiagnosticsOfFiles: (program, files) => ts.getPreEmitDiagnosticsOfFiles(program, [...files, ...edited]),
    };
  });

  /** Of each module of the project: when its file had last been written as it was loaded. */
  const versions = new WeakMap();
  const load = Module.prototype.load;
  Module.prototype.load = function (filename) {
    if (isOwn(root, filename)) versions.set(this, modified(filename));
    return load.call(this, filename);
  };
  replaceModule(root, path.join(root, 'node_modules/tslab/dist/converter.js'), (converter) => ({
    ...converter,
    createConverter(options) {
      const inner = converter.createConverter(options);
      return {
        ...inner,
        convert(previous, source) {
          forgetChanged(root, versions);
          return inner.convert(previous, source);
        },
      };
    },
  }));
};

/** When the file was last written, in ms; undefined where there is none. */
function modified(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

const isOwn = (root, file) => file.startsWith(root + path.sep) && !file.includes('/node_modules/');

/** Takes modules that changed since they were loaded, and all that import them, out of Node's cache. */
function forgetChanged(root, versions) {
  const own = Object.values(require.cache).filter(({ filename }) => isOwn(root, filename));
  const stale = new Set(
    own.filter((loaded) => versions.has(loaded) && versions.get(loaded) !== modified(loaded.filename)),
  );
  for (let size = -1; size !== stale.size;) {
    size = stale.size;
    for (const loaded of own) if (loaded.children.some((child) => stale.has(child))) stale.add(loaded);
  }
  for (const { filename } of stale) delete require.cache[filename];
}
