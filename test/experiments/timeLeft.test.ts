import { expect, test } from 'vitest';
import type { RunStatus } from '../../src/experiments/launchers/local';
import { configure } from '../../src/experiments/profiles';
import { secondsLeft } from '../../src/experiments/timeLeft';
import type { WorkerProgress } from '../../src/experiments/worker';

/** Twelve languages; an estimate of 2,000 s of training and 1,200 s of evaluation. */
const configuration = configure('small', { task: 'nli' });
const run = { id: 'a', configuration, state: 'new', seconds: 3200, evaluationSeconds: 1200 } as const;

const now = 5_000_000;
const waiting: RunStatus = { run, state: 'waiting', attempts: 0 };
const training = (step: number): WorkerProgress => ({ type: 'progress', phase: 'training', step, steps: 1000 });
const evaluating = (languagesLeft: number): WorkerProgress => ({
  ...training(1000),
  phase: 'evaluating',
  languagesLeft,
});
const running = (elapsed: number, began: WorkerProgress | undefined, progress: WorkerProgress): RunStatus => ({
  ...waiting,
  state: 'running',
  attempts: 1,
  startedAt: now - 1000 * elapsed,
  began,
  progress,
});
const left = (statuses: readonly RunStatus[], jobs = 1) => secondsLeft(statuses, jobs, now);

test('before anything is known, the estimates, shared by the jobs', () => {
  const done: RunStatus = { ...waiting, state: 'done' };
  expect(left([waiting, waiting, done], 2)).toBe(3200);
  const opening: WorkerProgress = { ...training(0), phase: 'opening' };
  expect(left([running(30, undefined, opening), waiting])).toBe(6400);
});

test('the pace so far scales what is left, the evaluation too', () => {
  // Half of the training was to take 1,000 s and took 2,060 (the trusted minute makes it the double exactly).
  expect(left([running(2060, training(0), training(500)), waiting])).toBeCloseTo(2 * (2200 + 3200), 6);
  // The training and a third of the evaluation, at the estimated pace.
  expect(left([running(2400, training(0), evaluating(8))])).toBeCloseTo(800, 6);
});

test('a run that goes on from a checkpoint: what an earlier session did tells nothing of the pace', () => {
  expect(left([running(100, training(900), training(950)), waiting])).toBeCloseTo(100 + 1200 + 3200, 6);
  const evaluated = { ...training(1000), languagesLeft: 4 };
  expect(left([running(100, evaluated, evaluating(3)), waiting])).toBeCloseTo(300 + 3200, 6);
  const finished: RunStatus = { ...waiting, state: 'done', attempts: 1, seconds: 1400, began: training(900) };
  expect(left([finished, waiting])).toBeCloseTo(3200, 6);
});

test('a run that evaluates no language', () => {
  const search = { ...configuration, evaluation: { ...configuration.evaluation, languages: [] } };
  const half = { ...running(1000, training(0), training(500)), run: { ...run, configuration: search } };
  expect(left([half])).toBeCloseTo(1000, 6);
});
