/** What a figure or table was made from, said in one line that is built from its runs. */
import { UserError } from '../engine/errors';
import { distinct, groupBy, settingsOf, type RunRow } from './rows';
import { scheduleLabel, sortSchedules } from './style';

/** The runs that rows are of. @throws UserError when a row's run is not among them. */
export function runsOf(rows: readonly { readonly runId: string }[], runs: readonly RunRow[]): RunRow[] {
  return runsNamed(
    rows.map(({ runId }) => runId),
    runs,
  );
}

/** The runs of these names, each once. @throws UserError as `runsOf`. */
export function runsNamed(ids: readonly string[], runs: readonly RunRow[]): RunRow[] {
  const byId = new Map(runs.map((run) => [run.runId, run]));
  return distinct(ids).map((runId) => {
    const run = byId.get(runId);
    if (run === undefined) {
      throw new UserError(
        `There are rows of run "${runId}", but no run row of that name; ${runs.length} run rows were given.`,
      );
    }
    return run;
  });
}

/**
 * "multilingual-e5-small; mini-nli; 480 steps; seeds 1–3; 9 runs of profile mini"; "xlm-roberta-base, LoRA; mnli, 5,000
 * examples; …" where something else than task adapters was trained, or on fewer examples than there are. Where
 * schedules or training sets were not run with the same seeds, their means are not of the same runs, and it is said:
 * "seeds 1–3 (random, LPFT: 1)", "seeds 1–4 (squad, random on mnli: 1, 2)".
 */
export function provenance(runs: readonly RunRow[]): string {
  const list = (key: 'model' | 'dataset' | 'profile') => distinct(runs.map((run) => run[key])).join(', ');
  const steps = distinct(runs.map((run) => run.steps)).sort((a, b) => a - b);
  const stepText = steps.length > 2 ? `${group(steps[0]!)} to ${group(steps.at(-1)!)}` : steps.map(group).join(' or ');
  const seeds = seedsOf(runs);
  return [
    list('model') + otherMethods(runs),
    list('dataset') + fewerExamples(runs),
    `${stepText} steps`,
    `${seeds.length === 1 ? 'seed' : 'seeds'} ${ranges(seeds)}${fewerSeeds(runs)}`,
    `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} of profile ${list('profile')}`,
  ].join('; ');
}

const methodNames: Readonly<Record<string, string>> = {
  bottleneck: 'adapters',
  lora: 'LoRA',
  full: 'full fine-tuning',
};

/** ", LoRA"; nothing where only task adapters were trained. */
function otherMethods(runs: readonly RunRow[]): string {
  const methods = distinct(runs.map((run) => (settingsOf(run)['method.type'] ?? 'bottleneck') as string));
  if (methods.every((method) => method === 'bottleneck')) return '';
  return `, ${methods.map((method) => methodNames[method] ?? method).join(' or ')}`;
}

/** ", 1,000 or 5,000 examples"; nothing where all runs were trained on all that there are. */
function fewerExamples(runs: readonly RunRow[]): string {
  const counts = distinct(runs.map((run) => settingsOf(run)['data.trainExamples'] ?? 'all'));
  const numbers = counts.filter((count): count is number => typeof count === 'number').sort((a, b) => a - b);
  if (numbers.length === 0) return '';
  return `, ${[...numbers.map(group), ...(counts.includes('all') ? ['all'] : [])].join(' or ')} examples`;
}

const seedsOf = (runs: readonly RunRow[]) => distinct(runs.map(({ seed }) => seed)).sort((a, b) => a - b);

/** A schedule in an experiment, and which seeds it was run with, as text. */
interface Cell {
  readonly schedule: string;
  readonly experiment: string;
  readonly seeds: string;
}

/** " (squad, random on mnli: 1, 2 / LPFT: 1)": what has not all of the seeds, by the seeds that it has. */
function fewerSeeds(runs: readonly RunRow[]): string {
  const all = ranges(seedsOf(runs));
  const nameOf = experimentNames(runs);
  const cells = sortSchedules(distinct(runs.map((run) => run.schedule))).flatMap((schedule) => {
    const ofSchedule = runs.filter((run) => run.schedule === schedule);
    return [...groupBy(ofSchedule, nameOf)].map(([experiment, of]): Cell => ({
      schedule,
      experiment,
      seeds: ranges(seedsOf(of)),
    }));
  });
  const exceptions = groupBy(
    cells.filter(({ seeds }) => seeds !== all),
    ({ seeds }) => seeds,
  );
  const parts = [...exceptions].map(([seeds, of]) => `${namesOf(of, cells).join(', ')}: ${seeds}`);
  return parts.length === 0 ? '' : ` (${parts.join(' / ')})`;
}

/** Some of all cells in few words: experiments of which all schedules are meant, schedules, "random on mnli". */
function namesOf(some: readonly Cell[], all: readonly Cell[]): string[] {
  const isWhole = (key: 'schedule' | 'experiment', name: string) =>
    all.every((cell) => cell[key] !== name || some.includes(cell));
  const whole = distinct(some.map(({ experiment }) => experiment)).filter((name) => isWhole('experiment', name));
  const others = groupBy(
    some.filter(({ experiment }) => !whole.includes(experiment)),
    ({ schedule }) => schedule,
  );
  const schedules = [...others].map(([schedule, of]) => {
    const where = isWhole('schedule', schedule) ? '' : ` on ${of.map(({ experiment }) => experiment).join(' and ')}`;
    return scheduleLabel(schedule) + where;
  });
  return [...whole, ...schedules];
}

/** What tells a run's experiment from those of the others in few words: its training set, its model, or both. */
export function experimentNames(runs: readonly RunRow[]): (run: RunRow) => string {
  const differing = (['model', 'dataset'] as const).filter((key) => distinct(runs.map((run) => run[key])).length > 1);
  return (run) => differing.map((key) => run[key]).join(' ');
}

/** Which model and training set a run is of; figures have a panel for each. */
export function experimentOf(run: Pick<RunRow, 'model' | 'dataset'>): string {
  return `${run.model}, ${run.dataset}`;
}

const group = (value: number) => value.toLocaleString('en');

/** "1–3, 7" of ascending whole numbers. */
function ranges(values: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const value of values) {
    const last = parts.at(-1);
    if (last !== undefined && value === last[1] + 1) last[1] = value;
    else parts.push([value, value]);
  }
  return parts
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`))
    .join(', ');
}
