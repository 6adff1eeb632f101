// The engine of this clone: TensorFlow.js's addon on the library of a TensorFlow wheel, built once into
// FUN_HOME/engine/… and linked into node_modules; when that is not possible, the next best engine, and the reason.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { buildEngine, recipe } from './engineBuild.mjs';
import { chooseEngine } from './engineChoice.mjs';
import { buildWhole, exists, linkWhole, writeWhole } from './files.mjs';
import { pins } from './pins.mjs';
import { cloneEngine, funHome, machine, projectRoot } from './places.mjs';

/** What this machine should run on, from FUN_ENGINE and what is installed. */
export function wantedEngine(env = process.env) {
  const nvidiaDriver = ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'].some(existsSync);
  return chooseEngine({ requested: env.FUN_ENGINE, machine, nvidiaDriver, wheels: pins.tensorflow });
}

/** What set-up chose for this clone: { kind, why }, or undefined before its first time. */
export function chosenEngine() {
  const { record } = cloneEngine();
  return existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : undefined;
}

/** Whether this clone has the engine that is wanted. A few file look-ups. */
export function engineIsReady(wanted = wantedEngine()) {
  if (wanted.kind === 'wasm' || wanted.kind === 'js') return wanted.forced || chosenEngine()?.kind === wanted.kind;
  const { addon } = cloneEngine();
  const built = join(engineFolder(wanted.kind), addonInFolder);
  return (
    chosenEngine()?.kind === wanted.kind &&
    existsSync(addon) &&
    existsSync(built) &&
    realpathSync(addon) === realpathSync(built)
  );
}

/**
 * Whether this clone has the wanted engine, or the fallback that an earlier set-up had to take instead of it. One that
 * was built by an earlier recipe is neither.
 */
export function engineIsUsable(wanted = wantedEngine()) {
  if (engineIsReady(wanted)) return true;
  const chosen = chosenEngine();
  if (wanted.forced || chosen?.wanted !== wanted.kind || chosen.kind === wanted.kind) return false;
  return chosen.kind === 'published' ? existsSync(cloneEngine().addon) : engineIsReady(chosen);
}

/**
 * Makes the wanted engine ready in this clone. Unless FUN_ENGINE forced it, the next best is taken when that fails:
 * the CPU wheel for the CUDA one, TensorFlow.js's published binary, wasm. The reasons are recorded, for the doctor and
 * the first line of every run.
 */
export async function setUpEngine(wanted = wantedEngine(), log = console.log) {
  const { record } = cloneEngine();
  const why = [];
  for (const kind of wanted.forced ? [wanted.kind] : [wanted.kind, ...fallbacks(wanted.kind)]) {
    try {
      await makeReady[kind](log);
      if (kind === wanted.kind) why.push(wanted.reason);
      else log(`  Going on with ${names[kind]}; npm run doctor says how to mend it.`);
      return await writeWhole(record, JSON.stringify({ kind, wanted: wanted.kind, why }, null, 2));
    } catch (error) {
      if (wanted.forced || !(error instanceof SetupError)) throw error;
      log(`  No ${names[kind]}: ${error.message}`);
      why.push(`no ${names[kind]}: ${error.message}`);
    }
  }
}

const names = {
  cuda: 'TensorFlow with CUDA',
  cpu: 'TensorFlow for CPUs',
  published: "TensorFlow.js's published binary",
  wasm: 'wasm backend (several times slower)',
  js: 'plain JavaScript',
};

const fallbacks = (kind) => ({ cuda: ['cpu', 'published', 'wasm'], cpu: ['published', 'wasm'], wasm: [] })[kind];

const makeReady = {
  cuda: (log) => linkBuilt('cuda', log),
  cpu: (log) => linkBuilt('cpu', log),
  published: () => installPublishedBinary(),
  wasm: async () => undefined, // an npm package
  js: async () => undefined,
};

async function linkBuilt(kind, log) {
  const folder = engineFolder(kind);
  if (!(await exists(folder))) await buildWhole(folder, (unfinished) => buildEngine(kind, unfinished, log));
  await linkWhole(join(folder, addonInFolder), cloneEngine().addon);
}

const addonInFolder = 'tensorflow/tfjs_binding.node';

/** FUN_HOME/engine/…: the name changes with everything that the build depends on, so clones of any age can share it. */
export function engineFolder(kind, home = funHome()) {
  const { version } = pins.tensorflow;
  const wheel = pins.tensorflow[kind][machine].sha256.slice(0, 8);
  return join(home, 'engine', `tensorflow-${version}-${kind}-${wheel}-recipe${recipe}`);
}

/** The binary that TensorFlow.js publishes, fetched by its own install script. */
async function installPublishedBinary() {
  await rm(cloneEngine().addon, { force: true });
  await run('npm', ['rebuild', '@tensorflow/tfjs-node-gpu', '--ignore-scripts=false'], { cwd: projectRoot }).catch(
    () => {
      throw new SetupError('its install script failed.');
    },
  );
  if (!(await exists(cloneEngine().addon))) throw new SetupError('its install script left nothing.');
}
