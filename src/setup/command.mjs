// Running other programs, and the one kind of error that set-up shows to its user.
import { spawn } from 'node:child_process';
import { isInProject, projectRoot } from './places.mjs';

/** What went wrong in set-up and the way out; shown without a stack trace. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** What to do about a path that cannot be written: set-up writes into the project (node_modules) and into FUN_HOME. */
export function noPermission(path) {
  const wayOut = isInProject(path)
    ? `It lies in the project: make ${projectRoot} writable for you, or clone the project into a folder of your own,`
    : 'Set FUN_HOME to a folder of your own,';
  return `No permission to write ${path}. ${wayOut} and run again.`;
}

/**
 * Runs a program to its end and returns its standard output. `show` lets the user see its output instead.
 * Throws a SetupError with the end of what it printed; `missing` is the error when there is no such program.
 */
export function run(
  program,
  args,
  { cwd, env = process.env, show = false, missing = `${program} was not found.` } = {},
) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let everything = '';
    child.stdout?.on('data', (text) => ((output += text), (everything += text)));
    child.stderr?.on('data', (text) => (everything += text));
    child.on('error', (error) => reject(error.code === 'ENOENT' ? new SetupError(missing) : error));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const failure = new SetupError(
        `${program} ${args[0] ?? ''} ended with ${signal ?? `exit code ${code}`}: ${lastLines(everything)}`,
      );
      reject(Object.assign(failure, { output: everything }));
    });
  });
}

const lastLines = (text) => text.trim().split('\n').slice(-4).join('\n  ') || '(it printed nothing)';
