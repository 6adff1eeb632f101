/**
 * Recorded results in a notebook: those of a sweep that come with the project, which are missing, what they were made
 * from, and a stamp by which a test sees whether the outputs of a stored notebook are those of today's results.
 */
import { createHash } from 'node:crypto';
import { UserError } from '../engine/errors';
import { describeSchedule } from '../experiments/comparisons';
import { conditionOf } from '../experiments/conditions';
import { runId, type ProfileName, type RunConfiguration } from '../experiments/configuration';
import { formatDuration } from '../engine/formatDuration';
import { estimateSeconds } from '../experiments/cost';
import { provenance } from '../figures/provenance';
import { distinct, groupBy } from '../figures/rows';
import type { Figure } from '../figures/figure';
import type { DataSource, RunResult } from '../experiments/result';
import { resultRows } from '../experiments/rows';
import { printResult, resultStores, type ResultsStore } from '../experiments/store';
import { claimText } from '../experiments/summary';
import { expandSweep, sweepCommand, type Sweep, type SweepChanges } from '../experiments/sweep';
import { markdown, show } from './display';
import { textOf, type Notebook } from './notebookFile';

export interface Recorded {
  readonly sweep: Sweep;
  readonly profile: ProfileName;
  /** Those that exist, in the order of the sweep. */
  readonly results: readonly RunResult[];
  /** Those that do not. */
  readonly missing: readonly RunConfiguration[];
  /** Twelve hexadecimal digits of the SHA-256 of all result files. */
  readonly hash: string;
}

/** Every result of a profile: those of `FUN_RESULTS`, where it is set, and those that come with the project. */
export function results(
  profile: ProfileName = 'small',
  { from = resultStores() }: { from?: readonly ResultsStore[] } = {},
): RunResult[] {
  // Of a run in two stores the first counts.
  const all = [...from].reverse().flatMap((store) => store.all(profile));
  return [...new Map(all.map((result) => [result.id, result])).values()];
}

/** The results of a sweep in a profile (default: small), and what is missing of it. */
export function recordedResults(
  sweep: Sweep,
  { profile = 'small', from = resultStores() }: { profile?: ProfileName; from?: readonly ResultsStore[] } = {},
): Recorded {
  const results: RunResult[] = [];
  const missing: RunConfiguration[] = [];
  for (const configuration of expandSweep(sweep, profile)) {
    const store = from.find((candidate) => candidate.has(configuration));
    if (store === undefined) missing.push(configuration);
    else results.push(store.read(profile, runId(configuration)));
  }
  const hash = createHash('sha256');
  for (const result of results) hash.update(printResult(result));
  return { sweep, profile, results, missing, hash: hash.digest('hex').slice(0, 12) };
}

/** As Markdown: how many runs there are, what they were made from, which are missing, and the stamp. */
export function describeRecorded(recorded: Recorded): string {
  const { sweep, profile, results, missing } = recorded;
  const of = results.length + missing.length;
  // Of a cluster's or a GPU's speed nothing is known here.
  const time = profile === 'paper' ? '' : ` (about ${formatDuration(secondsOf(missing, results))} one after the other)`;
  const command = `\`${sweepCommand(sweep, profile)}\``;
  return [
    `**Recorded runs of profile ${profile}: ${results.length} of ${of}.**` +
      (of === 0 ? ' This profile has no such runs.' : ''),
    ...(results.length === 0 ? [] : [`- Made from: ${provenance(resultRows(results).runs)}.`, ...madeFrom(results)]),
    ...(missing.length === 0 ? [] : [`- Missing: ${listRuns(missing)}. ${command} makes them${time}.`]),
    `- ${stampOf(recorded)}`,
  ].join('\n');
}

/**
 * What the recorded runs say about a claim of the paper, as in `SUMMARY.md`: verdict and readings, as Markdown.
 *
 * @param id C1 to C8, Q1 or Q2. @throws UserError on another one.
 * @param options.changes as given to `sweepWith`: reads the runs that were changed so.
 */
export function describeClaim(
  id: string,
  {
    profile = 'small',
    from = resultStores(),
    changes = {},
  }: { profile?: ProfileName; from?: readonly ResultsStore[]; changes?: SweepChanges } = {},
): string {
  return `**${id}:** ${claimText(results(profile, { from }), profile, id, changes)}`;
}

const secondsOf = (missing: readonly RunConfiguration[], results: readonly RunResult[]) =>
  missing.reduce((sum, configuration) => sum + estimateSeconds(configuration, results), 0);

/** "mnli → nli · … : gradual (seeds 3, 4), fun (seed 4); …". */
function listRuns(runs: readonly RunConfiguration[]): string {
  const conditions = [...groupBy(runs, conditionOf)].map(([condition, ofCondition]) => {
    const schedules = [...groupBy(ofCondition, describeSchedule)].map(([schedule, ofSchedule]) => {
      const seeds = ofSchedule.map(({ seed }) => seed);
      return `${schedule} (${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')})`;
    });
    return `${condition}: ${schedules.join(', ')}`;
  });
  return conditions.join('; ');
}

/** Which data was at hand, where it is not the whole set; and which code made the runs. */
function madeFrom(results: readonly RunResult[]): string[] {
  const partial = ({ count, expectedCount }: DataSource) => expectedCount !== null && count < expectedCount;
  const describe = ({ dataset, split, count, expectedCount }: DataSource) =>
    `${dataset} ${split} ${count.toLocaleString('en')} of ${expectedCount!.toLocaleString('en')}`;
  const subsets = distinct(results.flatMap(({ data }) => data.filter(partial).map(describe)));
  const commits = distinct(
    results.map(({ code }) => `${code.commit?.slice(0, 8) ?? 'unknown'}${code.dirty ? '+' : ''}`),
  );
  const engines = distinct(results.map(({ engine }) => engine.line));
  return [
    ...(subsets.length === 0 ? [] : [`- Not the whole sets: ${subsets.join(', ')}.`]),
    `- Code ${commits.join(', ')}; ${engines.join('; ')}.`,
  ];
}

const stampOf = ({ sweep, profile, results, hash }: Recorded) =>
  `Drawn from: ${sweep.name}/${profile}/${results.length}/${hash}`;

/**
 * What is wrong with the outputs of a stored notebook, in words: drawn from results that are not today's, or not said
 * from which. Empty for a notebook without outputs.
 */
export function staleOutputs(notebook: Notebook, today: (sweep: string, profile: ProfileName) => Recorded): string[] {
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  if (outputs.length === 0) return [];
  const text = outputs.flatMap((output) => ('data' in output ? [textOf(output.data['text/plain'] ?? '')] : []));
  const stamps = [...text.join('\n').matchAll(/^- Drawn from: ([\w-]+)\/(\w+)\/\d+\/[0-9a-f]{12}$/gm)];
  if (stamps.length === 0) return ['there are outputs, but none says which results it was drawn from'];
  return stamps.flatMap(([stamp, sweep, profile]) => {
    const now = `- ${stampOf(today(sweep!, profile as ProfileName))}`;
    return stamp === now ? [] : [`the outputs say "${stamp.slice(2)}", the results are "${now.slice(2)}"`];
  });
}

/** Shows a figure; where the runs that it needs are not all there, says so instead. Other errors are thrown. */
export function showIfPossible(draw: () => Figure): void {
  try {
    show(draw());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    markdown(`*Not drawn: ${error.message}*`);
  }
}
