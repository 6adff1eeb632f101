/**
 * What a mean over seeds may be of: runs of one schedule that differ in nothing but their seed. Where such means are
 * ranked or correlated, all are over the same seeds: a seed often moves a score by more than a schedule does.
 */
import { UserError } from '../engine/errors';
import { runsOf } from './provenance';
import { distinct, groupBy, settingsOf, type RunRow } from './rows';
import { scheduleLabel } from './style';

interface RowOfRun {
  readonly runId: string;
  readonly schedule: string;
}

/** The rows of one panel. @throws UserError when two runs of a schedule have other settings, or the same seed. */
export function requireSeeds(rows: readonly RowOfRun[], runs: readonly RunRow[]): void {
  for (const [schedule, ofSchedule] of groupBy(rows, (row) => row.schedule)) {
    const [first, ...others] = runsOf(ofSchedule, runs);
    const seeds = new Map([[first!.seed, first!]]);
    for (const run of others) {
      const twin = seeds.get(run.seed);
      if (run.settings !== first!.settings) refuse(schedule, first!, run, `differ in ${differences(first!, run)}`);
      if (twin !== undefined) refuse(schedule, twin, run, `both have seed ${run.seed}`);
      seeds.set(run.seed, run);
    }
  }
}

interface Seeded {
  /** Those of one label are the seeds of one schedule. */
  readonly label: string;
  readonly seed: number;
}

/** The seeds that every label has. */
export function commonSeeds(items: readonly Seeded[]): number[] {
  const seedsOf = [...groupBy(items, ({ label }) => label).values()].map((of) => new Set(of.map(({ seed }) => seed)));
  return distinct(items.map(({ seed }) => seed)).filter((seed) => seedsOf.every((seeds) => seeds.has(seed)));
}

/** The items of the seeds that every label has. @throws UserError when there is no such seed. */
export function ofCommonSeeds<Item extends Seeded>(items: readonly Item[]): Item[] {
  const common = new Set(commonSeeds(items));
  if (items.length > 0 && common.size === 0) {
    const seeds = distinct(items.map(({ seed }) => seed)).join(', ');
    throw new UserError(
      `No seed (of ${seeds}) was run with every schedule, so their means cannot be compared. ` +
        'Leave schedules out (rows.filter(…)), or run the missing seeds.',
    );
  }
  return items.filter(({ seed }) => common.has(seed));
}

function refuse(schedule: string, a: RunRow, b: RunRow, why: string): never {
  throw new UserError(
    `A mean over seeds must be of runs that differ in their seed alone, but of ${scheduleLabel(schedule)}, ` +
      `${a.runId} and ${b.runId} ${why}. Draw them one by one (rows.filter(({ runId }) => …)), or ` +
      'give their rows schedule names that tell them apart.',
  );
}

/** "schedule.every: 5 or 50, dropout: 0.1 or 0". */
function differences(a: RunRow, b: RunRow): string {
  const [ofA, ofB] = [settingsOf(a), settingsOf(b)];
  const show = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value));
  return distinct([...Object.keys(ofA), ...Object.keys(ofB)])
    .filter((key) => show(ofA[key]) !== show(ofB[key]))
    .map((key) => `${key}: ${show(ofA[key])} or ${show(ofB[key])}`)
    .join(', ');
}
