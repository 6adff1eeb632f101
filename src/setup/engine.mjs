// The engine: TensorFlow.js's native addon, built from the npm package's own source against the library inside a
// TensorFlow wheel. Built once into FUN_HOME/engine/…, then linked into each clone's node_modules.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { chooseEngine } from './engineChoice.mjs';
import { buildWhole, exists, linkWhole, writeWhole } from './files.mjs';
import { cloneEngine, funHome, machine, projectRoot, tfjsNodeFolder } from './places.mjs';
import { pins } from './pins.mjs';
import { fetchWheel, unpackWheel } from './wheel.mjs';

const onMac = process.platform === 'darwin';
const sharedLibraries = onMac
  ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
  : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** What this machine should run on, from FUN_ENGINE and what is installed. */
export function wantedEngine(env = process.env) {
  const nvidiaDriver = ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'].some(existsSync);
  return chooseEngine({ requested: env.FUN_ENGINE, machine, nvidiaDriver, wheels: pins.tensorflow });
}

/** Whether this clone already has the engine that is wanted. A few file look-ups, under a millisecond. */
export function engineIsReady(wanted = wantedEngine()) {
  const clone = cloneEngine();
  if (!existsSync(clone.record)) return false;
  const record = JSON.parse(readFileSync(clone.record, 'utf8'));
  if (wanted.kind === 'wasm' || wanted.kind === 'js') return record.kind === wanted.kind;
  return (
    record.kind === wanted.kind &&
    existsSync(clone.addon) &&
    realpathSync(clone.addon).startsWith(realpathSync(engineFolder(wanted.kind)))
  );
}

/**
 * Makes the wanted engine ready in this clone. When that fails and nothing was forced by FUN_ENGINE, the fallbacks are
 * tried in order (TensorFlow.js's published binary, wasm) and the reason is recorded for the doctor and the run's first line.
 */
export async function setUpEngine(wanted = wantedEngine(), log = console.log) {
  const record = (kind, why) =>
    writeWhole(cloneEngine().record, JSON.stringify({ kind, wanted: wanted.kind, why }, null, 2));
  if (wanted.kind === 'wasm' || wanted.kind === 'js') return record(wanted.kind, [wanted.reason]);
  try {
    const folder = engineFolder(wanted.kind);
    if (!(await exists(folder))) await buildWhole(folder, (unfinished) => buildEngine(wanted.kind, unfinished, log));
    await linkWhole(join(folder, 'tensorflow/tfjs_binding.node'), cloneEngine().addon);
    return await record(wanted.kind, [wanted.reason]);
  } catch (error) {
    if (process.env.FUN_ENGINE || !(error instanceof SetupError)) throw error;
    log(`  The TensorFlow engine could not be built: ${error.message}`);
    const why = [error.message];
    const published = await publishedBinary(log).then(
      () => true,
      (failure) => (why.push(`published binary: ${failure.message}`), false),
    );
    const kind = published ? 'published' : 'wasm';
    log(
      `  Going on with ${published ? "TensorFlow.js's published binary" : 'the wasm backend (several times slower)'}; npm run doctor says how to mend it.`,
    );
    return record(kind, why);
  }
}

/** FUN_HOME/engine/…: the name changes with everything that the build depends on, so clones of any age can share it. */
export function engineFolder(kind, home = funHome()) {
  const pin = pins.tensorflow[kind][machine];
  return join(
    home,
    'engine',
    `tensorflow-${pins.tensorflow.version}-${kind}-${pin.sha256.slice(0, 8)}-recipe${recipe}`,
  );
}

/** Counts changes of what buildEngine leaves in the folder. */
const recipe = 1;

/**
 * Fills `folder`: tensorflow/ with the two libraries, the headers and the addon (which finds the libraries beside
 * itself), and for CUDA nvidia/ beside it, where the wheel's libraries look for NVIDIA's.
 */
async function buildEngine(kind, folder, log) {
  const compiler = await findCompiler();
  const pin = { ...pins.tensorflow[kind][machine], version: pins.tensorflow.version };
  log(`  fetching ${pin.package} ${pin.version} (${kind}) …`);
  const wheel = await fetchWheel(pin, folder);
  log('  unpacking and building the addon …');
  await unpackWheel(wheel, folder, [...sharedLibraries.map((name) => `tensorflow/${name}`), 'tensorflow/include/']);
  await rm(wheel);
  for (const nvidia of kind === 'cuda' ? pins.tensorflow.cuda.nvidia : []) {
    log(`  fetching ${nvidia.package} ${nvidia.version} …`);
    const part = await fetchWheel({ platform: pin.platform, ...nvidia }, folder);
    await unpackWheel(part, folder, ['nvidia/']);
    await rm(part);
  }
  await rm(join(folder, 'download'), { recursive: true });
  const tensorflow = join(folder, 'tensorflow');
  await compileAddon(compiler, tensorflow);
  await stripLibraries(tensorflow);
}

/** The C++ compiler: $CXX, g++, c++ or clang++, whichever is there first. */
async function findCompiler() {
  for (const compiler of [process.env.CXX, 'g++', 'c++', 'clang++'].filter(Boolean)) {
    if (
      await run(compiler, ['--version']).then(
        () => true,
        () => false,
      )
    )
      return compiler;
  }
  throw new SetupError(
    'No C++ compiler was found. Install one (Debian: apt-get install g++; macOS: xcode-select --install).',
  );
}

async function compileAddon(compiler, tensorflow) {
  const source = tfjsNodeFolder();
  const { include_dir: nodeApiHeaders } = await import('node-api-headers').then((module) => module.default);
  const origin = onMac ? '@loader_path' : '$ORIGIN';
  const libraries = sharedLibraries.map((name) => join(tensorflow, name));
  await run(
    compiler,
    [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
      ...(onMac ? ['-undefined', 'dynamic_lookup'] : []),
      ...[`-I${nodeApiHeaders}`, `-I${join(tensorflow, 'include')}`, '-I.'],
      ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc', ...libraries],
      ...[`-Wl,-rpath,${origin}`, '-o', join(tensorflow, 'tfjs_binding.node')],
    ],
    { cwd: source },
  );
}

/** Symbols for debugging are a quarter of the libraries' size. Without `strip` they stay. */
async function stripLibraries(tensorflow) {
  if (onMac) return;
  for (const library of sharedLibraries) {
    await run('strip', ['--strip-unneeded', join(tensorflow, library)]).catch(() => undefined);
  }
}

/** The binary that TensorFlow.js publishes, fetched by its own install script. */
async function publishedBinary(log) {
  log("  trying TensorFlow.js's published binary …");
  await rm(cloneEngine().addon, { force: true });
  await run('npm', ['rebuild', '@tensorflow/tfjs-node-gpu', '--ignore-scripts=false', '--foreground-scripts'], {
    cwd: projectRoot,
  });
  if (!(await exists(cloneEngine().addon))) throw new SetupError('it did not install.');
}
