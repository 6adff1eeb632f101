// The NLI part of the mini suite: triples of every phenomenon, divided into train, dev and test without overlap.
import { randomStream, type RandomStream } from '../../../engine/random';
import { pick } from '../choice';
import { CONTEXTS } from '../contexts';
import { text, type Phrase } from '../phrases';
import { adjectiveTriple } from './adjectives';
import { hypernymTriple } from './hypernyms';
import { negationTriple } from './negation';
import { numberTriple } from './numbers';
import { placeTriple } from './places';
import { quantifierTriple } from './quantifiers';
import { timeOrderTriple } from './timeOrder';
import { NLI_LABELS, type NliLabel, type Triple, type TripleSource } from './triple';
import { verbTriple } from './verbs';
import { voiceTriple } from './voice';

/** Each phenomenon and its share of 100 triples. */
export const PHENOMENA: readonly { readonly name: string; readonly share: number; readonly triple: TripleSource }[] = [
  { name: 'antonym adjectives', share: 15, triple: adjectiveTriple },
  { name: 'antonym verbs', share: 11, triple: verbTriple },
  { name: 'hypernyms', share: 14, triple: hypernymTriple },
  { name: 'places', share: 12, triple: placeTriple },
  { name: 'numbers', share: 11, triple: numberTriple },
  { name: 'quantifiers', share: 11, triple: quantifierTriple },
  { name: 'negation', share: 11, triple: negationTriple },
  { name: 'time order', share: 7, triple: timeOrderTriple },
  { name: 'active and passive', share: 8, triple: voiceTriple },
];

export interface NliPair {
  readonly phenomenon: string;
  readonly premise: Phrase;
  readonly hypothesis: Phrase;
  readonly label: NliLabel;
}

export interface NliSuite {
  /** 2,400 pairs. */
  readonly train: readonly NliPair[];
  /** 300 pairs. */
  readonly dev: readonly NliPair[];
  /** 300 pairs. */
  readonly test: readonly NliPair[];
}

/**
 * Draws the suite from the seed. No hypothesis and no premise occurs in more than one of train, dev and test, and no
 * text occurs twice as a hypothesis or twice as a premise within one of them.
 */
export function nliSuite(seed: number): NliSuite {
  const random = randomStream(seed, 'mini-suite/nli');
  const owner = new Map<string, 'test' | 'dev' | 'train'>();
  const draw = (split: 'test' | 'dev' | 'train', triples: number): NliPair[] => {
    const pairs = PHENOMENA.flatMap(({ name, share, triple }) =>
      Array.from({ length: (triples * share) / 100 }, () => unusedTriple(triple, owner, split, random)).flatMap(
        (drawn) => pairsOf(name, drawn),
      ),
    );
    return random.permutation(pairs.length).map((i) => pairs[i]!);
  };
  return { test: draw('test', 100), dev: draw('dev', 100), train: draw('train', 800) };
}

function pairsOf(phenomenon: string, { hypothesis, premises }: Triple): NliPair[] {
  return NLI_LABELS.map((label) => ({ phenomenon, premise: premises[label], hypothesis, label }));
}

/** Draws until none of the English texts is taken; a third of the premises get a sentence of context. */
function unusedTriple(draw: TripleSource, owner: Map<string, string>, split: string, random: RandomStream): Triple {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const { hypothesis, premises } = draw(random);
    const inContext = (premise: Phrase) => (random.integer(3) === 0 ? text(pick(CONTEXTS, random), premise) : premise);
    const keys = [`hypothesis ${hypothesis.en}`, ...NLI_LABELS.map((label) => `premise ${premises[label].en}`)];
    if (new Set(keys).size < keys.length || keys.some((key) => owner.has(key))) continue;
    keys.forEach((key) => owner.set(key, split));
    return {
      hypothesis,
      premises: {
        entailment: inContext(premises.entailment),
        neutral: inContext(premises.neutral),
        contradiction: inContext(premises.contradiction),
      },
    };
  }
  throw new Error('The lexicon of a phenomenon is too small for the number of triples asked for.');
}

/** The pairs in one language as XNLI's TSV: a header, no quoting, a pair a line. */
export function nliTsv(pairs: readonly NliPair[], language: keyof Phrase): string {
  const rows = pairs.map(
    ({ premise, hypothesis, label }) => `${premise[language]}\t${hypothesis[language]}\t${label}\n`,
  );
  return `premise\thypothesis\tlabel\n${rows.join('')}`;
}
