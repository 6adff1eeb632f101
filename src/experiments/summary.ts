/** `SUMMARY.md` of a profile: every claim with its verdict, computed from the results that are there. */
import { join } from 'node:path';
import { writeWhole } from '../engine/atomicFile';
import { oneOf } from '../engine/errors';
import { formatDuration } from '../engine/formatDuration';
import { verdictTest } from '../figures/comparison';
import { claims, claimVerdict, type PaperClaim, type PlannedOf, type Reading, type ResultsOf } from './claims/index';
import { margin } from './claims/transfer';
import { runId, type ProfileName } from './configuration';
import { findSweep } from './definitions/index';
import { ownSeconds, type RunResult } from './result';
import type { ResultsStore } from './store';
import { expandSweep, sweepCommand, sweepWith, type SweepChanges } from './sweep';

/** Writes the summary beside the results and returns its path. */
export function writeSummary(store: ResultsStore, profile: ProfileName): string {
  const path = join(store.folder, profile, 'SUMMARY.md');
  writeWhole(path, summaryText(store.all(profile), profile));
  return path;
}

/** The summary as Markdown; with changes, of the runs that were changed so. The same results give the same text. */
export function summaryText(results: readonly RunResult[], profile: ProfileName, changes: SweepChanges = {}): string {
  const runs = runsOf(results, profile, changes);
  const read = claims.map((claim) => ({ claim, readings: claim.read(runs.done, runs.planned) }));
  const isChanged = Object.keys(changes).length > 0;
  return (
    [
      `# What the runs of profile "${profile}" say${isChanged ? `, with ${JSON.stringify(changes)}` : ''}`,
      'Generated from the result files beside it by `npm run results -- summary`; the rules are in `PROTOCOL.md`.',
      provenance(isChanged ? [...new Set(claims.flatMap(({ sweeps }) => sweeps.flatMap(runs.done)))] : results),
      '## Overview',
      table(
        ['', 'claim', 'verdict', 'runs there'],
        read.map(({ claim, readings }) => [claim.id, claim.text, overall(claim, readings), countsOf(claim, runs)]),
      ),
      ...read.flatMap(({ claim, readings }) => [
        `## ${claim.id}: ${claim.text}`,
        ...verdictAndReadings(claim, readings, runs),
      ]),
      '## How the verdicts are reached',
      verdictTest +
        ` "As good": shows when the interval over seeds lies above −${margin} point, does not show when it lies below 0.` +
        ' A claim has the verdict of its weakest primary reading; while one of them lacks its runs it does not have "shows".',
    ].join('\n\n') + '\n'
  );
}

/** Of a sweep, by its name. */
interface Runs {
  /** Those that there should be. */
  readonly planned: PlannedOf;
  /** The results of those that are there. */
  readonly done: ResultsOf;
  /** What makes those that are not. */
  readonly command: (sweep: string) => string;
}

function runsOf(results: readonly RunResult[], profile: ProfileName, changes: SweepChanges = {}): Runs {
  const byId = new Map(results.map((result) => [result.id, result]));
  const changed = (sweep: string) => sweepWith(findSweep(sweep), changes);
  const planned: PlannedOf = (sweep) => expandSweep(changed(sweep), profile);
  const done: ResultsOf = (sweep) => planned(sweep).flatMap((run) => byId.get(runId(run)) ?? []);
  return { planned, done, command: (sweep) => sweepCommand(changed(sweep), profile) };
}

function overall(claim: PaperClaim, readings: readonly Reading[]): string {
  if (readings.length === 0) return 'no runs yet';
  return claimVerdict(readings, claim.primary) ?? (claim.primary === 0 ? 'see below' : 'no runs yet');
}

/** A claim's verdict and readings as Markdown, by the rules of PROTOCOL.md. @throws UserError on an unknown claim. */
export function claimText(
  results: readonly RunResult[],
  profile: ProfileName,
  id: string,
  changes: SweepChanges = {},
): string {
  const known = oneOf(
    'Claim',
    id,
    claims.map((claim) => claim.id),
  );
  const claim = claims.find((candidate) => candidate.id === known)!;
  const runs = runsOf(results, profile, changes);
  return verdictAndReadings(claim, claim.read(runs.done, runs.planned), runs).join('\n\n');
}

function verdictAndReadings(claim: PaperClaim, readings: readonly Reading[], runs: Runs): string[] {
  const counts = countsOf(claim, runs);
  if (readings.length === 0) {
    const open = claim.sweeps.filter((sweep) => runs.done(sweep).length < runs.planned(sweep).length);
    if (open.length === 0) {
      return [`Its runs are there (${counts}), with nothing to compare: no target language, or no log of tr(F).`];
    }
    const commands = open.map((sweep) => `\`${runs.command(sweep)}\``).join(', ');
    return [`No runs yet (${counts}). To make them: ${commands}.`];
  }
  return [
    `**${overall(claim, readings)}.** Runs: ${counts}.`,
    table(
      ['reading', 'effect', '95% interval', 'test', 'verdict', 'the paper'],
      readings.map(({ what, role, effect, interval, test, verdict, paper }) => [
        role === 'primary' ? `**${what}**` : what,
        effect,
        interval,
        test,
        verdict,
        paper,
      ]),
    ),
  ];
}

/** `nli-schedules 24 of 24, …`. */
const countsOf = (claim: PaperClaim, { planned, done }: Runs) =>
  claim.sweeps.map((sweep) => `${sweep} ${done(sweep).length} of ${planned(sweep).length}`).join(', ');

/** What the results were made from and what they cost. */
function provenance(results: readonly RunResult[]): string {
  if (results.length === 0) return 'There are no results yet.';
  const distinct = (of: (result: RunResult) => string) => [...new Set(results.map(of))].sort().join('; ');
  const seconds = results.reduce((sum, result) => sum + ownSeconds(result), 0);
  const subsets = new Set(
    results.flatMap(({ data }) =>
      data
        .filter(({ complete, use }) => !complete && use === 'train')
        .map(({ dataset, count, expectedCount }) => `${dataset} ${count} of ${expectedCount ?? '?'}`),
    ),
  );
  return [
    `${results.length} results, ${formatDuration(seconds)} in all.`,
    `Models: ${distinct(({ modelSource }) => modelSource)}.`,
    `Engines: ${distinct(({ engine }) => engine.line)}.`,
    `Training sets that are not whole: ${[...subsets].sort().join('; ') || 'none'}.`,
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
