/**
 * For tests of runs that are done in pieces: that a piece goes on from the checkpoint of the one before, not afresh.
 */
import { expect } from 'vitest';
import type { TrainingEvent } from '../../src/training/events';

/**
 * To be told the events of all pieces of one run; each piece must begin at the step after the last one that was done.
 */
export function expectToGoOn(): (event: TrainingEvent) => void {
  let stepsDone = 0;
  return (event) => {
    if (event.type === 'start') expect(event.firstStep).toBe(stepsDone);
    if (event.type === 'step') stepsDone = event.step + 1;
  };
}
