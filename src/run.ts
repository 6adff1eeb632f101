/**
 * A run as a notebook holds it: a stream of events that can be stopped, left, resumed and started again at any point,
 * and a model to evaluate in between. Whatever computes with the model takes its turn, so that nothing runs beside a step.
 */
import { UserError } from './engine/errors';
import { codeVersion } from './experiments/codeVersion';
import { runId, type RunConfiguration } from './experiments/configuration';
import {
  estimatorRows,
  layerParameters,
  probeBatches,
  type EstimateOptions,
  type ProbeOptions,
} from './experiments/estimates';
import type { JournalEntry } from './experiments/journal';
import { gatherCost, gatherLogs } from './experiments/logs';
import { resultFormat, type LanguageEvaluation, type RunResult } from './experiments/result';
import { resultRows, type ResultRows } from './experiments/rows';
import type { TrainingStream } from './experiments/runner';
import { openSession, type Session, type SharedBase } from './experiments/session';
import type { EstimatorRow } from './figures/rows';
import type { FisherBatch } from './fisher/trace';
import type { AdapterModel } from './models/adapterModel';
import { cellSignal } from './notebook/interrupt';
import type { Parameter } from './nn/parameter';
import type { Schedule } from './schedulers/schedule';
import { hasCheckpoint, removeCheckpoints } from './training/checkpoint';
import type { TrainingEvent } from './training/events';

/** What a lab gives each of its runs. */
export interface LabOfRun {
  /** The lab's base model. @throws UserError when the lab is closed. */
  readonly base: () => SharedBase;
  /** Tells the run from others of this process. */
  readonly number: number;
  /** Of the run alone; checkpoints go there. */
  readonly folder: string;
}

/** A loop over the run. */
interface Loop {
  readonly stream: TrainingStream;
  /** The next event, once whatever computes with the model is done; none when another loop has begun since. */
  readonly next: () => Promise<IteratorResult<TrainingEvent, undefined>>;
}

/** A run: iterate it to train; iterate `resume()` to go on after an interrupt. */
export class Run implements AsyncIterable<TrainingEvent> {
  private session: Session | undefined;
  /** What results say of the session; kept when it is closed. */
  private facts: Pick<Session, 'engine' | 'modelSource' | 'layers' | 'data'> | undefined;
  private readonly journal: JournalEntry[] = [];
  private evaluations: LanguageEvaluation[] = [];
  private lastTurn: Promise<unknown> = Promise.resolve();
  private turns = 0;
  /** Ends the loop over the run that was left open or is at its last step, if there is one. */
  private endLoop: () => Promise<void> = () => Promise.resolve();

  constructor(
    readonly configuration: RunConfiguration,
    private readonly schedule: Schedule | undefined,
    private readonly lab: LabOfRun,
  ) {}

  /**
   * Names the settings. With a schedule of one's own its name and the run's number are in it, as nothing else tells it
   * from another one of that name.
   */
  get id(): string {
    const id = runId(this.configuration);
    const { name } = this.configuration.schedule;
    if (this.schedule === undefined || this.schedule.name === name) return id;
    return `${id.replace(name, this.schedule.name)}-${this.lab.number}`;
  }

  /** The trained model. */
  get model(): AdapterModel {
    return this.opened().model;
  }

  /**
   * Trains from the beginning. The Stop button ends it after the current step, with a checkpoint to resume from; so does
   * leaving the loop by `break` or an error.
   */
  [Symbol.asyncIterator](): AsyncIterator<TrainingEvent> {
    return this.follow('afresh');
  }

  /** Goes on where the run was stopped. */
  resume(): AsyncIterable<TrainingEvent> {
    return { [Symbol.asyncIterator]: () => this.follow('resume') };
  }

  /**
   * Scores the best state by English validation so far (or the last, as configured) in these languages (or this one).
   * Between two events of the run too.
   */
  async evaluate(
    languages: string | readonly string[] = this.configuration.evaluation.languages,
  ): Promise<LanguageEvaluation[]> {
    const wanted = typeof languages === 'string' ? [languages] : languages;
    const signal = cellSignal();
    return this.inTurn(async () => {
      const scores: LanguageEvaluation[] = [];
      for await (const score of this.opened().evaluate(wanted)) {
        scores.push(score);
        if (signal.aborted && scores.length < wanted.length) {
          throw new UserError(`Stopped after ${scores.length} of ${wanted.length} languages.`);
        }
      }
      this.evaluations = [...this.evaluations.filter(({ language }) => !wanted.includes(language)), ...scores];
      return scores;
    });
  }

