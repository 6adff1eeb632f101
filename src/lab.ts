/**
 * The lab as a notebook sees it: a base model and a task, opened once; runs that are streams of events; evaluation in
 * the languages whose test data the run opened (`evaluation.languages`; default: the profile's). What it trains is what
 * sweeps train: both go through `experiments/session`.
 *
 *     const lab = await open({ model: 'multilingual-e5-small', task: 'nli', profile: 'mini' });
 *     const run = lab.train({ schedule: gradualUnfreezing({ every: 25 }), seed: 1, trackFisher: { every: 25 } });
 *     for await (const event of run) live.update(event);
 *     table(await lab.evaluate(run, ['de', 'sw', 'zh']));
 */
import { join } from 'node:path';
import { oneOf, refuseUnknownKeys, requireObject, UserError } from './engine/errors';
import { defaultPrecision } from './engine/precision';
import { tooFewSteps } from './experiments/checkConfiguration';
import { profileNames, type ProfileName, type RunConfiguration } from './experiments/configuration';
import { methodOf } from './experiments/methods';
import { configure, type RunChoices } from './experiments/profiles';
import { evaluateModel } from './experiments/evaluateModel';
import type { SharedBase } from './experiments/openBase';
import { shareBase } from './experiments/sharedBases';
import { readSavedRun, type SavedRun } from './experiments/savedRun';
import { openTrained } from './experiments/trainedModel';
import { untilStopped } from './evaluableRun';
import { LoadedRun } from './loadedRun';
import { AdapterModel } from './models/adapterModel';
import { openNotebookFolder } from './notebook/checkpoints';
import { cellSignal } from './notebook/interrupt';
import { Run } from './run';
import { ownSchedule } from './schedulers/configured';
import { scheduleNames, type ScheduleConfig } from './schedulers/createSchedule';
import type { Schedule } from './schedulers/schedule';
import { checkSchedule } from './schedulers/unfreezing';

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
  /**
   * `multilingual-e5-small`, `tiny-random`, a model of the paper, any `OWNER/NAME` of the Hugging Face hub, or a folder
   * with `config.json`, weights and tokenizer. Default: the profile's.
   */
  readonly model?: string;
  /** nli (xnli), copa (xcopa), qa-xquad (xquad), qa-mlqa (mlqa). */
  readonly task: keyof typeof taskAliases;
  /** smoke, mini, small, paper. Default: the environment variable PROFILE, else mini. */
  readonly profile?: ProfileName;
}

/** What one run chooses; everything else is the profile's. Task and model are those of the lab. */
export type TrainChoices = Omit<RunChoices, 'task' | 'model'>;

