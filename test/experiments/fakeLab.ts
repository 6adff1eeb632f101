/**
 * A lab without a model, for tests of the runner, sweeps and launchers: its "training" is a random walk that depends
 * on every step before it, its checkpoints hold the walk's state, and a resumed run must end where an uninterrupted one
 * does. `FUN_FAKE` sets its behaviour as JSON, so that worker processes can be told.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../src/engine/atomicFile';
import { randomStream, RandomStream, type RandomState } from '../../src/engine/random';
import type { RunConfiguration } from '../../src/experiments/configuration';
import { runId } from '../../src/experiments/configuration';
import { packBits, type LanguageEvaluation } from '../../src/experiments/result';
import type { RunnableLab } from '../../src/experiments/runner';
import { createSchedule, createUnfreezing, type ScheduleConfig } from '../../src/schedulers/index';
import type { TrainingEvent } from '../../src/training/events';

export interface FakeBehaviour {
  readonly stepMs?: number;
  readonly checkpointEvery?: number;
  /** Appends "ID PID step" for each step done: what was computed, by whom. */
  readonly workLog?: string;
  /** Seeds whose runs fail at step 3: always, or only when there is no checkpoint or log of an earlier try. */
  readonly failSeeds?: readonly number[];
  readonly failOnceSeeds?: readonly number[];
  /** Seeds whose process is killed at step 3, as by a system that is out of memory. */
  readonly killSeeds?: readonly number[];
  /** Seeds whose launcher is killed during step 3, which is synchronous and long, as a real one is. */
  readonly killLauncherSeeds?: readonly number[];
}

interface Saved {
  readonly step: number;
  readonly walk: number;
  readonly random: RandomState;
}

const layers = 4;

export async function openFakeLab(
  configuration: RunConfiguration,
  behaviour: FakeBehaviour = JSON.parse(process.env.FUN_FAKE ?? '{}') as FakeBehaviour,
): Promise<RunnableLab> {
  let walk = 0;
  return {
    engine: { line: 'no engine (fake)', threads: 1, precision: configuration.precision },
    modelSource: 'fake',
    layers,
    data: [],
    train({ checkpointFolder }) {
      const abort = new AbortController();
      const stream = trainFake(configuration, behaviour, checkpointFolder, abort.signal, (end) => (walk = end));
      return Object.assign(stream, { stop: () => abort.abort() });
    },
    async *evaluate(languages) {
      for (const language of languages) {
        const random = randomStream(Math.round(walk * 1e6), language);
        const right = Array.from({ length: 20 }, () => random.uniform() < 0.6);
        yield {
          language,
          dataset: 'fake',
          split: 'test',
          examples: right.length,
          source: 'fake',
          metrics: { accuracy: (100 * right.filter(Boolean).length) / right.length },
          correct: packBits(right),
        } satisfies LanguageEvaluation;
      }
    },
    save: (folder, result) => writeWhole(join(folder, 'saved.json'), result.id),
    close: () => undefined,
  };
}

async function* trainFake(
  configuration: RunConfiguration,
  behaviour: FakeBehaviour,
  folder: string,
  signal: AbortSignal,
  finished: (walk: number) => void,
): AsyncGenerator<TrainingEvent> {
  const {
    stepMs = 0,
    checkpointEvery = 5,
    workLog,
    failSeeds = [],
    failOnceSeeds = [],
    killSeeds = [],
    killLauncherSeeds = [],
  } = behaviour;
  const { steps, seed, schedule, trackFisher, validation, optimiser } = configuration;
  const path = join(folder, 'fake.json');
  const hasTried = existsSync(join(folder, 'tried'));
  const saved: Saved = existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Saved)
    : { step: 0, walk: 0, random: randomStream(seed, 'fake').state() };
  let walk = saved.walk;
  const random = new RandomStream(saved.random);
  const unfreezing = createUnfreezing({
    schedule: createSchedule(schedule as ScheduleConfig, layers),
    layers,
    timing: 'paper',
  });
  const scoresAt = (step: number) =>
    unfreezing.frozenLayers.map((layer) => ({ layer, trace: ((step + 1) * (layer + 2)) % 7, standardError: 0.1 }));
  const save = (step: number): TrainingEvent => {
    writeFileSync(`${path}.tmp`, JSON.stringify({ step, walk, random: random.state() } satisfies Saved));
    renameSync(`${path}.tmp`, path);
    return { type: 'checkpoint', step, path };
  };
  const open = (step: number): TrainingEvent | undefined => {
    const scores = unfreezing.needsFisherAt(step) ? scoresAt(step) : undefined;
    const { opened } = unfreezing.open(step, {
      fisherTrace: scores && new Map(scores.map(({ layer, trace }) => [layer, trace])),
      random: () => 0.5,
    });
    return opened.length > 0 ? { type: 'unfreeze', step, layers: opened, scores } : undefined;
  };
  for (let step = 0; step < saved.step; step += 1) open(step);
  const { openings } = unfreezing;
  yield { type: 'start', totalSteps: steps, layers, scheduleName: schedule.name, firstStep: saved.step, openings };
  for (let step = saved.step; step < steps; step += 1) {
    if (signal.aborted) {
      yield save(step);
      yield { type: 'interrupted', step };
      return;
    }
    const opening = open(step);
    if (opening) yield opening;
    if (trackFisher && step % trackFisher.every === 0) {
      const openLayers = unfreezing.openLayers;
      const traces = Array.from({ length: layers }, (_, layer) => ({
        layer,
        trace: 1 + layer / (step + 1),
        standardError: 0.1,
        trainable: openLayers.includes(layer),
      }));
      yield { type: 'fisher', step, traces };
    }
    await new Promise((resolve) => setTimeout(resolve, stepMs));
    if (step === 3 && (failSeeds.includes(seed) || (failOnceSeeds.includes(seed) && !hasTried))) {
      writeFileSync(join(folder, 'tried'), '');
      throw new Error(`the fake run with seed ${seed} fails`);
    }
    if (step === 3 && killSeeds.includes(seed)) process.kill(process.pid, 'SIGKILL');
    if (step === 3 && killLauncherSeeds.includes(seed)) {
      process.kill(process.ppid, 'SIGKILL');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    }
    walk = 0.9 * walk + random.normal();
    if (workLog) appendFileSync(workLog, `${runId(configuration)} ${process.pid} ${step}\n`);
    const event = { loss: walk, learningRate: optimiser.learningRate, gradNorm: Math.abs(walk) };
    yield {
      type: 'step',
      step,
      ...event,
      open: unfreezing.openLayers,
      tokensPerSecond: 1000,
      secondsLeft: ((steps - step) * stepMs) / 1000,
    };
    if ((step + 1) % validation.every === 0) yield { type: 'validation', step: step + 1, metrics: { accuracy: 50 } };
    if ((step + 1) % checkpointEvery === 0 || step + 1 === steps) yield save(step + 1);
  }
  finished(walk);
  yield { type: 'done', step: steps, seconds: 0 };
}
