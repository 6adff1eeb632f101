/** The live panel: what it knows of a run, how often it draws, what it costs, and what is saved at the end. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { exportFigure } from '../../src/figures/export';
import { drawScript } from '../../src/notebook/figureHtml';
import { livePanel } from '../../src/notebook/live';
import { liveFigure, thinned } from '../../src/notebook/liveFigure';
import { initialState, statusLine, take, type LiveState } from '../../src/notebook/liveState';
import type { TrainingEvent } from '../../src/training/events';
import { fakeNotebook, saved } from './fakeNotebook';

const LAYERS = 12;

/** A made-up run under gradual unfreezing: a layer every 10 steps, tr(F) every 25, validation every 50. */
function* events(totalSteps: number, from = 0, to = totalSteps): Generator<TrainingEvent> {
  const openings = Array.from({ length: LAYERS }, (_, i) => ({ layer: LAYERS - 1 - i, step: 10 * i }));
  yield {
    type: 'start',
    totalSteps,
    layers: LAYERS,
    scheduleName: 'gradual',
    firstStep: from,
    openings: openings.filter(({ step }) => step < from),
  };
  for (let step = from; step < to; step++) {
    const opened = Math.min(LAYERS, Math.floor(step / 10) + 1);
    const open = Array.from({ length: opened }, (_, i) => LAYERS - opened + i);
    if (step % 10 === 0 && step < 10 * LAYERS) yield { type: 'unfreeze', step, layers: [open[0]!] };
    yield {
      type: 'step',
      step,
      loss: 2 / (1 + step),
      learningRate: 1e-4,
      gradNorm: 1,
      open,
      tokensPerSecond: 1234.5,
      secondsLeft: totalSteps - step,
    };
    if (step % 25 === 0) {
      const traces = Array.from({ length: LAYERS }, (_, layer) => ({
        layer,
        trace: layer + step,
        standardError: 0.1,
        trainable: open.includes(layer),
      }));
      yield { type: 'fisher', step, traces };
    }
    if (step % 50 === 49) yield { type: 'validation', step, metrics: { accuracy: step } };
  }
  yield to < totalSteps ? { type: 'interrupted', step: to } : { type: 'done', step: to, seconds: 75 };
}

const stateAfter = (given: Iterable<TrainingEvent>, state: LiveState = initialState()) => {
  for (const event of given) take(state, event);
  return state;
};

describe('what is known of a run', () => {
  test('losses, traces, validation and openings by step', () => {
    const state = stateAfter(events(100));
    expect(state).toMatchObject({ status: 'done', step: 100, totalSteps: 100, layers: LAYERS, seconds: 75 });
    expect(state.loss.steps).toHaveLength(100);
    expect(state.traces.get(3)).toEqual({ steps: [0, 25, 50, 75], values: [3, 28, 53, 78] });
    expect(state.validation.get('accuracy')).toEqual({ steps: [49, 99], values: [49, 99] });
    expect([...state.openedAt].slice(0, 3)).toEqual([
      [11, 0],
      [10, 10],
      [9, 20],
    ]);
  });

  test('an interrupted run goes on where it stopped; a new one starts empty', () => {
    const state = stateAfter(events(100, 0, 30));
    expect(statusLine(state)).toMatch(/^gradual: step 30 of 100 \(30%\) .* stopped; it can be resumed$/);
    expect(stateAfter(events(100, 30), state).loss.steps).toHaveLength(100);
    expect(stateAfter(events(100, 0, 5), state).loss.steps).toHaveLength(5);
  });

  test('a run that resumes from a checkpoint before its last steps shows each step once', () => {
    const lost = [...events(100, 0, 60)].slice(0, -1); // it ended in an error
    expect(stateAfter(events(100, 20), stateAfter(lost))).toEqual(stateAfter(events(100)));
  });

  test('the panel of a resumed run knows when the open layers were opened', () => {
    const openedAt = [11, 10, 9, 8].map((layer, i) => [layer, 10 * i] as const);
    expect(stateAfter(events(100, 35, 36)).openedAt).toEqual(new Map(openedAt));
  });

  test('a panel that begins in the middle of a run shows the open layers from there', () => {
    const [, ...afterStart] = events(100, 35, 36);
    expect(stateAfter(afterStart).openedAt).toEqual(new Map([8, 9, 10, 11].map((layer) => [layer, 35])));
  });

  test('in one line', () => {
    expect(statusLine(initialState())).toBe('waiting for the first step');
    const state = stateAfter([...events(200)].slice(0, -1));
    expect(statusLine(state)).toBe(
      'gradual: step 200 of 200 (100%) · loss 0.011 · accuracy 199 · 12 of 12 layers open · 1,235 tokens/s · 1 s left',
    );
  });
});

