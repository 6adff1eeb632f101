/** Code of the user's own: a sweep, a schedule. It is run, as the user asks by naming it; nothing else of a file ever is. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UserError } from './errors';

/** Not written where it is imported: the kernel's older TypeScript does not find types by a package's "exports". */
const tsxApi: string = 'tsx/esm/api';

interface Module {
  readonly default?: unknown;
}

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
  let module: Module;
  try {
    module = await load(pathToFileURL(path).href);
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${path} cannot be loaded: ${messageOf(error)}`);
  }
  // One level deeper where Node took the file for CommonJS.
  const found = module.default as { default?: unknown } | null | undefined;
  return found?.default ?? found;
}

/** In a notebook's kernel Node itself does not read TypeScript; in the commands it does, by the same tsx. */
async function load(address: string): Promise<Module> {
  try {
    return (await import(address)) as Module;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    const tsx = (await import(tsxApi)) as { tsImport(address: string, from: string): Promise<Module> };
    return tsx.tsImport(address, address);
  }
}
