/**
 * The lab as a notebook sees it: a base model and a task, opened once; runs that are streams of events; evaluation in
 * any language. What it trains is what sweeps train: both go through `experiments/session`.
 *
 *     const lab = await open({ model: 'multilingual-e5-small', task: 'nli', profile: 'mini' });
 *     const run = lab.train({ schedule: gradualUnfreezing({ every: 25 }), seed: 1, trackFisher: { every: 25 } });
 *     for await (const event of run) live.update(event);
 *     table(await lab.evaluate(run, ['de', 'sw', 'zh']));
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { oneOf, refuseUnknownKeys, UserError } from './engine/errors';
import { codeVersion } from './experiments/codeVersion';
import {
  profileNames,
  runId,
  type FisherTracking,
  type ProfileName,
  type RunConfiguration,
} from './experiments/configuration';
import {
  estimatorRows,
  layerParameters,
  probeBatches,
  type EstimateOptions,
  type ProbeOptions,
} from './experiments/estimates';
import type { JournalEntry } from './experiments/journal';
import { gatherCost, gatherLogs } from './experiments/logs';
import { configure, type RunChoices } from './experiments/profiles';
import { resultFormat, type LanguageEvaluation, type RunResult } from './experiments/result';
import { resultRows, type ResultRows } from './experiments/rows';
import { runsFolder, type TrainingStream } from './experiments/runner';
import { openBase, openSession, type Session, type SharedBase } from './experiments/session';
import type { EstimatorRow } from './figures/rows';
import type { FisherBatch } from './fisher/trace';
import { AdapterModel } from './models/adapterModel';
import { cellSignal } from './notebook/interrupt';
import type { Parameter } from './nn/parameter';
import { scheduleNames, type ScheduleConfig, type ScheduleName } from './schedulers/createSchedule';
import type { Schedule } from './schedulers/schedule';
import type { TrainingEvent } from './training/events';

/** The tasks, by their own names and by those of their test sets. */
const taskAliases = {
  nli: 'nli',
  xnli: 'nli',
  copa: 'copa',
  xcopa: 'copa',
  'qa-xquad': 'qa-xquad',
  xquad: 'qa-xquad',
  'qa-mlqa': 'qa-mlqa',
  mlqa: 'qa-mlqa',
} as const;

export interface OpenOptions {
  /** `multilingual-e5-small`, `tiny-random`, a model of the paper, or a folder. Default: the profile's. */
  readonly model?: string;
  /** nli (xnli), copa (xcopa), qa-xquad (xquad), qa-mlqa (mlqa). */
  readonly task: keyof typeof taskAliases;
  /** smoke, mini, small, paper. Default: the environment variable PROFILE, else mini. */
  readonly profile?: ProfileName;
}

/** What one run chooses; everything else is the profile's. */
export type TrainChoices = Omit<RunChoices, 'task' | 'model' | 'schedule' | 'trackFisher'> & {
  /** A schedule of the paper by name, a configured one, or one of your own. Default: standard. */
  readonly schedule?: ScheduleName | ScheduleConfig | Schedule;
  /** Default: not tracked. Missing parts: exact, 64 examples, all layers. */
  readonly trackFisher?: Partial<FisherTracking> & Pick<FisherTracking, 'every'>;
};

export interface Lab {
  readonly profile: ProfileName;
  readonly layers: number;
  /** A run, to be iterated; nothing happens before. */
  train(choices?: TrainChoices): Run;
  /** Scores of a run's model, in percent, one row a language. Default: every language that the profile tests on. */
  evaluate(run: Run, languages?: readonly string[]): Promise<ScoreOf[]>;
  /** Frees the base model. */
  close(): void;
}

/** One score as a plain row. */
export interface ScoreOf {
  readonly language: string;
  readonly metric: string;
  readonly value: number;
  readonly examples: number;
}

/** Which profile a notebook runs in: PROFILE, else mini. */
export function profileFromEnvironment(environment: NodeJS.ProcessEnv = process.env): ProfileName {
  return oneOf('PROFILE', environment.PROFILE ?? 'mini', profileNames);
}

export async function open(options: OpenOptions): Promise<Lab> {
  refuseUnknownKeys('open', options, ['model', 'task', 'profile']);
  const profile =
    options.profile === undefined ? profileFromEnvironment() : oneOf('Profile', options.profile, profileNames);
  const task = taskAliases[oneOf('Task', options.task, Object.keys(taskAliases) as (keyof typeof taskAliases)[])];
  const common = { task, ...(options.model === undefined ? {} : { model: options.model }) };
  let base: SharedBase | undefined = await openBase(configure(profile, common));
  const shared = (): SharedBase => {
    if (base === undefined) throw new UserError('This lab is closed; open another one.');
    return base;
  };
  return {
    profile,
    layers: shared().opened.encoder.config.layers,
    train: (choices = {}) =>
      new Run(toConfiguration(profile, common, choices), shared(), ownSchedule(choices.schedule)),
    evaluate: async (run, languages) =>
      (await run.evaluate(languages)).flatMap(({ language, examples, metrics }) =>
        Object.entries(metrics).map(([metric, value]) => ({ language, metric, value, examples })),
      ),
    close() {
      base?.close();
      base = undefined;
    },
  };
}

/** A base model alone, to load adapters into, look at and save: `loadLanguageAdapter(model, folder)`, `modelSummary`. */
export async function openAdapterModel(name: string): Promise<AdapterModel> {
  const { opened } = await openBase({ model: name, method: { type: 'bottleneck' } });
  return new AdapterModel(name, opened.encoder);
}