  /**
   * What estimators of tr(F) say about the model as it is now, on the run's probe set: one row an estimator and layer.
   * Between two events of the run too.
   *
   * @throws UserError while an evaluation or a step is under way: the weights may be those of another state then.
   */
  estimate(options: EstimateOptions): EstimatorRow[] {
    if (this.turns > 0) throw new UserError('Something else computes with this model; await it first, then estimate.');
    const { schedule, seed } = this.configuration;
    const labels = { runId: this.id, schedule: this.schedule?.name ?? schedule.name, seed, step: this.stepsDone() };
    return estimatorRows(this.opened(), labels, options);
  }

  /** Batches of the probe set, for analyses beyond the trace (`fun.fisher`). */
  probe(options: ProbeOptions): FisherBatch[] {
    return probeBatches(this.opened(), options);
  }

  /** The parameters of one layer's adapter (or of all layers'), for the same. */
  layerParameters(layer?: number): Parameter[] {
    return layerParameters(this.opened(), layer);
  }

  /** What the run gave so far, in the form that results have. Also after `close`. */
  result(): RunResult {
    if (this.facts === undefined) throw notStarted();
    const named =
      this.schedule === undefined ? {} : { schedule: { ...this.configuration.schedule, name: this.schedule.name } };
    return {
      format: resultFormat,
      id: this.id,
      configuration: { ...this.configuration, ...named } as RunConfiguration,
      code: codeVersion(),
      ...this.facts,
      logs: gatherLogs(this.journal),
      evaluation: this.evaluations,
      cost: gatherCost(this.journal),
    };
  }

  /** The same as plain rows, for figures, arquero, danfojs or CSV. */
  rows(): ResultRows {
    return resultRows([this.result()]);
  }

  /** Frees the model of the run and its checkpoints, after the current step. Iterating it again starts it afresh. */
  async close(): Promise<void> {
    try {
      await this.endLoop();
    } finally {
      await this.inTurn(() => this.discard());
    }
  }

  private stepsDone(): number {
    return this.journal.reduce((done, entry) => {
      return entry.type === 'event' && entry.event.type === 'step' ? entry.event.step + 1 : done;
    }, 0);
  }

  private opened(): Session {
    this.lab.base(); // a closed lab says so
    if (this.session === undefined) throw notStarted();
    return this.session;
  }

  private async *follow(how: 'afresh' | 'resume'): AsyncGenerator<TrainingEvent> {
    const signal = cellSignal();
    await this.endLoop();
    const { stream, next } = await this.inTurn(() => this.begin(how));
    const stop = () => stream.stop();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        const event = await next();
        if (event.done) return;
        yield event.value;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      while (!(await next()).done);
    }
  }

  private async begin(how: 'afresh' | 'resume'): Promise<Loop> {
    const session = await this.openSession(how);
    const stream = session.train({
      checkpointFolder: this.lab.folder,
      ...(this.schedule === undefined ? {} : { schedule: this.schedule }),
    });
    const started = performance.now();
    this.journal.push({ type: 'session', at: 0, startedAt: new Date().toISOString(), commit: null, host: 'notebook' });
    const events = stream[Symbol.asyncIterator]();
    const next = (): ReturnType<Loop['next']> =>
      this.inTurn(async () => {
        if (this.session !== session) return { done: true, value: undefined };
        const event = await events.next();
        if (event.done) return { done: true, value: undefined };
        this.record(event.value, (performance.now() - started) / 1000);
        return event;
      });
    this.endLoop = async () => {
      stream.stop();
      while (!(await next()).done);
    };
    return { stream, next };
  }

  private record(event: TrainingEvent, at: number): void {
    if (event.type === 'step') this.evaluations = []; // they were of an earlier state
    this.journal.push({ type: 'event', at, event, rssBytes: process.memoryUsage().rss });
  }

  /** A run that failed before its first checkpoint has trained weights and nothing to go on from: it starts afresh, too. */
  private async openSession(how: 'afresh' | 'resume'): Promise<Session> {
    const base = this.lab.base();
    if (how === 'afresh' || !hasCheckpoint(this.lab.folder)) {
      await this.discard();
      this.journal.length = 0;
      this.evaluations = [];
    }
    this.session ??= await openSession(this.configuration, base);
    const { engine, modelSource, layers, data } = this.session;
    this.facts = { engine, modelSource, layers, data };
    return this.session;
  }

  private async discard(): Promise<void> {
    await this.session?.close();
    this.session = undefined;
    removeCheckpoints(this.lab.folder);
  }

  /** After whatever computes with the model already. */
  private async inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.lastTurn;
    let end!: () => void;
    this.lastTurn = new Promise<void>((resolve) => (end = resolve));
    this.turns += 1;
    try {
      await before;
      return await work();
    } finally {
      this.turns -= 1;
      end();
    }
  }
}

const notStarted = () => new UserError('This run has not started: iterate it first (for await …).');