export interface Lab {
  readonly profile: ProfileName;
  readonly layers: number;
  /**
   * A run, to be iterated; nothing happens before. Warns when one of the paper's schedules has too few steps to open
   * every layer; of one of your own, the run warns at its last turn.
   */
  train(choices?: TrainChoices): Run;
  /**
   * Scores of a run's best state by English validation (or its last, as configured), in percent, one row a language:
   * any of the run's `evaluation.languages`. Default: all of them. `run.useBest()` puts the best state into
   * `run.model`.
   *
   * Or those of a model that was put together by hand, as it is, with the adapters and the head that are active:
   *
   *     const model = await fun.openAdapterModel('xlm-roberta-base');
   *     fun.loadTaskAdapter(model, FOLDER, 'theirs');
   *     fun.loadHead(model, FOLDER, 'theirs');
   *     model.activate({ task: 'theirs', head: 'theirs' });
   *     await lab.evaluate(model, ['de', 'sw']);
   */
  evaluate(run: Run | LoadedRun | AdapterModel, languages?: string | readonly string[]): Promise<ScoreOf[]>;
  /**
   * A run that `run.save(folder)` wrote: `evaluate` and `predict` give what they gave then. It is not trained on, and
   * its training data are not needed.
   *
   * @throws UserError that says what is not whole, or does not fit: the lab must be of the same task, profile and
   *   model.
   */
  load(folder: string): Promise<LoadedRun>;
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

/**
 * Opens a lab. Loads the base model, which is downloaded when it is one of the hub's and not on this machine yet; the
 * task's data are read by the runs. `close()` frees it.
 *
 * @throws UserError when the model, the task or the profile is not known, or the model cannot be had.
 */
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
  const runs: (Run | LoadedRun)[] = [];
  const scoresOf = (model: AdapterModel, languages?: string | readonly string[]) => {
    const configuration = configure(profile, common);
    const wanted = [languages ?? configuration.evaluation.languages].flat();
    return untilStopped(cellSignal(), evaluateModel(model, base(), configuration, wanted), wanted.length);
  };
  return {
    profile,
    layers,
    train(choices = {}) {
      base();
      requireObject('train', choices, "as in train({ schedule: 'gradual', seed: 1 })");
      const number = (runCount += 1);
      const own = { base, number, folder: join(folder, `${number}`) };
      const schedule = checkedOwnSchedule(choices);
      const configuration = toConfiguration(profile, common, choices, schedule);
      // When one's own opens what, only its training shows.
      const fault = schedule === undefined ? tooFewSteps(configuration, layers) : undefined;
      if (fault !== undefined) process.emitWarning(`Some layers will stay frozen: ${fault}`);
      const run = new Run(configuration, schedule, own);
      runs.push(run);
      return run;
    },
    async evaluate(run, languages) {
      const scores = run instanceof AdapterModel ? await scoresOf(run, languages) : await run.evaluate(languages);
      return scores.flatMap(({ language, examples, metrics }) =>
        Object.entries(metrics).map(([metric, value]) => ({ language, metric, value, examples })),
      );
    },
    async load(saved) {
      const of = readSavedRun(saved);
      checkFit(of, { task, profile });
      const run = new LoadedRun(of, await openTrained(of, base()), base);
      runs.push(run);
      return run;
    },
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

/**
 * A base model alone, to load adapters into, look at and save: `loadLanguageAdapter(model, folder)`, `modelSummary`.
 * Opened again by its name, it shares the base, which the last one's `dispose()` frees (that of a folder is opened
 * anew).
 */
export async function openAdapterModel(name: string): Promise<AdapterModel> {
  const base = await shareBase({ model: name, precision: defaultPrecision() });
  return new AdapterModel(name, base.opened.encoder, () => base.close());
}

/**
 * A loaded run is one that the lab could have trained; whether its model is that of the lab, `openTrained` finds out.
 */
function checkFit(
  { folder, configuration }: SavedRun,
  { task, profile }: Pick<RunConfiguration, 'task' | 'profile'>,
): void {
  const faults = [
    ...(configuration.task === task ? [] : [`task "${configuration.task}", this lab is of "${task}"`]),
    ...(configuration.profile === profile ? [] : [`profile "${configuration.profile}", this lab is of "${profile}"`]),
  ];
  if (faults.length === 0) return;
  const { model, task: itsTask, profile: itsProfile } = configuration;
  throw new UserError(
    `${folder} holds a run of ${faults.join('; ')}. ` +
      `Open one for it: fun.open({ model: "${model}", task: "${itsTask}", profile: "${itsProfile}" }).`,
  );
}

function toConfiguration(
  profile: ProfileName,
  common: Pick<RunChoices, 'task' | 'model'>,
  choices: TrainChoices,
  schedule: Schedule | undefined,
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
    ...(schedule === undefined ? {} : { schedule: standInFor(schedule) }),
  });
}

/**
 * A schedule of one's own has no configuration: "fun" stands for it when it reads tr(F), else "gradual" of its interval,
 * or "standard".
 */
function standInFor({ every, needs }: Schedule): ScheduleConfig {
  const interval = every === Infinity ? {} : { every };
  if (needs === 'fisher') return { name: 'fun', ...interval };
  return every === Infinity ? { name: 'standard' } : { name: 'gradual', ...interval };
}

/**
 * The schedule of one's own that was chosen, if one was.
 *
 * @throws UserError when it has the name of one of the paper's, whose runs it would be taken for, or does not go with
 *   the other choices (the checks of a configuration would name the schedule that stands for it).
 */
function checkedOwnSchedule({ schedule: choice, method, fisherForSchedule }: TrainChoices): Schedule | undefined {
  const schedule = ownSchedule(choice);
  if (schedule === undefined) return undefined;
  const { name, needs } = schedule;
  checkSchedule(schedule);
  if (scheduleNames.some((known) => known === name)) {
    throw new UserError(
      `"${name}" is the name of a schedule of the paper; give yours a name of its own, for example "my-${name}".`,
    );
  }
  if (methodOf(method).type === 'full') {
    throw new UserError(
      `schedule "${name}" does not go with method "full", which trains every base parameter from step 0: ` +
        `leave the schedule out, or take method bottleneck or lora.`,
    );
  }
  if (needs !== 'fisher' && fisherForSchedule !== undefined) {
    throw new UserError(
      `fisherForSchedule is for schedules that read tr(F): leave it out, or declare needs: 'fisher' in "${name}".`,
    );
  }
  return schedule;
}
