/**
 * `npm run test:parity`: makes a Python environment with the reference libraries (once, in FUN_HOME) and runs the
 * tests named *.python.test.ts with it. Those tests give our files to the Python libraries and theirs to us.
 *
 *     node test/parity/run.mjs [vitest arguments]      node test/parity/run.mjs --only-python
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Installed in this order: torch alone first, so that a CPU wheel found by pip is not replaced by a later one. */
const PINS = [
  ['torch==2.13.0'],
  ['adapters==1.3.0', 'transformers==4.57.6', 'huggingface_hub==0.36.2', 'safetensors==0.8.0', 'numpy==2.4.6'],
];

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}.`);
}

/** The Python of the environment; made when it is not there. Takes minutes the first time. */
export function parityPython() {
  const home =
    process.env.FUN_HOME || path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'fun-lab');
  const key = createHash('sha256').update(JSON.stringify(PINS)).digest('hex').slice(0, 12);
  const folder = path.join(home, `parity-python-${key}`);
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const complete = path.join(folder, 'complete');
  if (existsSync(complete)) return python;
  console.log(`Making the Python environment of the parity tests in ${folder} (a few minutes, once).`);
  const start = Date.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  run(process.env.PYTHON || 'python3', ['-m', 'venv', folder]);
  for (const pins of PINS) run(python, ['-m', 'pip', 'install', '--quiet', ...pins]);
  writeFileSync(complete, `${PINS.flat().join('\n')}\n`);
  console.log(`Done in ${Math.round((Date.now() - start) / 1000)} s.`);
  return python;
}

const args = process.argv.slice(2);
const python = parityPython();
if (args.includes('--only-python')) {
  console.log(python);
} else {
  const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const filters = args.length > 0 ? args : ['.python.test.ts'];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...filters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FUN_PARITY_PYTHON: python },
  });
  process.exitCode = status ?? 1;
}