function toConfiguration(
  profile: ProfileName,
  common: Pick<RunChoices, 'task' | 'model'>,
  { schedule = 'standard', trackFisher, ...choices }: TrainChoices,
): RunConfiguration {
  return configure(profile, {
    ...choices,
    ...common,
    schedule: scheduleConfig(schedule),
    ...(trackFisher === undefined
      ? {}
      : { trackFisher: { estimator: 'exact', examples: profile === 'smoke' ? 8 : 64, layers: 'all', ...trackFisher } }),
  });
}

/** The configuration that stands for a schedule. One's own stands as "gradual" of its interval or "standard". */
function scheduleConfig(schedule: ScheduleName | ScheduleConfig | Schedule): ScheduleConfig {
  if (typeof schedule === 'string') return { name: schedule };
  if (!isSchedule(schedule)) return schedule;
  const known = scheduleNames.find((name) => name === schedule.name);
  const interval = schedule.every === Infinity ? {} : { every: schedule.every };
  if (known !== undefined && known !== 'fixed' && known !== 'surgical') return { name: known, ...interval };
  if (schedule.needs === 'fisher') return { name: 'fun', ...interval };
  return schedule.every === Infinity ? { name: 'standard' } : { name: 'gradual', ...interval };
}

const isSchedule = (schedule: object): schedule is Schedule => 'select' in schedule;

const ownSchedule = (schedule: TrainChoices['schedule']): Schedule | undefined =>
  typeof schedule === 'object' && isSchedule(schedule) ? schedule : undefined;

/** A run: iterate it to train; iterate `resume()` to go on after an interrupt. */
export class Run implements AsyncIterable<TrainingEvent> {
  private session: Session | undefined;
  private readonly journal: JournalEntry[] = [];
  private evaluations: LanguageEvaluation[] = [];
  private readonly folder: string;

  constructor(
    readonly configuration: RunConfiguration,
    private readonly base: SharedBase,
    private readonly schedule: Schedule | undefined,
  ) {
    this.folder = join(runsFolder(), 'notebook', `${this.id}-${process.pid}`);
  }

  /** Names the settings. A schedule of one's own has its name in it. */
  get id(): string {
    const id = runId(this.configuration);
    return this.schedule === undefined ? id : id.replace(this.configuration.schedule.name, this.schedule.name);
  }

  /** The trained model. */
  get model(): AdapterModel {
    return this.opened().model;
  }

  /** Trains from the beginning. The Stop button ends it after the current step, with a checkpoint to resume from. */
  [Symbol.asyncIterator](): AsyncIterator<TrainingEvent> {
    rmSync(this.folder, { recursive: true, force: true });
    this.journal.length = 0;
    return this.follow('afresh');
  }

  /** Goes on where the run was stopped. */
  resume(): AsyncIterable<TrainingEvent> {
    return { [Symbol.asyncIterator]: () => this.follow('resume') };
  }

  /** Scores the best state by English validation (or the last, as configured) in these languages. */
  async evaluate(
    languages: readonly string[] = this.configuration.evaluation.languages,
  ): Promise<LanguageEvaluation[]> {
    const scores: LanguageEvaluation[] = [];
    for await (const score of this.opened().evaluate(languages)) scores.push(score);
    const again = new Set(languages);
    this.evaluations = [...this.evaluations.filter(({ language }) => !again.has(language)), ...scores];
    return scores;
  }

  /**
   * What estimators of tr(F) say about the model as it is now, on the run's probe set: one row an estimator and layer.
   * Between two events of the run too.
   */
  estimate(options: EstimateOptions): EstimatorRow[] {
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

  /** What the run gave so far, in the form that results have. */
  result(): RunResult {
    const { engine, modelSource, layers, data } = this.opened();
    const named =
      this.schedule === undefined ? {} : { schedule: { ...this.configuration.schedule, name: this.schedule.name } };
    return {
      format: resultFormat,
      id: this.id,
      configuration: { ...this.configuration, ...named } as RunConfiguration,
      code: codeVersion(),
      engine,
      modelSource,
      layers,
      data,
      logs: gatherLogs(this.journal),
      evaluation: this.evaluations,
      cost: gatherCost(this.journal),
    };
  }

  /** The same as plain rows, for figures, arquero, danfojs or CSV. */
  rows(): ResultRows {
    return resultRows([this.result()]);
  }

  private stepsDone(): number {
    return this.journal.reduce((done, entry) => {
      return entry.type === 'event' && entry.event.type === 'step' ? entry.event.step + 1 : done;
    }, 0);
  }

  private opened(): Session {
    if (this.session === undefined) throw new UserError('This run has not started: iterate it first (for await …).');
    return this.session;
  }

  private async *follow(how: 'afresh' | 'resume'): AsyncGenerator<TrainingEvent> {
    if (how === 'afresh' || this.session === undefined) {
      await this.session?.close();
      this.session = await openSession(this.configuration, this.base);
    }
    const started = performance.now();
    const at = () => (performance.now() - started) / 1000;
    const stream: TrainingStream = this.session.train({
      checkpointFolder: this.folder,
      ...(this.schedule === undefined ? {} : { schedule: this.schedule }),
    });
    const signal = cellSignal();
    const stop = () => stream.stop();
    signal.addEventListener('abort', stop, { once: true });
    this.journal.push({ type: 'session', at: 0, startedAt: new Date().toISOString(), commit: null, host: 'notebook' });
    try {
      for await (const event of stream) {
        this.journal.push({ type: 'event', at: at(), event, rssBytes: process.memoryUsage().rss });
        yield event;
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
