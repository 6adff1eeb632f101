/**
 * What results say about a claim: one reading a comparison, with effect, interval, test, verdict, and the paper's
 * figure.
 */
import type { Verdict } from '../../figures/comparison';
import { signed } from '../../figures/numbers';
import type { Interval } from '../../figures/statistics';
import type { RunConfiguration } from '../configuration';
import type { RunResult } from '../result';

export interface Reading {
  /** What is compared, as in `XNLI average: gradual − standard`. */
  readonly what: string;
  /** Whether the claim's verdict rests on it; others are shown beside. */
  readonly role: 'primary' | 'secondary';
  readonly effect: string;
  readonly interval: string;
  readonly test: string;
  readonly verdict: Verdict;
  /** What the paper prints for it. */
  readonly paper: string;
}

/** The results that are there of the runs that a sweep defines. */
export type ResultsOf = (sweep: string) => readonly RunResult[];

/** The runs that a sweep defines, made or not. */
export type PlannedOf = (sweep: string) => readonly RunConfiguration[];

export interface PaperClaim {
  /** C1 … C8 of the paper; Q1, … for questions of our own. */
  readonly id: string;
  readonly text: string;
  /** Sweeps whose runs it is read from. */
  readonly sweeps: readonly string[];
  /** How many primary readings there are when no run is missing; 0 for a question. */
  readonly primary: number;
  /** Readings for which there are runs. */
  read(results: ResultsOf, planned: PlannedOf): readonly Reading[];
}

/**
 * The verdict of a claim: that of its weakest primary reading. While one of them lacks its runs it cannot show.
 * Undefined without primary readings.
 */
export function claimVerdict(readings: readonly Reading[], primary: number): Verdict | undefined {
  const verdicts = readings.filter(({ role }) => role === 'primary').map(({ verdict }) => verdict);
  const isPartial = verdicts.length > 0 && verdicts.length < primary;
  const weakestFirst: readonly Verdict[] = ['does not show', 'too noisy to tell', 'shows'];
  return weakestFirst.find((verdict) => verdicts.includes(verdict) || (isPartial && verdict === 'too noisy to tell'));
}

/** `+0.2 … +2.4`; `unbounded` for a single seed. */
export function formatInterval({ low, high }: Interval, digits = 1): string {
  return Number.isFinite(low) && Number.isFinite(high)
    ? `${signed(low, digits)} … ${signed(high, digits)}`
    : 'unbounded (one seed)';
}

export function formatP(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

export function formatSeeds(count: number): string {
  return count === 1 ? '1 seed' : `${count} seeds`;
}
