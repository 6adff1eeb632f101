// The steps of set-up: each says what it does and how long it took, and is skipped when it is already done.
import { noPermission, SetupError } from './command.mjs';

/** A step: `ready` looks quickly whether there is nothing to do; `make` does it, and may be cut off and repeated. */
/** @typedef {{ title: string, ready: () => boolean, make: (log: (line: string) => void) => Promise<unknown> }} Step */

/** Runs the steps in order. `quiet`: says nothing about steps that are ready. */
export async function runSteps(steps, { quiet = false, log = console.error } = {}) {
  for (const [index, { title, ready, make }] of steps.entries()) {
    const label = `[${index + 1}/${steps.length}] ${title}`;
    if (ready()) {
      if (!quiet) log(`${label}: ready`);
      continue;
    }
    log(`${label} …`);
    const begun = Date.now();
    const stopTicking = showElapsed(begun);
    try {
      await make(log);
    } finally {
      stopTicking();
    }
    log(`${label}: done in ${seconds(begun)}`);
  }
}

export const seconds = (begun) => `${((Date.now() - begun) / 1000).toFixed(1)} s`;

/** On a terminal, the seconds that the step has taken so far, in place. */
function showElapsed(begun) {
  if (!process.stderr.isTTY) return () => undefined;
  const timer = setInterval(() => process.stderr.write(`\r  ${Math.round((Date.now() - begun) / 1000)} s \r`), 1000);
  return () => clearInterval(timer);
}

/** Refuses a Node that is too old for the packages, before anything of them is loaded. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(`Node ${version} is too old: this project needs Node 20.19 or later. Install it and run again.`);
}

/** Runs a script's main function; a SetupError or a full disk becomes one clear message and exit code 1. */
export async function script(main) {
  try {
    checkNode();
    await main();
  } catch (error) {
    process.exitCode = 1;
    const message = explain(error);
    if (!message) throw error;
    console.error(`\n${message}`);
  }
}

/** The message of an error that a user can mend, or undefined for a defect. */
export function explain(error) {
  if (error instanceof SetupError) return error.message;
  if (error.code === 'ENOSPC') {
    return 'The disk is full. Free some space, or set FUN_HOME to a folder on a larger disk, and run again.';
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
    return noPermission(error.path);
  }
  return undefined;
}
