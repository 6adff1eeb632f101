// Builds the engine's folder: the libraries of TensorFlow's wheel, the headers that are needed, and the addon.
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { run } from './command.mjs';
import { compileAddon, findCompiler, neededHeaders, sharedLibraries } from './compiler.mjs';
import { pins } from './pins.mjs';
import { machine } from './places.mjs';
import { fetchWheel, unpackWheel } from './wheel.mjs';

/** Counts changes of what buildEngine leaves in its folder. */
export const recipe = 4;

/**
 * Fills `folder`: tensorflow/ with the two libraries, headers and the addon (which finds the libraries beside itself),
 * and for CUDA nvidia/ beside it, where the wheel's libraries look for NVIDIA's.
 */
export async function buildEngine(kind, folder, log) {
  const compiler = await findCompiler();
  const pin = { ...pins.tensorflow[kind][machine], version: pins.tensorflow.version };
  await takeFromWheel(
    pin,
    [...sharedLibraries.map((name) => `tensorflow/${name}`), 'tensorflow/include/'],
    folder,
    log,
  );
  for (const nvidia of kind === 'cuda' ? pins.tensorflow.nvidia : [])
    await takeFromWheel(nvidia, ['nvidia/'], folder, log);
  log('  building the addon …');
  const tensorflow = join(folder, 'tensorflow');
  await compileAddon(compiler, tensorflow);
  await keepHeaders(await neededHeaders(compiler, tensorflow), tensorflow);
  await stripLibraries(tensorflow);
}

async function takeFromWheel(pin, members, folder, log) {
  log(`  fetching ${pin.package} ${pin.version} …`);
  const wheel = await fetchWheel(pin, folder);
  await unpackWheel(wheel, folder, members);
  await rm(dirname(wheel), { recursive: true });
}

/** Leaves only these headers in tensorflow/include. */
async function keepHeaders(headers, tensorflow) {
  const include = join(tensorflow, 'include');
  const kept = join(tensorflow, 'include-kept');
  for (const header of headers) {
    const path = join(kept, relative(include, header));
    await mkdir(dirname(path), { recursive: true });
    await cp(header, path);
  }
  await rm(include, { recursive: true });
  await rename(kept, include);
}

/** Symbols for debugging are a quarter of the libraries' size. Without `strip` they stay. */
async function stripLibraries(tensorflow) {
  if (process.platform === 'darwin') return;
  for (const library of sharedLibraries) {
    await run('strip', ['--strip-unneeded', join(tensorflow, library)]).catch(() => undefined);
  }
}
