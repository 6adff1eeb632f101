/** Code of the user's own: a sweep, a schedule. It is run, as the user asks by naming it; nothing else of a file ever is. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UserError } from './errors';

/** Whether the text names a file of code, and not a thing of the project. */
export const namesCode = (text: string): boolean => /\.[cm]?[jt]s$/.test(text);

/**
 * The default export of a TypeScript or JavaScript file.
 *
 * @throws UserError when there is no such file, or it cannot be loaded.
 */
export async function defaultExport(file: string): Promise<unknown> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UserError(`There is no file ${path}.`);
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as typeof module;
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${path} cannot be loaded: ${messageOf(error)}`);
  }
  // One level deeper where Node took the file for CommonJS.
  const found = module.default as { default?: unknown } | null | undefined;
  return found?.default ?? found;
}
