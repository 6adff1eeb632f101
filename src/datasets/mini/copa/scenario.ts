// Scenarios of causes and effects: two causes with their effects about the same thing, so that neither effect fits the
// other cause. Four lines a scenario: cause, its effect, the other cause, its effect.
import { phrases, type Phrase } from '../phrases';

export interface Scenario {
  /** Two scenarios that share a topic are never mixed in one question: their effects might fit both causes. */
  readonly topics: readonly string[];
  /** Two pairs of a cause and its effect. */
  readonly pairs: readonly [CauseAndEffect, CauseAndEffect];
}

export interface CauseAndEffect {
  readonly cause: Phrase;
  readonly effect: Phrase;
}

/** Reads a scenario: its topics, and a table of four lines: cause, its effect, the other cause, its effect. */
export function scenario(topics: string, table: string): Scenario {
  const [cause, effect, otherCause, otherEffect] = phrases(table) as [Phrase, Phrase, Phrase, Phrase];
  return {
    topics: topics.split(' '),
    pairs: [
      { cause, effect },
      { cause: otherCause, effect: otherEffect },
    ],
  };
}
