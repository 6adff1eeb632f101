/** How long a launch still takes: the estimates of its runs, at the pace that this launch has shown so far. */
import type { RunStatus } from './launchers/local';
import type { WorkerProgress } from './worker';

/** The estimates count as if they had held for so many seconds, so that the first steps of a launch decide little. */
const trustedSeconds = 60;

/** Seconds until all is done, with `jobs` runs at a time. */
export function secondsLeft(statuses: readonly RunStatus[], jobs: number, now: number = Date.now()): number {
  let took = trustedSeconds;
  let estimated = trustedSeconds;
  let left = 0;
  for (const status of statuses) {
    const { run, state, began, progress, startedAt = now, seconds } = status;
    if (state === 'done' && seconds !== undefined) {
      took += seconds;
      estimated += estimateOfRest(run, began);
    } else if (state === 'running') {
      const rest = estimateOfRest(run, progress);
      if (began !== undefined) {
        took += (now - startedAt) / 1000;
        estimated += estimateOfRest(run, began) - rest;
      }
      left += rest;
    } else if (state === 'waiting') {
      left += run.seconds;
    }
  }
  return (left * (took / estimated)) / jobs;
}

/** Seconds that the run takes from there, by its estimate; the whole, where it is not known yet how far it is. */
function estimateOfRest({ seconds, evaluationSeconds, configuration }: RunStatus['run'], at?: WorkerProgress): number {
  if (at === undefined || at.phase === 'opening') return seconds;
  const { languages } = configuration.evaluation;
  const training = (seconds - evaluationSeconds) * (1 - at.step / at.steps);
  // A search for settings evaluates no language.
  return training + evaluationSeconds * ((at.languagesLeft ?? languages.length) / Math.max(1, languages.length));
}
