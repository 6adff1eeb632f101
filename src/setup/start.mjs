// npm start: sets up what is missing, then runs the main job.
import { runCli } from './cli.mjs';
import { setupSteps } from './setup.mjs';
import { runSteps, script } from './steps.mjs';

await script(async () => {
  await runSteps(Object.values(setupSteps), { log: console.log });
  await runCli(['first-light', ...process.argv.slice(2)]);
});
