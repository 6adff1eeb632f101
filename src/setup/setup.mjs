// Everything that a run needs, as steps. Imports nothing that `npm ci` installs.
import { engineIsReady, engineIsUsable, setUpEngine, wantedEngine } from './engine.mjs';
import { fusedOpsAreSettled, setUpFusedOps } from './fused.mjs';
import { jupyterIsReady, setUpJupyter } from './jupyter.mjs';
import { modelIsReady, setUpModel } from './model.mjs';
import { installPackages, packagesAreReady } from './packages.mjs';

/** @type {Record<'packages' | 'engine' | 'fused' | 'model' | 'jupyter', import('./steps.mjs').Step>} */
export const setupSteps = {
  packages: { title: 'npm packages', ready: () => packagesAreReady(), make: () => installPackages() },
  engine: { title: 'engine', ready: () => engineIsReady(), make: (log) => setUpEngine(wantedEngine(), log) },
  fused: { title: 'fused operations', ready: () => fusedOpsAreSettled(), make: (log) => setUpFusedOps(log) },
  model: { title: 'embedded model', ready: () => modelIsReady(), make: (log) => setUpModel(log) },
  jupyter: { title: 'Jupyter environment', ready: () => jupyterIsReady(), make: (log) => setUpJupyter(log) },
};

const { packages, engine, fused, model, jupyter } = setupSteps;
const toCompute = [packages, { ...engine, ready: () => engineIsUsable() }, fused, model];

/** What looks at things only. The doctor among them: it says what is missing, so it must not need it. */
const onlyLooking = ['help', '--help', 'doctor', 'data', 'results', 'figures'];

/** What a command of the lab needs, from its name and arguments; without a name, the overview. */
export function stepsFor([command = 'help', ...rest]) {
  if (onlyLooking.includes(command) || rest.includes('--help')) return [packages];
  return command === 'lab' ? [...toCompute, jupyter] : toCompute;
}
