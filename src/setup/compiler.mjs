// The C++ compiler, and how the addon and the fused operations are compiled against the wheel's headers and libraries.
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { projectRoot, tfjsNodeFolder } from './places.mjs';

const onMac = process.platform === 'darwin';

/** The two libraries of the wheel that everything links to. */
export const sharedLibraries = onMac
  ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
  : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

const addonSources = () => [
  join(tfjsNodeFolder(), 'binding/tfjs_backend.cc'),
  join(tfjsNodeFolder(), 'binding/tfjs_binding.cc'),
];
const fusedFolder = join(projectRoot, 'src/engine/fused');

/** The C++ compiler: $CXX, g++, c++ or clang++, whichever is there first. */
export async function findCompiler(env = process.env) {
  for (const compiler of [env.CXX, 'g++', 'c++', 'clang++'].filter(Boolean)) {
    if (await run(compiler, ['--version'], { env }).then(yes, no)) return compiler;
  }
  throw new SetupError(
    'No C++ compiler was found. Install one (Debian: apt-get install g++; macOS: xcode-select --install).',
  );
}

/** tensorflow: the folder of the libraries, where the addon goes too: it looks for them beside itself. */
export async function compileAddon(compiler, tensorflow) {
  await compile(compiler, tensorflow, addonFlags(), addonSources(), join(tensorflow, 'tfjs_binding.node'));
  const library = `-DTENSORFLOW_LIBRARY="${sharedLibraries[1]}"`;
  for (const [source, output] of [
    ['quietStart.cc', 'quiet_start.node'],
    ['signals.cc', 'signals.node'],
  ]) {
    const from = join(projectRoot, 'src/engine/addon', source);
    await run(compiler, [...helperFlags, library, from, ...helperLibraries, '-o', join(tensorflow, output)]);
  }
}

const helperFlags = ['-w', '-std=c++17', '-O2', '-fPIC', '-shared'];
const helperLibraries = onMac ? [] : ['-ldl', '-lpthread'];

/** Compiles src/engine/fused/*.cc, in one unit since most of the time goes into TensorFlow's headers. */
export async function compileFusedOps(compiler, tensorflow, folder, output) {
  const names = readdirSync(fusedFolder)
    .filter((name) => name.endsWith('.cc'))
    .sort();
  const unit = join(folder, 'fused.cc');
  await writeFile(unit, names.map((name) => `#include "${name}"\n`).join(''));
  await compile(compiler, tensorflow, fusedFlags(), [unit], output);
}

/** The wheel's headers that the addon and the fused operations include, of the 13,000 that it has. */
export async function neededHeaders(compiler, tensorflow) {
  const include = join(tensorflow, 'include');
  const of = async (flags, sources) => pathsInRule(await run(compiler, [...flags, `-I${include}`, '-M', ...sources]));
  const all = [...(await of(addonFlags(), addonSources())), ...(await of(fusedFlags(), [join(fusedFolder, 'op.h')]))];
  return [...new Set(all.filter((path) => path.startsWith(include)))];
}

/**
 * The paths in a rule for make as -M prints it: parted by whitespace and continued lines; `\ ` is a space within one.
 */
export function pathsInRule(rule) {
  return rule
    .replaceAll('\\\n', ' ')
    .split(/(?<!\\)\s+/)
    .map((path) => path.replace(/\\([ #])/g, '$1').replaceAll('$$', () => '$'));
}

async function compile(compiler, tensorflow, flags, sources, output) {
  const libraries = sharedLibraries.map((name) => join(tensorflow, name));
  const linking = onMac ? ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path'] : ['-Wl,-rpath,$ORIGIN'];
  const include = `-I${join(tensorflow, 'include')}`;
  await run(compiler, [...flags, include, '-shared', ...sources, ...libraries, ...linking, '-o', output]);
}

function addonFlags() {
  const nodeApi = createRequire(join(projectRoot, 'package.json'))('node-api-headers').include_dir;
  return [
    '-w',
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-DNAPI_VERSION=8',
    '-DBUILDING_NODE_EXTENSION',
    `-I${nodeApi}`,
    `-I${tfjsNodeFolder()}`,
  ];
}

/** No -ffast-math: a NaN must stay one. */
function fusedFlags() {
  const exact = ['-fno-math-errno', '-fno-trapping-math'];
  return ['-w', '-std=c++17', '-O3', '-fPIC', '-DNDEBUG', ...exact, ...vectorFlags(), `-I${fusedFolder}`];
}

/** What the fused operations' binary depends on besides TensorFlow. */
export function fusedRecipe() {
  const sources = readdirSync(fusedFolder)
    .sort()
    .map((name) => readFileSync(join(fusedFolder, name)));
  return [fusedFlags().slice(0, -1).join(' '), ...sources];
}

/** AVX2 where this processor has it (Arm has its vectors by default). */
function vectorFlags() {
  if (process.arch !== 'x64') return [];
  const flags = onMac ? '' : readFileSync('/proc/cpuinfo', 'utf8');
  return /\bavx2\b/.test(flags) && /\bfma\b/.test(flags) ? ['-mavx2', '-mfma'] : [];
}

const yes = () => true;
const no = () => false;
