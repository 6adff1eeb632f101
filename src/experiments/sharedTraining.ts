/**
 * One training for several runs: XQuAD and MLQA are two tests of one training on SQuAD (§5.1). A run that is through
 * leaves its training, journal and last checkpoint, to a run of the same list that has the same one, and that run
 * begins where its training ends.
 */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { removeOlderCheckpoints } from '../training/checkpoint';
import { runId, trainingId, type RunConfiguration } from './configuration';
import { checkpointFolder, writeJournal, type Journal } from './journal';
import type { ResultsStore } from './store';

/** Whether the two are one training, with other tests. */
export function sharesTraining(a: RunConfiguration, b: RunConfiguration): boolean {
  return trainingId(a) === trainingId(b) && runId(a) !== runId(b);
}

/** Those whose training is that of an earlier one of the list. */
export function followers(configurations: readonly RunConfiguration[]): ReadonlySet<RunConfiguration> {
  const trainings = new Set<string>();
  return new Set(
    configurations.filter((configuration) => {
      const before = trainings.size;
      return trainings.add(trainingId(configuration)).size === before;
    }),
  );
}

/** Whether a run left a training that this one can begin with. */
export const isLeft = (runs: string, configuration: RunConfiguration) => existsSync(leftFolder(runs, configuration));

/** Makes the training that another run left, if there is one, that of the run in `folder`, unless it has begun. */
export function takeTraining(folder: string, runs: string, configuration: RunConfiguration): void {
  const left = leftFolder(runs, configuration);
  if (existsSync(folder) || !existsSync(left)) return;
  try {
    renameSync(left, folder);
  } catch (error) {
    // Another run was faster.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/**
 * Leaves the training of a run whose result is written to one of the others. False when none of them waits for it, or
 * when the same training lies there already; the folder is then as it was, or to be removed.
 */
export function leaveTraining(
  folder: string,
  { entries }: Journal,
  configuration: RunConfiguration,
  { runs, others, store }: { runs: string; others: readonly RunConfiguration[]; store: ResultsStore },
): boolean {
  const isWaitedFor = others.some((other) => sharesTraining(other, configuration) && !store.has(other));
  const left = leftFolder(runs, configuration);
  if (!isWaitedFor || existsSync(left)) return false;
  const training = entries.filter(({ type }) => type !== 'evaluation' && type !== 'trainedBy');
  writeJournal(folder, [...training, { type: 'trainedBy', at: 0, run: trainerOf(entries) ?? runId(configuration) }]);
  removeOlderCheckpoints(checkpointFolder(folder));
  try {
    renameSync(folder, left);
    return true;
  } catch (error) {
    // Another run left the same at this moment.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    return false;
  }
}

/** The run that did the training which the journal tells of, where that is another one. */
export function trainerOf(entries: Journal['entries']): string | undefined {
  return entries.flatMap((entry) => (entry.type === 'trainedBy' ? [entry.run] : [])).at(-1);
}

const leftFolder = (runs: string, configuration: RunConfiguration) =>
  join(runs, configuration.profile, `trained-${trainingId(configuration)}`);
