/** The set-up scripts as modules, and pretended tools (python3 with pip, no compiler, …) to run them with. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../temporaryFolder';

export const setupFolder = resolve(__dirname, '../../src/setup');

/** A module of src/setup, with the type that the test gives it. */
export async function setupModule<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(setupFolder, name)).href)) as T;
}

/** A folder with executable shell scripts, to be used as PATH (in front of the few tools that the scripts use). */
export function toolFolder(tools: Readonly<Record<string, string>>): string {
  const folder = join(temporaryFolder(), 'bin');
  mkdirSync(folder, { recursive: true });
  for (const [name, body] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/**
 * A python3 whose `-m pip download` does `download` ($dest is the folder asked for); the version checks succeed and
 * everything else goes to the real Python.
 */
export function pretendedPython(download: string, realPython: string): string {
  return `
if [ "$1 $2" = "-m pip" ] && [ "$3" = download ]; then
  while [ "$1" != --dest ]; do shift; done
  dest=$2
  ${download}
  exit
fi
[ "$1 $2 $3" = "-m pip --version" ] && exit 0
exec ${realPython} "$@"`;
}
