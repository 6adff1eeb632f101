// npm run fun -- …: one command of the lab. Sets up what is missing first; says nothing when all is there.
import { runCli } from './cli.mjs';
import { engineIsUsable } from './engine.mjs';
import { setupSteps } from './setup.mjs';
import { runSteps, script } from './steps.mjs';

await script(async () => {
  const { packages, engine, fused, model, jupyter } = setupSteps;
  const args = process.argv.slice(2);
  await runSteps(
    [packages, { ...engine, ready: () => engineIsUsable() }, fused, model, ...(args[0] === 'lab' ? [jupyter] : [])],
    { quiet: true },
  );
  await runCli(args);
});
