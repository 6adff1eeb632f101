// A triple: one hypothesis with three premises, one for each label. Every hypothesis therefore occurs once with every
// label, and nothing in a hypothesis alone can tell the label.
import type { RandomStream } from '../../../engine/random';
import type { Phrase } from '../phrases';

export const NLI_LABELS = ['entailment', 'neutral', 'contradiction'] as const;
export type NliLabel = (typeof NLI_LABELS)[number];

export interface Triple {
  readonly hypothesis: Phrase;
  readonly premises: Readonly<Record<NliLabel, Phrase>>;
}

/** One phenomenon: draws a triple from its lexicon and patterns. */
export type TripleSource = (random: RandomStream) => Triple;
