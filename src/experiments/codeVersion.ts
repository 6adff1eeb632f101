/** Which code made a result: the git commit, and whether the sources differed from it. */
import { execFileSync } from 'node:child_process';
import { projectRoot } from '../engine/places';
import type { CodeVersion } from './result';

export function codeVersion(folder: string = projectRoot()): CodeVersion {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain', '--', 'src') !== '' };
  } catch {
    return { commit: null, dirty: false };
  }
}
