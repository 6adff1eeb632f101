/**
 * "Does this schedule transfer better than that one?" in a notebook: for each condition that the results hold, bars
 * and a table by language with the paper's values beside ours, and the answer in a sentence a schedule.
 */
import { comparisons, type Comparison } from '../experiments/comparisons';
import type { RunResult } from '../experiments/result';
import { compareIfPaired, verdictTest } from '../figures/comparison';
import { signed } from '../figures/numbers';
import { paperReading, transferReading } from '../figures/readings';
import { groupBy } from '../figures/rows';
import { scheduleTable } from '../figures/scheduleTable';
import { scheduleLabel } from '../figures/style';
import { transferBars } from '../figures/transferBars';
import { markdown, show, table } from './display';

/** What is claimed: each of `better` transfers better than `than`. */
export interface Claim {
  readonly better: readonly string[];
  /** Default: standard. */
  readonly than?: string;
}

/**
 * A line a claimed schedule: where it shows, does not show, or is too noisy to tell, with the difference in points. In
 * a list below: the intervals, and the paper's differences.
 */
export function sayComparisons(results: readonly RunResult[], ...claims: readonly Claim[]): void {
  const groups = comparisons(results).filter(({ rows }) => new Set(rows.scores.map((row) => row.schedule)).size > 1);
  if (groups.length === 0) {
    markdown('There are no such runs yet, so nothing can be said.');
    return;
  }
  const pairs = claims.flatMap(({ better, than = 'standard' }) => better.map((schedule) => ({ schedule, than })));
  const details = groups.flatMap((comparison) => [
    `- ${comparison.title}`,
    ...pairs.flatMap((pair) => detailLines(comparison, pair)).map((line) => `  - ${line}`),
  ]);
  markdown(
    [...pairs.map((pair) => headline(groups, pair)), '', ...details, '', `<small>${verdictTest}</small>`].join('\n'),
  );
}

interface Pair {
  readonly schedule: string;
  readonly than: string;
}

/** "**FUN better than standard**: shows on mnli → nli (+1.2); too noisy to tell on squad → qa-xquad (+0.4)." */
function headline(groups: readonly Comparison[], { schedule, than }: Pair): string {
  const answers = groups.map(({ title, rows, metric }) => {
    const names = new Set(rows.scores.map((row) => row.schedule));
    const compared =
      names.has(schedule) && names.has(than)
        ? compareIfPaired(rows.scores, { schedule, against: than, metric })
        : undefined;
    const place = title.split(' · ').filter((_, part) => part === 0 || part >= 3);
    const points = compared === undefined ? '' : ` (${signed(compared.difference)})`;
    return { verdict: compared?.verdict ?? 'no runs of both', place: place.join(', ') + points };
  });
  const byVerdict = [...groupBy(answers, ({ verdict }) => verdict)].map(
    ([verdict, where]) => `${verdict}: ${where.map(({ place }) => place).join('; ')}`,
  );
  return `- **${scheduleLabel(schedule)} transfers better than ${scheduleLabel(than)}** – ${byVerdict.join('. ')}.`;
}

function detailLines({ rows, metric, paper }: Comparison, { schedule, than }: Pair): string[] {
  return [
    ...transferReading(rows.scores, schedule, than, { metric }),
    ...(paper === undefined ? [] : paperReading(paper, schedule, than)),
  ];
}

/** Bars and table of each condition. Nothing is shown of results that were not evaluated in any language. */
export function showComparisons(results: readonly RunResult[], { against }: { readonly against?: string } = {}): void {
  for (const { title, rows, metric, chance, paper } of comparisons(results)) {
    if (rows.scores.length === 0) continue;
    const beside = { metric, ...(paper === undefined ? {} : { paper }) };
    show(transferBars(rows.scores, { runs: rows.runs, chance, ...beside }));
    const options = { ...beside, ...(against === undefined ? {} : { against }) };
    table(scheduleTable(rows.scores, options), { title: `${title}: ${metric}, %` });
  }
}
