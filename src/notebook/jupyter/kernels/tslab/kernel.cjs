/**
 * The notebook kernel: tslab, started at the project root and mended where it falls short of what a notebook needs.
 * Jupyter runs it as `node kernel.cjs CONNECTION_FILE`, in the notebook's folder.
 *
 * tslab compiles only files below its working directory, so the kernel works in the project root and a cell imports
 * `./src/index` wherever its notebook lies. The mends reach into tslab's internals: they are written for exactly the
 * version below, and each is tested in test/notebook/.
 */
const fs = require('node:fs');
const path = require('node:path');

// First of all, while the process that started this one is surely there.
const lifetime = require('./lifetime.cjs');
lifetime.endWithParent();

const TSLAB_VERSION = '1.0.22';

/** The nearest folder at or above `start` that has tslab installed. */
function folderWithTslab(start) {
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, 'node_modules/tslab/package.json'))) return folder;
    if (folder === path.dirname(folder)) return undefined;
  }
}

// First above this file; above the notebook when the kernel specification was copied out of the project.
const root = folderWithTslab(__dirname) ?? folderWithTslab(process.cwd());
if (root === undefined || process.argv[2] === undefined) {
  console.error(
    root === undefined
      ? `The kernel needs node_modules/tslab above ${__dirname} or ${process.cwd()}. Run "npm start" in the project.`
      : 'usage: node kernel.cjs CONNECTION_FILE (Jupyter does this).',
  );
  process.exit(1);
}
process.chdir(root);

const tslab = (file) => require(path.join(root, 'node_modules/tslab', file));
const found = tslab('package.json').version;
if (found !== TSLAB_VERSION) {
  console.error(`The kernel's mends are for tslab ${TSLAB_VERSION}; found ${found}. Run "npm ci" in the project.`);
  process.exit(1);
}

// In this order: the first three change the compiler, and tslab's parts keep the one that they find when they are loaded.
require('./strictness.cjs')(root);
require('./watching.cjs')(root);
require('./modules.cjs')(root);
require('./delivery.cjs')(root);
const interrupt = require('./interrupt.cjs')();
require('./execution.cjs')(root, interrupt);
lifetime.endWhenAsked(root);
tslab('dist/main.js').startKernel({ configPath: path.resolve(process.argv[2]), enableFindLocal: false });
interrupt.takeOver();
