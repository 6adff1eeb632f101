// Runs src/cli.ts in this process, so that its signals, streams and exit code are its own.
import Module from 'node:module';
import { join } from 'node:path';
import { projectRoot } from './places.mjs';

/** Like `node --import tsx src/cli.ts …`. */
export async function runCli(args) {
  await import('tsx');
  process.argv = [process.execPath, join(projectRoot, 'src/cli.ts'), ...args];
  Module.runMain();
}
