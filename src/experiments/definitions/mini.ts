/**
 * The sweeps behind the notebooks, each named for the figure or table of the paper that it is about. In the profiles
 * `smoke` and `mini` they are the few short runs that a notebook trains while one looks; in `small` and `paper` they
 * are the whole comparison, of which the recorded results are part.
 */
import type { TaskName } from '../../datasets/tasks';
import type { ScheduleName } from '../../schedulers/createSchedule';
import type { ProfileName } from '../configuration';
import { configure, type RunChoices } from '../profiles';
import { cartesian, defineSweep, type Sweep } from '../sweep';
import { firstLight } from './firstLight';
import { fixedOrders, nliFixedOrders } from './fixedOrders';
import { copaSchedules, nliSchedules, qaSchedules } from './schedules';
import { fullFineTuning, loraSchedules, lowData } from './variants';

type Runs = readonly RunChoices[];

/** What one looks on, in `smoke` and `mini`; and the sweeps that hold the whole, narrowed to what the figure shows. */
interface Parts {
  readonly live: (profile: ProfileName) => Runs;
  readonly whole: readonly Sweep[];
  /** Default: all schedules of the whole sweeps. */
  readonly schedules?: readonly ScheduleName[];
  /** Default: all tasks. What is seen in training is the same for XQuAD and MLQA. */
  readonly tasks?: readonly TaskName[];
}

function paperItem(name: string, title: string, { live, whole, schedules, tasks }: Parts): Sweep {
  const isShown = (profile: ProfileName) => (run: RunChoices) =>
    (schedules === undefined || schedules.some((name) => name === scheduleOf(profile, run).name)) &&
    (tasks === undefined || tasks.includes(run.task));
  return defineSweep({
    name,
    title,
    profile: 'mini',
    runs: (profile) =>
      profile === 'smoke' || profile === 'mini'
        ? live(profile)
        : whole.flatMap((sweep) => sweep.runs(profile)).filter(isShown(profile)),
  });
}

/**
 * A run of first light's settings under another schedule; first light's own runs keep their identity, so that results
 * that `npm start` made are used.
 */
function firstLightRun(profile: ProfileName, name: ScheduleName, more: Partial<RunChoices> = {}): RunChoices {
  const runs = firstLight.runs(profile);
  const own = runs.find((run) => scheduleOf(profile, run).name === name);
  const gradual = runs.find((run) => scheduleOf(profile, run).name === 'gradual')!;
  return { ...(own ?? { ...gradual, schedule: { ...scheduleOf(profile, gradual), name } }), ...more };
}

const scheduleOf = (profile: ProfileName, run: RunChoices) => configure(profile, run).schedule;

/** In `mini`, half as many steps; in `smoke`, the profile's. */
const shorter = (profile: ProfileName, run: RunChoices): RunChoices =>
  profile === 'mini'
    ? { ...run, steps: 120, evaluation: { examples: 150 }, validation: { every: 40, examples: 150 } }
    : run;

const threeSchedules = ['standard', 'gradual', 'fun'] as const;

const table1 = paperItem('table-1', 'Tables 1, 8, 9, 10, Figure 2: schedules on NLI, COPA and question answering', {
  live: (profile) => threeSchedules.map((name) => firstLightRun(profile, name)),
  whole: [nliSchedules, copaSchedules, qaSchedules, fullFineTuning],
  schedules: ['standard', 'random', 'gradual', 'fun', 'lpft', 'full'],
});

const figure3 = paperItem('figure-3', 'Figure 3: tr(F) during training, standard and gradual unfreezing', {
  live: (profile) => (['standard', 'gradual'] as const).map((name) => firstLightRun(profile, name)),
  whole: [nliSchedules, copaSchedules, qaSchedules],
  schedules: ['standard', 'gradual'],
  tasks: ['nli', 'copa', 'qa-xquad'],
});

const figure4 = paperItem('figure-4', 'Figure 4: ten fixed orders, tr(F) and transfer', {
  live: (profile) =>
    profile === 'smoke'
      ? nliFixedOrders.runs(profile)
      : fixedOrders.map((order) =>
          firstLightRun(profile, 'fixed', {
            schedule: { name: 'fixed', order, every: 4 },
            steps: 48,
            trackFisher: { estimator: 'exact', examples: 16, every: 8, layers: 'trainable' },
            evaluation: { examples: 60 },
            validation: { every: 16, examples: 60 },
          }),
        ),
  whole: [nliFixedOrders],
});

const figure5 = paperItem('figure-5', 'Figure 5: the order in which FUN opens the layers', {
  live: (profile) => [1, 2].map((seed) => firstLightRun(profile, 'fun', { seed })),
  whole: [nliSchedules, copaSchedules, qaSchedules],
  schedules: ['fun'],
  tasks: ['nli', 'copa', 'qa-xquad'],
});

const table2 = paperItem('table-2', 'Tables 2 and 14: LoRA under standard training, gradual unfreezing and FUN', {
  live: (profile) => threeSchedules.map((name) => shorter(profile, firstLightRun(profile, name, { method: 'lora' }))),
  whole: [loraSchedules],
});

const table11 = paperItem('table-11', 'Tables 11 and 13: few English examples', {
  live: (profile) =>
    cartesian({ trainExamples: profile === 'smoke' ? [16] : [200], name: threeSchedules }).map(
      ({ trainExamples, name }) => shorter(profile, firstLightRun(profile, name, { data: { trainExamples } })),
    ),
  whole: [lowData],
});

const table12 = paperItem('table-12', 'Table 12: gradual unfreezing from the bottom up', {
  live: (profile) => (['standard', 'gradual', 'gradual-reverse'] as const).map((name) => firstLightRun(profile, name)),
  whole: [nliSchedules, qaSchedules],
  schedules: ['standard', 'gradual', 'gradual-reverse'],
});

/** mDeBERTa has no embedded stand-in: `paper` only. The language adapters of these tables were never published. */
const table16 = defineSweep({
  name: 'table-16',
  title: 'Tables 16–18: mDeBERTa, without language adapters',
  profile: 'paper',
  runs: (profile) =>
    profile !== 'paper'
      ? []
      : cartesian({
          task: ['nli', 'qa-xquad', 'qa-mlqa', 'copa'] as const,
          seed: [1, 2, 3, 4],
          name: ['standard', 'gradual'] as const,
        }).map(({ task, seed, name }) => ({
          task,
          model: 'mdeberta-v3-base',
          languageAdapters: 'none',
          schedule: { name },
          seed,
          trackFisher: 'tracked',
        })),
});

export const notebookSweeps: readonly Sweep[] = [table1, figure3, figure4, figure5, table2, table11, table12, table16];
