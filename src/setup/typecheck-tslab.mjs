// Type-checks src/ as a notebook sees it: tslab's own TypeScript and module resolution, this project's strictness.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from './places.mjs';

const strictness = ['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes', 'noImplicitOverride'];

/** The errors in words, empty when there are none. */
export function typecheckWithTslab(root = projectRoot) {
  const ts = createRequire(join(root, 'package.json'))('@tslab/typescript-for-tslab');
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const given = config.compilerOptions;
  const options = {
    ...Object.fromEntries(strictness.filter((flag) => flag in given).map((flag) => [flag, given[flag]])),
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    esModuleInterop: true,
    resolveJsonModule: true,
    allowJs: true,
    checkJs: false,
    skipLibCheck: true,
    declaration: true, // tslab emits declarations: a type that cannot be named is an error there
    noEmit: true,
  };
  const files = ts.sys.readDirectory(join(root, 'src'), ['.ts']);
  const program = ts.createProgram(files, options);
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => '\n' };
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => ts.formatDiagnostic(diagnostic, host).trim());
}

if (process.argv[1] === import.meta.filename) {
  const errors = typecheckWithTslab();
  for (const error of errors) console.error(error);
  console.error(errors.length === 0 ? "tslab's TypeScript finds no errors in src/" : `${errors.length} errors`);
  process.exitCode = errors.length === 0 ? 0 : 1;
}