describe('the figure', () => {
  test('the strip has a bar from where each layer was opened to now', () => {
    const bars = liveFigure(stateAfter(events(100, 0, 15))).data.filter(({ type }) => type === 'bar');
    expect(bars[0]).toMatchObject({ base: Array(LAYERS).fill(0), x: Array(LAYERS).fill(15) });
    expect(bars[1]).toMatchObject({ base: [10, 0], x: [5, 15], y: [10, 11] });
  });

  test('can be drawn at any time, before the first step too', () => {
    for (const state of [initialState(), stateAfter(events(100, 0, 1)), stateAfter(events(100))]) {
      expect(exportFigure(liveFigure(state), { format: 'svg' }).length).toBeGreaterThan(2000);
    }
  });

  test('long curves are thinned to means of equal stretches', () => {
    const series = { steps: [0, 1, 2, 3, 4], values: [1, 3, 5, 7, 9] };
    expect(thinned(series, 5)).toEqual(series);
    expect(thinned(series, 3)).toEqual({ steps: [0.5, 2.5, 4], values: [2, 6, 9] });
  });
});

describe('in a notebook', () => {
  const notebook = fakeNotebook();
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('draws at most twice a second, in one place, and is saved as an ordinary figure', () => {
    const live = livePanel();
    const given = [...events(300)];
    const drawings = () => notebook.published.filter(({ data }) => data['text/html']?.startsWith('<script>')).length;
    given.slice(0, -1).forEach((event) => {
      live.update(event);
      vi.advanceTimersByTime(20);
    });
    const seconds = ((given.length - 1) * 20) / 1000;
    expect(drawings()).toBeLessThanOrEqual(2 * seconds + 1);
    expect(drawings()).toBeGreaterThan(1.8 * seconds - 1);
    live.update(given.at(-1)!);
    const outputs = saved(notebook.published);
    expect(outputs.map((data) => Object.keys(data).sort())).toEqual([
      ['image/png', 'text/html', 'text/plain'],
      ['text/html', 'text/plain'],
    ]);
    expect(outputs[1]!['text/plain']).toMatch(/^gradual: step 300 of 300 .* done in 75 s$/);
    expect(outputs[1]!['text/html']).not.toContain('<script>');
  });

  test('what it costs is under 2% of the run: under 10 ms a drawing, two drawings a second, with 20,000 steps behind it', () => {
    vi.useRealTimers();
    // Processor time, so that what else runs on the machine does not count.
    const milliseconds = (work: () => void): number => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const given = [...events(20_000, 0, 19_999)].slice(0, -1);
    const live = livePanel({ interval: 1e9 });
    expect(milliseconds(() => given.forEach((event) => live.update(event))) / given.length).toBeLessThan(0.1);
    const state = stateAfter(given);
    const draw = () => drawScript('live', liveFigure(state));
    for (let i = 0; i < 10; i++) draw(); // compiled by then, as in a run of minutes
    const each = milliseconds(() => Array.from({ length: 40 }, draw)) / 40;
    expect(each).toBeLessThan(10);
  });
});

test('in a log a line now and then, and the last state', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const live = livePanel();
  for (const event of events(300)) live.update(event);
  expect(log.mock.calls.length).toBe(2);
  expect(log.mock.calls.at(-1)![0]).toMatch(/done in 75 s$/);
  log.mockRestore();
});
