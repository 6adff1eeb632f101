/**
 * The runs of a sweep in this process, one after the other: what notebooks and `npm start` do. Artefacts are reused.
 */
import { oneOf, refuseUnknownKeys, shown, UserError } from '../engine/errors';
import { profileNames, runId, type ProfileName, type RunConfiguration } from './configuration';
import type { RunResult } from './result';
import { executeRun, type RunEvent } from './runner';
import type { SharedBase } from './openBase';
import { openSession } from './session';
import { changesBase, shareBase } from './sharedBases';
import { openStore, type ResultsStore } from './store';
import { expandSweep, type Sweep } from './sweep';

export interface RunHereOptions {
  /** Default: the sweep's own. */
  readonly profile?: ProfileName;
  readonly store?: ResultsStore;
  /** Hears of every event of every run, and of runs whose result was there. */
  readonly onEvent?: (event: RunEvent | { readonly type: 'present' }, run: RunConfiguration) => void;
  /** Stops after the current step; calling again goes on from there. */
  readonly signal?: AbortSignal;
}

/** The results of all runs of the sweep, computing those that are missing. Fewer when it was stopped. */
export async function runHere(sweep: Sweep, options: RunHereOptions = {}): Promise<RunResult[]> {
  refuseUnknownKeys('runHere', options, ['profile', 'store', 'onEvent', 'signal']);
  if (typeof sweep?.runs !== 'function') {
    throw new UserError(`runHere takes a sweep, as in runHere(findSweep('nli-schedules')); given was ${shown(sweep)}.`);
  }
  const { profile = sweep.profile, store = openStore(), onEvent = () => undefined, signal } = options;
  const results: RunResult[] = [];
  let shared: { base: SharedBase; key: string } | undefined;
  const closeShared = () => {
    shared?.base.close();
    shared = undefined;
  };
  /** Consecutive runs of the same base model share it; it is let go before another one is opened. */
  const openLab = async (configuration: RunConfiguration) => {
    const key = changesBase(configuration) ? undefined : `${configuration.model} ${configuration.precision}`;
    if (shared?.key !== key) closeShared();
    if (key !== undefined) shared ??= { base: await shareBase(configuration), key };
    return openSession(configuration, shared?.base);
  };
  try {
    const configurations = expandSweep(sweep, oneOf('Profile', profile, profileNames));
    for (const configuration of configurations) {
      const outcome = await executeRun(configuration, {
        openLab,
        store,
        others: configurations,
        onEvent: (event) => onEvent(event, configuration),
        ...(signal === undefined ? {} : { signal }),
      });
      switch (outcome.state) {
        case 'present':
          onEvent({ type: 'present' }, configuration);
          results.push(outcome.result);
          break;
        case 'done':
          results.push(outcome.result);
          break;
        case 'interrupted':
          return results;
        case 'busy':
          throw new UserError(
            `${runId(configuration)} is being computed by process ${outcome.owner.pid} on ${outcome.owner.host}. ` +
              `Wait for it, or stop it, and call again.`,
          );
      }
    }
  } finally {
    closeShared();
  }
  return results;
}
