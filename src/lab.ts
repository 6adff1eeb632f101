/**
 * The lab as a notebook sees it: a base model and a task, opened once; runs that are streams of events; evaluation in
 * any language. What it trains is what sweeps train: both go through `experiments/session`.
 *
 *     const lab = await open({ model: 'multilingual-e5-small', task: 'nli', profile: 'mini' });
 *     const run = lab.train({ schedule: gradualUnfreezing({ every: 25 }), seed: 1, trackFisher: { every: 25 } });
 *     for await (const event of run) live.update(event);
 *     table(await lab.evaluate(run, ['de', 'sw', 'zh']));
 */
import { join } from 'node:path';
import { oneOf, refuseUnknownKeys, UserError } from './engine/errors';
import { tooFewSteps } from './experiments/checkConfiguration';
import {
  profileNames,
  type FisherTracking,
  type ProfileName,
  type RunConfiguration,
} from './experiments/configuration';
import { configure, type RunChoices } from './experiments/profiles';
import { openBase, type SharedBase } from './experiments/session';
import { shareBase } from './experiments/sharedBases';
import { AdapterModel } from './models/adapterModel';
import { openNotebookFolder } from './notebook/checkpoints';
import { Run } from './run';
import { scheduleNames, type ScheduleConfig, type ScheduleName } from './schedulers/createSchedule';
import type { Schedule } from './schedulers/schedule';

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

/** What one run chooses; everything else is the profile's. Task and model are those of the lab. */
export type TrainChoices = Omit<RunChoices, 'task' | 'model' | 'schedule' | 'trackFisher'> & {
  /** A schedule of the paper by name, a configured one, or one of your own. Default: standard; `full` with that method. */
  readonly schedule?: ScheduleName | ScheduleConfig | Schedule;
  /** Default: not tracked. `tracked`: with the profile's interval. Missing parts: see `RunChoices`. */
  readonly trackFisher?: 'tracked' | (Partial<FisherTracking> & Pick<FisherTracking, 'every'>);
};

export interface Lab {
  readonly profile: ProfileName;
  readonly layers: number;
  /** A run, to be iterated; nothing happens before. Warns when a known schedule has too few steps to open every layer. */
  train(choices?: TrainChoices): Run;
  /** Scores of a run's model, in percent, one row a language. Default: every language that the profile tests on. */
  evaluate(run: Run, languages?: string | readonly string[]): Promise<ScoreOf[]>;
  /** Frees the base model and what its runs hold, after a step that is being computed. */
  close(): Promise<void>;
}

/** One score as a plain row. */
export interface ScoreOf {
  readonly language: string;
  readonly metric: string;
  readonly value: number;
  readonly examples: number;
}

/** Runs of this process so far. */
let runCount = 0;

/** Which profile a notebook runs in: PROFILE, else mini. */
export function profileFromEnvironment(environment: NodeJS.ProcessEnv = process.env): ProfileName {
  return oneOf('PROFILE', environment.PROFILE || 'mini', profileNames);
}

export async function open(options: OpenOptions): Promise<Lab> {
  refuseUnknownKeys('open', options, ['model', 'task', 'profile']);
  const profile =
    options.profile === undefined ? profileFromEnvironment() : oneOf('Profile', options.profile, profileNames);
  const task = taskAliases[oneOf('Task', options.task, Object.keys(taskAliases) as (keyof typeof taskAliases)[])];
  const common = { task, ...(options.model === undefined ? {} : { model: options.model }) };
  const folder = openNotebookFolder();
  let shared: SharedBase | undefined = await shareBase(configure(profile, common));
  const base = (): SharedBase => {
    if (shared === undefined) throw new UserError('This lab is closed; open another one.');
    return shared;
  };
  const { layers } = base().opened.encoder.config;
  const runs: Run[] = [];
  return {
    profile,
    layers,
    train(choices = {}) {
      base();
      const number = (runCount += 1);
      const own = { base, number, folder: join(folder, `${number}`) };
      const configuration = toConfiguration(profile, common, choices);
      const schedule = ownSchedule(choices.schedule);
      // Of an unknown schedule nobody knows when it opens what.
      const isKnown = schedule === undefined || schedule.name === configuration.schedule.name;
      const fault = isKnown ? tooFewSteps(configuration, layers) : undefined;
      if (fault !== undefined) process.emitWarning(`Some layers will stay frozen: ${fault}`);
      const run = new Run(configuration, schedule, own);
      runs.push(run);
      return run;
    },
    evaluate: async (run, languages) =>
      (await run.evaluate(languages)).flatMap(({ language, examples, metrics }) =>
        Object.entries(metrics).map(([metric, value]) => ({ language, metric, value, examples })),
      ),
    async close() {
      const open = shared;
      shared = undefined;
      try {
        await Promise.all(runs.map((run) => run.close()));
      } finally {
        open?.close();
      }
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
  { schedule, ...choices }: TrainChoices,
): RunConfiguration {
  const fixed = (['task', 'model'] as const).find((key) => key in choices);
  if (fixed !== undefined) {
    throw new UserError(
      `train: the ${fixed} is the lab's (${common[fixed] ?? "the profile's"}). Open another lab for another.`,
    );
  }
  return configure(profile, {
    ...choices,
    ...common,
    ...(schedule === undefined ? {} : { schedule: scheduleConfig(schedule) }),
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
