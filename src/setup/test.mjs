// npm test: sets up what is missing, then checks types (twice: the project's compiler and tslab's), style, and runs
// the tests. The last line is "N passed, N failed"; each check counts as one.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { countTests } from './countTests.mjs';
import { projectRoot } from './places.mjs';
import { setupSteps } from './setup.mjs';
import { runSteps, script } from './steps.mjs';

const tool = (path) => join('node_modules', path);
const checks = [
  ['types', [tool('typescript/bin/tsc'), '-p', 'tsconfig.json']],
  ["types, by tslab's compiler", ['src/setup/typecheck-tslab.mjs']],
  ['lint', [tool('eslint/bin/eslint.js'), '.']],
  ['format', [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
];

await script(async () => {
  await runSteps(Object.values(setupSteps), { log: console.log });
  const only = process.argv.slice(2); // npm test -- test/engine: these tests alone, without the checks
  const failures = [];
  for (const [name, args] of only.length === 0 ? checks : []) {
    console.log(`checking ${name} …`);
    await nodeRun(args).catch(() => failures.push(name));
  }
  const tests = await runTests(only);
  for (const name of failures) console.log(`FAILED check: ${name}`);
  const passed = tests.passed + (only.length === 0 ? checks.length - failures.length : 0);
  const failed = tests.failed + failures.length;
  process.exitCode = failed === 0 ? 0 : 1;
  console.log(`${passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`);
});

/** Runs Vitest and counts by its JSON report; a run that fails otherwise (no report, a stray error) is one failure. */
async function runTests(only) {
  const folder = await mkdtemp(join(tmpdir(), 'fun-lab-test-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only];
    const ended = await nodeRun([tool('vitest/vitest.mjs'), ...args]).then(
      () => true,
      () => false,
    );
    const counts = await readFile(report, 'utf8').then(countTests, () => ({ passed: 0, failed: 0, skipped: 0 }));
    return { ...counts, failed: counts.failed + (!ended && counts.failed === 0 ? 1 : 0) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function nodeRun(args) {
  return run(process.execPath, args, { cwd: projectRoot, show: true });
}
