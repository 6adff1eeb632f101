/** What `sweep` does on Slurm: submit, status, cancel, and collect (the last by the job that depends on the others). */
import { projectRoot } from '../engine/places';
import { UserError } from '../engine/errors';
import type { ProfileName } from '../experiments/configuration';
import {
  cancelLaunch,
  collect,
  launches,
  queueStates,
  resultsOf,
  submitToSlurm,
  type LaunchRecord,
} from '../experiments/launchers/slurm';
import type { SlurmOptions } from '../experiments/launchers/slurmScripts';
import type { PlannedRun } from '../experiments/plan';
import { cliCommand } from './run';

export function submitPlan(
  name: string,
  profile: ProfileName,
  plan: readonly PlannedRun[],
  options: SlurmOptions,
  worker: readonly string[],
): number {
  const record = submitToSlurm({
    name,
    profile,
    plan,
    workerCommand: worker,
    collectCommand: [...cliCommand(), 'sweep', 'collect'],
    options,
  });
  const open = plan.filter(({ state }) => state !== 'done').length;
  console.log(`Submitted ${open} runs as job ${record.arrays.join(', ')}, collected by job ${record.collector}.`);
  console.log(`npm run sweep -- status ${name}   (cancel ${name} takes them back)`);
  return 0;
}

/** By the word on the command line. */
export const slurmActions = {
  status(name?: string): number {
    const records = launches(name);
    if (records.length === 0) console.log('Nothing was submitted to Slurm.');
    for (const record of records) console.log(statusLine(record));
    return 0;
  },
  cancel(name?: string): number {
    if (name === undefined) throw new UserError('cancel needs the name of a sweep.');
    const waiting = launches(name).filter((record) => queueStates(record).size > 0);
    if (waiting.length === 0) throw new UserError(`Nothing of "${name}" is in the queue.`);
    for (const record of waiting) {
      cancelLaunch(record);
      console.log(`Cancelled job ${record.arrays.join(', ')}. What is done is kept; submitting again goes on.`);
    }
    return 0;
  },
  /** Exit code 1 when runs are missing, so that the collecting job shows as failed. */
  collect(folder?: string): number {
    if (folder === undefined) throw new UserError('collect needs the folder of a launch.');
    const { done, missing } = collect(folder);
    console.log(`${done.length} runs done, ${missing.length} missing`);
    for (const id of missing) console.log(`  missing: ${id}`);
    return missing.length === 0 ? 0 : 1;
  },
} as const;

function statusLine(record: LaunchRecord): string {
  const { done, missing } = resultsOf(record.folder);
  const queue = [...queueStates(record)].map(([state, count]) => `${count} ${state.toLowerCase()}`);
  const when = record.submittedAt.slice(0, 16).replace('T', ' ');
  const logs = `${record.folder.replace(`${projectRoot()}/`, '')}/logs`;
  return (
    `${record.name} (${record.profile}), ${when} UTC: ${done.length} of ${done.length + missing.length} done; ` +
    `in the queue: ${queue.join(', ') || 'nothing'}; logs: ${logs}`
  );
}
