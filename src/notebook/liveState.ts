/** What is known of a run while it trains: the sum of its events so far. */
import { formatDuration } from '../engine/formatDuration';
import type { TrainingEvent } from '../training/events';

/** Values at ascending steps. */
export interface Series {
  readonly steps: number[];
  readonly values: number[];
}

export interface LiveState {
  status: 'waiting' | 'running' | 'interrupted' | 'done';
  scheduleName: string;
  totalSteps: number;
  layers: number;
  /** Optimiser steps done. */
  step: number;
  learningRate: number;
  tokensPerSecond: number;
  secondsLeft: number;
  /** Training time; known at the end. */
  seconds: number;
  readonly loss: Series;
  /** tr(F) by layer. */
  readonly traces: Map<number, Series>;
  /** English validation by metric. */
  readonly validation: Map<string, Series>;
  /** The step at which each layer was opened. */
  readonly openedAt: Map<number, number>;
}

export function initialState(): LiveState {
  return {
    status: 'waiting',
    scheduleName: '',
    totalSteps: 0,
    layers: 0,
    step: 0,
    learningRate: 0,
    tokensPerSecond: 0,
    secondsLeft: Infinity,
    seconds: 0,
    loss: { steps: [], values: [] },
    traces: new Map(),
    validation: new Map(),
    openedAt: new Map(),
  };
}

/** Takes one event in. A run that goes on after an interrupt goes on in the same state. */
export function take(state: LiveState, event: TrainingEvent): void {
  switch (event.type) {
    case 'start': {
      // From the beginning: nothing of an earlier run is kept.
      if (event.firstStep === 0) Object.assign(state, initialState());
      const { totalSteps, layers, scheduleName, firstStep, openings } = event;
      Object.assign(state, { status: 'running', totalSteps, layers, scheduleName, step: firstStep });
      for (const { layer, step } of openings) open(state, layer, step);
      return;
    }
    case 'unfreeze':
      for (const layer of event.layers) open(state, layer, event.step);
      return;
    case 'step': {
      const { step, loss, learningRate, tokensPerSecond, secondsLeft } = event;
      push(state.loss, step, loss);
      // A panel that begins in the middle of a run has not seen its earlier openings.
      for (const layer of event.open) open(state, layer, step);
      Object.assign(state, { step: step + 1, learningRate, tokensPerSecond, secondsLeft });
      return;
    }
    case 'fisher':
      for (const { layer, trace } of event.traces) push(seriesOf(state.traces, layer), event.step, trace);
      return;
    case 'validation':
      for (const [name, value] of Object.entries(event.metrics)) {
        push(seriesOf(state.validation, name), event.step, value);
      }
      return;
    case 'checkpoint':
      return;
    case 'interrupted':
      Object.assign(state, { status: 'interrupted', step: event.step });
      return;
    case 'done':
      Object.assign(state, { status: 'done', step: event.step, seconds: event.seconds, secondsLeft: 0 });
      return;
  }
}

function open(state: LiveState, layer: number, step: number): void {
  if (!state.openedAt.has(layer)) state.openedAt.set(layer, step);
}

function seriesOf<Key>(all: Map<Key, Series>, key: Key): Series {
  const known = all.get(key) ?? { steps: [], values: [] };
  all.set(key, known);
  return known;
}

/** Steps that are done again, after a resume from an earlier checkpoint, take the place of what they were. */
function push({ steps, values }: Series, step: number, value: number): void {
  while (steps.length > 0 && steps.at(-1)! >= step) [steps, values].forEach((list) => list.pop());
  steps.push(step);
  values.push(value);
}

/** The state in one line: for a terminal, and for pages that show text only. */
export function statusLine(state: LiveState): string {
  const { status, scheduleName, step, totalSteps } = state;
  if (status === 'waiting') return 'waiting for the first step';
  const share = totalSteps > 0 ? ` (${Math.floor((100 * step) / totalSteps)}%)` : '';
  const parts = [`${scheduleName}: step ${step} of ${totalSteps}${share}`];
  const loss = state.loss.values.slice(-20);
  if (loss.length > 0) parts.push(`loss ${(loss.reduce((sum, value) => sum + value, 0) / loss.length).toFixed(3)}`);
  for (const [metric, { values }] of state.validation) parts.push(`${metric} ${Number(values.at(-1)!.toPrecision(3))}`);
  parts.push(`${state.openedAt.size} of ${state.layers} layers open`);
  if (state.tokensPerSecond > 0) parts.push(`${Math.round(state.tokensPerSecond).toLocaleString('en')} tokens/s`);
  if (status === 'running' && Number.isFinite(state.secondsLeft))
    parts.push(`${formatDuration(state.secondsLeft)} left`);
  if (status === 'done') parts.push(`done in ${formatDuration(state.seconds)}`);
  if (status === 'interrupted') parts.push('stopped; it can be resumed');
  return parts.join(' · ');
}
