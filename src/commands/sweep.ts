/** Many runs: on this machine in several processes, or as a job array on a Slurm cluster. */
import { join } from 'node:path';
import { requireFolder } from '../engine/atomicFile';
import { oneOf, UserError, wholeNumber } from '../engine/errors';
import { profileNames } from '../experiments/configuration';
import { checkNames } from '../experiments/checkNames';
import { sweeps } from '../experiments/definitions/index';
import { counts, failures, launchLines, liveLines, planLines } from '../experiments/display';
import { launchLocally } from '../experiments/launchers/local';
import { faultsOf, planRuns, type PlannedRun } from '../experiments/plan';
import { isSavedRun } from '../experiments/savedRun';
import { makeRunFolders } from '../experiments/runFolders';
import { openStore } from '../experiments/store';
import { expandSweep, sweepWith } from '../experiments/sweep';
import { changeOptions, changesOf } from './changes';
import { withInterrupt } from './interrupt';
import { namedSweep } from './namedSweep';
import { workerCommand } from './run';
import { slurmActions, submitPlan } from './slurmActions';
import { allowOnly, UsageError, type Arguments, type Command } from './command';

export const sweep: Command = {
  summary: 'Does every run of a sweep that is not done; without a name, lists the sweeps. FILE: one of your own',
  positionals: '[NAME | FILE | status [NAME] | cancel NAME]',
  most: 2,
  options: {
    profile: { value: 'NAME', help: `${profileNames.join(', ')} (default: the sweep's own)` },
    ...changeOptions,
    jobs: { value: 'N', help: 'runs at a time (default: 1)' },
    only: {
      value: 'TEXT,…',
      help: 'the runs with one of these in their name, as in standard-s1,fun16 (see --dry-run)',
    },
    save: { value: 'FOLDER', help: 'save what each run trains there, in a folder of its name' },
    'dry-run': { help: 'print the runs, their estimated time and what is done' },
    launcher: { value: 'NAME', help: 'local, slurm (default: local)' },
    partition: { value: 'NAME', help: 'slurm: where to run' },
    time: { value: 'LIMIT', help: 'slurm: limit of one run, as in 04:00:00; a run that needs more goes on by itself' },
    cpus: { value: 'N', help: 'slurm: cores a run (default: 2)' },
    memory: { value: 'SIZE', help: 'slurm: memory a run, as in 8G' },
    gpus: { value: 'N', help: 'slurm: GPUs a run (default: 0)' },
  },
  async run(args) {
    const [name, argument] = args.positionals;
    if (name === undefined) {
      allowOnly(args, 'sweep without a name', []);
      console.log(sweeps.map((one) => `  ${one.name.padEnd(20)}${one.profile.padEnd(8)}${one.title}`).join('\n'));
      return 0;
    }
    if (Object.hasOwn(slurmActions, name)) {
      allowOnly(args, `sweep ${name}`, []);
      return slurmActions[name as keyof typeof slurmActions](argument);
    }
    if (argument !== undefined) throw new UsageError(`sweep takes one name; "${argument}" is one too many.`);
    const definition = sweepWith(await namedSweep(name), changesOf(args));
    const launcher = oneOf('launcher', args.text('launcher') ?? 'local', ['local', 'slurm']);
    if (launcher === 'local') allowOnly(args, 'sweep without --launcher slurm', localOptions);
    const profile = oneOf('profile', args.text('profile') ?? definition.profile, profileNames);
    const jobs = wholeNumber('--jobs', args.number('jobs') ?? 1);
    const store = openStore();
    const plan = narrowed(planRuns(expandSweep(definition, profile), store), args.text('only'));
    for (const { configuration, state } of plan) if (state !== 'done') checkNames(configuration);
    if (args.given('dry-run')) {
      console.log(planLines(plan, jobs).join('\n'));
      return 0;
    }
    const faults = faultsOf(plan);
    if (faults.length > 0) throw new UserError(faults.join('\n'));
    if (plan.some(({ state }) => state !== 'done')) makeRunFolders(profile, store);
    const save = args.text('save');
    if (save !== undefined) {
      requireFolder(save);
      tellUnsaved(plan, save);
    }
    const worker = workerCommand(save);
    return launcher === 'local'
      ? doLocally(definition.name, plan, jobs, worker)
      : submitPlan(definition.name, profile, plan, slurmOptions(args), worker);
  },
};

const localOptions = ['profile', ...Object.keys(changeOptions), 'jobs', 'only', 'save', 'dry-run', 'launcher'];

/**
 * The runs whose names contain one of the texts, separated by commas; without texts, all.
 *
 * @throws UserError that names the texts which no run has: one mistyped would leave out runs unseen.
 */
function narrowed(plan: readonly PlannedRun[], texts: string | undefined): readonly PlannedRun[] {
  if (texts === undefined) return plan;
  const wanted = texts.split(',').filter((text) => text !== '');
  const unmatched = wanted.filter((text) => !plan.some(({ id }) => id.includes(text)));
  if (wanted.length > 0 && unmatched.length === 0) {
    return plan.filter(({ id }) => wanted.some((text) => id.includes(text)));
  }
  const names = plan.map(({ id }) => `  ${id}`).join('\n');
  throw new UserError(`No run has "${unmatched.join('" or "')}" in its name. The runs are:\n${names}`);
}

/** Of runs that are done, the results are kept, and not what was trained. */
function tellUnsaved(plan: readonly PlannedRun[], save: string): void {
  const unsaved = plan.filter(({ state, id }) => state === 'done' && !isSavedRun(join(save, id)));
  if (unsaved.length === 0) return;
  console.log(`Done already, and not in ${save} (to have them there, move their results away and repeat the command):`);
  for (const { id } of unsaved) console.log(`  ${id}`);
}

/** 0 when every run is done, 1 when some are not, 130 after Ctrl-C. */
async function doLocally(
  name: string,
  plan: readonly PlannedRun[],
  jobs: number,
  worker: readonly string[],
): Promise<number> {
  const live = liveLines(process.stderr);
  return withInterrupt(async (signal) => {
    const { statuses } = await launchLocally({
      plan,
      jobs,
      workerCommand: worker,
      name,
      onChange: (state) => live.show(launchLines(state)),
      signal,
    });
    live.end();
    console.log(counts(statuses));
    for (const failure of failures(statuses)) console.log(failure);
    if (signal.aborted) console.log('Stopped. The same command goes on from here.');
    if (signal.aborted) return 130;
    return statuses.every(({ state }) => state === 'done') ? 0 : 1;
  });
}

function slurmOptions(args: Arguments) {
  return {
    jobsAtATime: args.number('jobs'),
    partition: args.text('partition'),
    time: args.text('time'),
    cpus: args.number('cpus'),
    memory: args.text('memory'),
    gpus: args.number('gpus'),
  };
}
