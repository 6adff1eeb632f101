// Where set-up keeps things: the project, the cache folder shared by clones (FUN_HOME), and this clone's engine.
import { homedir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const isInProject = (path) => `${path}${sep}`.startsWith(`${projectRoot}${sep}`);

/** Operating system and processor as the pins name them, for example "linux-x64". */
export const machine = `${process.platform}-${process.arch}`;

/** The cache folder shared by clones: FUN_HOME, or the user's cache directory. */
export function funHome(env = process.env, platform = process.platform, home = homedir()) {
  if (env.FUN_HOME) return resolve(env.FUN_HOME);
  if (platform === 'darwin') return join(home, 'Library/Caches/fun-lab');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'fun-lab');
}

/** The embedded model's file, in the same place for every clone. */
export const embeddedModelFile = (home = funHome()) => join(home, 'models/multilingual-e5-small/e5-small-q4.bin');

/** The package whose JavaScript loads the addon, and whose binding/ folder holds the addon's source. */
export const tfjsNodeFolder = (root = projectRoot) => join(root, 'node_modules/@tensorflow/tfjs-node-gpu');

/** Where that package looks for the addon; the fused ops and the record of what was chosen lie beside it. */
export function cloneEngine(root = projectRoot) {
  const folder = join(tfjsNodeFolder(root), 'lib/napi-v8');
  return {
    folder,
    addon: join(folder, 'tfjs_binding.node'),
    fused: join(folder, 'fun_fused.node'),
    record: join(folder, 'fun_engine.json'),
    fusedRecord: join(folder, 'fun_fused.json'),
  };
}
