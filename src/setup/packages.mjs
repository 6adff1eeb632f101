// The npm packages of the lock file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noPermission, run, SetupError } from './command.mjs';
import { isInProject, projectRoot } from './places.mjs';

/** Whether node_modules holds what the lock file names (by npm's own record of what it installed, written last). */
export function packagesAreReady(root = projectRoot) {
  try {
    return sameVersions(
      packagesOf(join(root, 'package-lock.json')),
      packagesOf(join(root, 'node_modules/.package-lock.json')),
    );
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
}

const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Packages for other platforms are optional, and absent here. */
function sameVersions(wanted, installed) {
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === version : Boolean(optional);
  });
}

export async function installPackages() {
  await run('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: projectRoot,
    missing: 'npm was not found. Install it with Node.',
  }).catch((error) => {
    throw npmError(error);
  });
}

/** What npm's failure means and what to do about it. */
export function npmError(error) {
  const text = error.output ?? error.message;
  if (/ENOSPC/.test(text))
    return new SetupError('The disk is full: npm could not install the packages. Free some space and run again.');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(text)) {
    return new SetupError(
      'No network: npm could not reach its registry. Connect, or set npm to a reachable registry, and run again.',
    );
  }
  const path = /^npm (?:error|ERR!) path (.+)$/m.exec(text)?.[1];
  if (path && isInProject(path) && /EACCES|EPERM|EROFS/.test(text)) return new SetupError(noPermission(path));
  const reason = [...text.matchAll(/^npm (?:error|ERR!) (?!code|A complete log)(\S.*)$/gm)]
    .slice(0, 3)
    .map(([, line]) => line);
  return reason.length > 0 ? new SetupError(`npm could not install the packages: ${reason.join('\n  ')}`) : error;
}
