// The multiple-choice part of the mini suite. Questions come in fours from two pairs of cause and effect: both effects
// are the choices for either cause, both causes the choices for either effect. Every pair of choices therefore occurs
// with both labels, and the choices alone tell nothing.
import { randomStream, type RandomStream } from '../../../engine/random';
import { pick, sample } from '../choice';
import { NAMES } from '../names';
import { fill, type MiniLanguage, type Phrase } from '../phrases';
import { HELD_OUT_SCENARIOS } from './heldOutScenarios';
import type { CauseAndEffect, Scenario } from './scenario';
import { TRAIN_SCENARIOS } from './trainScenarios';

export interface ChoiceQuestion {
  readonly premise: Phrase;
  readonly choices: readonly [Phrase, Phrase];
  readonly asksFor: 'cause' | 'effect';
  readonly label: 0 | 1;
}

export interface CopaSuite {
  /** 400 questions. */
  readonly train: readonly ChoiceQuestion[];
  /** 100 questions. */
  readonly validation: readonly ChoiceQuestion[];
  /** 100 questions. */
  readonly test: readonly ChoiceQuestion[];
}

type Draw = (random: RandomStream) => readonly [CauseAndEffect, CauseAndEffect];

/** Draws the suite from the seed; no question occurs twice, in one part or in two. */
export function copaSuite(seed: number): CopaSuite {
  const random = randomStream(seed, 'mini-suite/copa');
  const half = HELD_OUT_SCENARIOS.length / 2;
  const used = new Set<string>();
  const fours = (count: number, draw: Draw) =>
    Array.from({ length: count }, () => unusedFour(draw, used, random)).flat();
  const shuffled = (questions: ChoiceQuestion[]) => random.permutation(questions.length).map((i) => questions[i]!);
  // Evaluation: 32 questions within unseen scenarios, 48 across scenarios of which one is unseen, 20 within seen ones.
  const evaluation = (unseen: readonly Scenario[]) =>
    shuffled([
      ...unseen.flatMap((scenario) => fours(1, () => scenario.pairs)),
      ...fours(12, (stream) => across(unseen, TRAIN_SCENARIOS, stream)),
      ...fours(5, (stream) => pick(TRAIN_SCENARIOS, stream).pairs),
    ]);
  const test = evaluation(HELD_OUT_SCENARIOS.slice(half));
  const validation = evaluation(HELD_OUT_SCENARIOS.slice(0, half));
  const train = shuffled([
    ...fours(50, (stream) => pick(TRAIN_SCENARIOS, stream).pairs),
    ...fours(50, (stream) => across(TRAIN_SCENARIOS, TRAIN_SCENARIOS, stream)),
  ]);
  return { train, validation, test };
}

/** One pair from each of two scenarios without a common topic. */
function across(some: readonly Scenario[], others: readonly Scenario[], random: RandomStream) {
  const first = pick(some, random);
  const strangers = others.filter(({ topics }) => !topics.some((topic) => first.topics.includes(topic)));
  return [pick(first.pairs, random), pick(pick(strangers, random).pairs, random)] as const;
}

function unusedFour(draw: Draw, used: Set<string>, random: RandomStream): ChoiceQuestion[] {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const pairs = draw(random);
    const name = pick(NAMES, random);
    const told = pairs.map(({ cause, effect }) => ({ cause: fill(cause, name), effect: fill(effect, name) }));
    const four = (['effect', 'cause'] as const).flatMap((asksFor) => mirrored(told, asksFor, random));
    const keys = four.map(({ premise, choices }) => [premise.en, ...choices.map(({ en }) => en).sort()].join(' '));
    if (keys.some((key) => used.has(key))) continue;
    keys.forEach((key) => used.add(key));
    return four;
  }
  throw new Error('Too few scenarios for the number of questions asked for.');
}

/** The two questions that have the same choices in the same order: each choice is right once. */
function mirrored(
  told: readonly { cause: Phrase; effect: Phrase }[],
  asksFor: 'cause' | 'effect',
  random: RandomStream,
): ChoiceQuestion[] {
  const [first, second] = sample(told, 2, random) as [(typeof told)[number], (typeof told)[number]];
  const given = asksFor === 'cause' ? 'effect' : 'cause';
  const choices = [first[asksFor], second[asksFor]] as const;
  return [
    { premise: first[given], choices, asksFor, label: 0 },
    { premise: second[given], choices, asksFor, label: 1 },
  ];
}

/** The questions in one language in XCOPA's format, an object a line. */
export function copaJsonl(questions: readonly ChoiceQuestion[], language: MiniLanguage): string {
  return questions
    .map(({ premise, choices, asksFor, label }, idx) => {
      const [choice1, choice2] = [choices[0][language], choices[1][language]];
      const row = { premise: premise[language], choice1, choice2, question: asksFor, label, idx, changed: false };
      return `${JSON.stringify(row)}\n`;
    })
    .join('');
}
