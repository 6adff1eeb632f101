/** What speaks against taking a stored result for the run's: it was stopped, or is of files that have changed since. */
import { changedSince } from './inputs';
import { lackOf, type RunResult } from './result';

/**
 * The fault of the result in the file `path`, and what to do; undefined when it stands.
 *
 * Cheap enough for plans: model and data need not be there, and of those that are, each file is read once a process.
 */
export function faultOf(result: RunResult, path: string): string | undefined {
  const lack = lackOf(result);
  if (lack !== undefined) {
    return `${result.id} is not done, although there is a result: ${lack}. Move ${path} away and repeat the command.`;
  }
  const changed = changedSince(result);
  if (changed.length === 0) return undefined;
  return (
    `${result.id} is done, but with other files than are there now: ${changed.join(', ')}. To do it again, move ${path} ` +
    `away and repeat the command; to keep it, put the old files back.`
  );
}
