/** The logs and the cost of a run, gathered from its journal; a resumed run's sessions become one run again. */
import {
  toColumns,
  type CostParts,
  type LanguageEvaluation,
  type RunCost,
  type RunLogs,
  type SessionCost,
} from './result';
import type { LoggedChoice, LoggedOpening, LoggedScore, LoggedStep, LoggedTrace, LoggedValidation } from './result';
import type { JournalEntry } from './journal';

/** Rows by key: a row that a resumed session makes again replaces the first one. */
interface Gathered {
  readonly steps: Map<string, LoggedStep>;
  readonly unfreezing: Map<string, LoggedOpening>;
  readonly scores: Map<string, LoggedScore>;
  readonly choices: Map<string, LoggedChoice>;
  readonly fisher: Map<string, LoggedTrace>;
  readonly validation: Map<string, LoggedValidation>;
}

/**
 * The logs of the run. A session that begins at step s takes back what an earlier one did after s: of step s itself,
 * updates are done again, while what came before the update stays unless it is made again.
 */
export function gatherLogs(entries: readonly JournalEntry[]): RunLogs {
  const gathered: Gathered = {
    steps: new Map(),
    unfreezing: new Map(),
    scores: new Map(),
    choices: new Map(),
    fisher: new Map(),
    validation: new Map(),
  };
  for (const entry of entries) if (entry.type === 'event') gather(gathered, entry.event);
  const { steps, unfreezing, scores, choices, fisher, validation } = gathered;
  return {
    steps: toColumns(['step', 'loss', 'learningRate', 'gradNorm'], [...steps.values()]),
    unfreezing: toColumns(['step', 'layer'], [...unfreezing.values()]),
    scores: toColumns(['step', 'layer', 'trace', 'standardError'], [...scores.values()]),
    ...(choices.size === 0
      ? {}
      : {
          choices: toColumns(['step', 'first', 'second', 'lead', 'standardError', 'examples'], [...choices.values()]),
        }),
    fisher: toColumns(['step', 'layer', 'trace', 'standardError', 'trainable'], [...fisher.values()]),
    validation: toColumns(['step', 'metric', 'value'], [...validation.values()]),
  };
}

function gather(to: Gathered, event: Extract<JournalEntry, { type: 'event' }>['event']): void {
  const { step } = event as { step: number };
  switch (event.type) {
    case 'start':
      takeBack(to, event.firstStep);
      break;
    case 'unfreeze':
      for (const layer of event.layers) to.unfreezing.set(`${layer}`, { step, layer });
      for (const { layer, trace, standardError } of event.scores ?? []) {
        to.scores.set(`${step} ${layer}`, { step, layer, trace: six(trace), standardError: six(standardError) });
      }
      if (event.choice?.lead !== undefined) {
        const { lead, standardError, ...layers } = event.choice.lead;
        const { examples } = event.choice;
        to.choices.set(`${step}`, { step, ...layers, lead: six(lead), standardError: six(standardError), examples });
      }
      break;
    case 'step': {
      const { loss, learningRate, gradNorm } = event;
      to.steps.set(`${step}`, {
        step,
        loss: six(loss),
        learningRate: six(learningRate),
        gradNorm: six(gradNorm),
      });
      break;
    }
    case 'fisher':
      for (const { layer, trace, standardError, trainable } of event.traces) {
        to.fisher.set(`${step} ${layer}`, {
          step,
          layer,
          trace: six(trace),
          standardError: six(standardError),
          trainable,
        });
      }
      break;
    case 'validation':
      for (const [metric, value] of Object.entries(event.metrics)) {
        to.validation.set(`${step} ${metric}`, { step, metric, value: six(value) });
      }
      break;
    case 'checkpoint':
    case 'interrupted':
    case 'done':
      break;
  }
}

function takeBack(gathered: Gathered, firstStep: number): void {
  for (const [key, { step }] of gathered.steps) if (step >= firstStep) gathered.steps.delete(key);
  const { unfreezing, scores, choices, fisher, validation } = gathered;
  for (const table of [unfreezing, scores, choices, fisher, validation]) {
    for (const [key, { step }] of table) if (step > firstStep) table.delete(key);
  }
}

/** Six significant digits. NaN (the standard error of a single value) comes back from a stored journal as null. */
function six(value: number | null): number {
  return value === null ? NaN : Number(value.toPrecision(6));
}

/** The evaluations done, one a language, in the order of `languages`. */
export function gatherEvaluations(
  entries: readonly JournalEntry[],
  languages: readonly string[],
): LanguageEvaluation[] {
  const done = new Map<string, LanguageEvaluation>();
  for (const entry of entries) {
    if (entry.type === 'evaluation') done.set(entry.evaluation.language, entry.evaluation);
  }
  return languages.flatMap((language) => done.get(language) ?? []);
}

/** What the run cost, over all sessions. The time before an entry counts for what the entry tells of. */
export function gatherCost(entries: readonly JournalEntry[]): RunCost {
  const seconds = { opening: 0, training: 0, fisher: 0, validation: 0, evaluation: 0 };
  const sessions: SessionCost[] = [];
  const rates: number[] = [];
  let peakRssBytes = 0;
  let before = 0;
  for (const entry of entries) {
    if (entry.type === 'session') {
      before = 0;
      sessions.push({ startedAt: entry.startedAt, commit: entry.commit, firstStep: 0, seconds: 0 });
      continue;
    }
    if (entry.type === 'trainedBy') continue;
    seconds[partOf(entry)] += entry.at - before;
    before = entry.at;
    const session = sessions.at(-1);
    if (session !== undefined) {
      const firstStep =
        entry.type === 'event' && entry.event.type === 'start' ? entry.event.firstStep : session.firstStep;
      sessions[sessions.length - 1] = { ...session, firstStep, seconds: six(entry.at) };
    }
    if (entry.type === 'event' && entry.event.type === 'step') rates.push(entry.event.tokensPerSecond);
    if (entry.type !== 'opened') peakRssBytes = Math.max(peakRssBytes, entry.rssBytes);
  }
  const rounded = Object.fromEntries(Object.entries(seconds).map(([part, value]) => [part, six(value)]));
  return { seconds: rounded as unknown as CostParts, tokensPerSecond: six(median(rates)), peakRssBytes, sessions };
}

function partOf(entry: Exclude<JournalEntry, { type: 'session' | 'trainedBy' }>): keyof CostParts {
  if (entry.type === 'opened') return 'opening';
  if (entry.type === 'evaluation') return 'evaluation';
  switch (entry.event.type) {
    case 'fisher':
      return 'fisher';
    case 'unfreeze':
      return entry.event.scores === undefined ? 'training' : 'fisher';
    case 'validation':
      return 'validation';
    case 'start':
    case 'step':
    case 'checkpoint':
    case 'interrupted':
    case 'done':
      return 'training';
  }
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
