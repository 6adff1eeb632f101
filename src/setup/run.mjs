// npm run fun -- …: one command of the lab. Sets up what it needs and is missing; says nothing when all is there.
import { runCli } from './cli.mjs';
import { stepsFor } from './setup.mjs';
import { runSteps, script } from './steps.mjs';

await script(async () => {
  const args = process.argv.slice(2);
  await runSteps(stepsFor(args), { quiet: true });
  await runCli(args);
});
