/**
 * Mend: tslab ignores tsconfig.json and compiles without strict checks, which rejects valid strict code and accepts
 * mistakes. The project's strictness flags are passed on, to cells and to src/ alike. And where the compiler gives a
 * reason for what it says, tslab forgets which file it is about: message and reason are made one.
 */
const path = require('node:path');
const replaceModule = require('./replaceModule.cjs');

const FLAGS = [
  'strict',
  'noUncheckedIndexedAccess',
  'exactOptionalPropertyTypes',
  'noImplicitOverride',
  'useUnknownInCatchVariables',
];

module.exports = function passStrictnessOn(root) {
  replaceModule(root, '@tslab/typescript-for-tslab', (ts) => {
    const { config, error } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile);
    if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
    const given = config.compilerOptions ?? {};
    const strictness = Object.fromEntries(FLAGS.filter((flag) => flag in given).map((flag) => [flag, given[flag]]));
    return {
      ...ts,
      // JavaScript is compiled (allowJs) but not checked: a package without types is not an error of the cell.
      createWatchCompilerHost: (files, options, ...rest) =>
        ts.createWatchCompilerHost(files, { ...options, ...strictness, checkJs: false }, ...rest),
      getPreEmitDiagnosticsOfFiles: (...args) =>
        ts.getPreEmitDiagnosticsOfFiles(...args).map((diagnostic) => ({
          ...diagnostic,
          messageText: ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
        })),
    };
  });
};
