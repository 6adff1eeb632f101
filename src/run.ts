/**
 * A run as a notebook holds it: a stream of events that can be stopped, left, resumed and started again at any point,
 * and a model to evaluate in between.
 */
import { UserError } from './engine/errors';
import { EvaluableRun } from './evaluableRun';
import { codeVersion } from './experiments/codeVersion';
import { runId, type RunConfiguration } from './experiments/configuration';
import { inputsOf, type Inputs } from './experiments/inputs';
import type { JournalEntry } from './experiments/journal';
import { gatherCost, gatherLogs } from './experiments/logs';
import { resultFormat, type RunResult } from './experiments/result';
import type { SharedBase } from './experiments/openBase';
import type { TrainingStream } from './experiments/runner';
import { openSession, type Session } from './experiments/session';
import { cellSignal } from './notebook/interrupt';
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
export class Run extends EvaluableRun implements AsyncIterable<TrainingEvent> {
  private session: Session | undefined;
  /** What results say of the session; kept when it is closed. */
  private facts: (Pick<Session, 'engine' | 'layers'> & Inputs) | undefined;
  private readonly journal: JournalEntry[] = [];
  /** The stream of a loop over the run that is not at its end. */
  private training: TrainingStream | undefined;
  /** The step whose state the model has, where it is not the last one. */
  private stepOfBest: number | undefined;
  /** Ends the loop over the run that was left open or is at its last step, if there is one. */
  private endLoop: () => Promise<void> = () => Promise.resolve();

  constructor(
    readonly configuration: RunConfiguration,
    /** One's own, in place of the configured one, which stands for it in `configuration`. */
    private readonly ownSchedule: Schedule | undefined,
    private readonly lab: LabOfRun,
  ) {
    super();
  }

  /**
   * Names the settings. With a schedule of one's own its name and the run's number are in it, as nothing else tells it
   * from another one of that name.
   */
  get id(): string {
    const id = runId(this.described());
    return this.ownSchedule === undefined ? id : `${id}-${this.lab.number}`;
  }

  /**
   * Puts the best state by English validation so far into `model` (as `load_best_model_at_end` does elsewhere), so that
   * `saveAdapter(run.model, …)` saves what `evaluate` scores. `resume()` goes on from the last state all the same.
   *
   * @throws UserError while the run or an evaluation is under way, and when there was no validation yet.
   */
  useBest(): void {
    const session = this.opened();
    if (this.training !== undefined) {
      throw new UserError('The run is under way, and goes on from the state of its last step; leave its loop first.');
    }
    if (this.turns > 0) throw new UserError('Something else computes with this model; await it first.');
    this.stepOfBest = session.useBest();
  }

  /**
   * Trains from the beginning. The Stop button ends it after the current step, with a checkpoint to resume from; so
   * does leaving the loop by `break` or an error.
   */
  [Symbol.asyncIterator](): AsyncIterator<TrainingEvent> {
    return this.follow('afresh');
  }

  /** Goes on where the run was stopped. */
  resume(): AsyncIterable<TrainingEvent> {
    return { [Symbol.asyncIterator]: () => this.follow('resume') };
  }

  result(): RunResult {
    if (this.facts === undefined) throw notStarted();
    return {
      format: resultFormat,
      id: this.id,
      configuration: this.described(),
      code: codeVersion(),
      ...this.facts,
      logs: gatherLogs(this.journal),
      evaluation: this.evaluations,
      cost: gatherCost(this.journal),
    };
  }

  /**
   * Saves the state that `evaluate` scores, for `lab.load(folder)`: every trained parameter and the head, and the
   * result. The adapter, and a head that the adapters library has, too, are also there in its format:
   * `model.load_adapter(folder)`. With method full it is the whole base model, in the lab's own format alone. Between
   * two events too.
   *
   * @throws UserError when the folder holds another run, or files that this would replace; others stay.
   */
  async save(folder: string): Promise<void> {
    await this.inTurn(() => this.opened().save(folder, this.result()));
  }

  /** Frees the model of the run and its checkpoints, after the current step. Iterating it again starts it afresh. */
  async close(): Promise<void> {
    try {
      await this.endLoop();
    } finally {
      await this.inTurn(() => this.discard());
    }
  }

  /** The configuration with the name and interval of one's own schedule, where there is one. */
  protected override described(): RunConfiguration {
    if (this.ownSchedule === undefined) return this.configuration;
    const { name, every } = this.ownSchedule;
    const schedule = { name, ...(every === Infinity ? {} : { every }) };
    return { ...this.configuration, schedule } as RunConfiguration;
  }

  private stepsDone(): number {
    return this.journal.reduce((done, entry) => {
      return entry.type === 'event' && entry.event.type === 'step' ? entry.event.step + 1 : done;
    }, 0);
  }

  protected override opened(): Session {
    this.lab.base(); // a closed lab says so
    if (this.session === undefined) throw this.facts === undefined ? notStarted() : closed();
    return this.session;
  }

  protected override stepOfModel(): number {
    return this.stepOfBest ?? this.stepsDone();
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
      // Another kernel counts its runs from 1 again: with the process the name is of this run alone.
      ...(this.ownSchedule === undefined ? {} : { schedule: this.ownSchedule, name: `${this.id}-${process.pid}` }),
    });
    this.training = stream;
    this.stepOfBest = undefined;
    const started = performance.now();
    this.journal.push({ type: 'session', at: 0, startedAt: new Date().toISOString(), commit: null, host: 'notebook' });
    const events = stream[Symbol.asyncIterator]();
    const end = () => {
      if (this.training === stream) this.training = undefined; // not that of a loop that has begun since
    };
    const next = (): ReturnType<Loop['next']> =>
      this.inTurn(async () => {
        if (this.session !== session) return { done: true, value: undefined };
        const event = await events.next().catch((error: unknown) => {
          end();
          throw error;
        });
        if (event.done) {
          end();
          return { done: true, value: undefined };
        }
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

  /**
   * A run that failed before its first checkpoint has trained weights and nothing to go on from: it starts afresh, too.
   */
  private async openSession(how: 'afresh' | 'resume'): Promise<Session> {
    const base = this.lab.base();
    if (how === 'afresh' || !hasCheckpoint(this.lab.folder)) {
      await this.discard();
      this.journal.length = 0;
      this.evaluations = [];
    }
    this.session ??= await openSession(this.configuration, base);
    const { engine, layers } = this.session;
    this.facts = { engine, layers, ...inputsOf(this.session) };
    return this.session;
  }

  private async discard(): Promise<void> {
    await this.session?.close();
    this.session = undefined;
    removeCheckpoints(this.lab.folder);
  }
}

const notStarted = () => new UserError('This run has not started: iterate it first (for await …).');

const closed = () =>
  new UserError('This run was closed, and its model freed: iterate it to train it afresh (for await …).');
