// The question-answering part of the mini suite. A passage tells three facts about each of two things of the same kind,
// in random order: whoever only looks for an answer of the right type finds two.
import { randomStream, type RandomStream } from '../../../engine/random';
import { pick, sample } from '../choice';
import { NAMES } from '../names';
import { as, byLanguage, fill, MINI_LANGUAGES, text, type Entry, type MiniLanguage, type Phrase } from '../phrases';
import { inventName } from './inventedNames';
import { TOPICS, type Fact, type Topic, type ValueSource } from './topics';

export interface Question {
  readonly id: string;
  readonly kind: Fact['kind'];
  readonly question: Phrase;
  readonly answer: Phrase;
}

export interface Passage {
  readonly title: string;
  readonly context: Phrase;
  readonly questions: readonly Question[];
}

export interface QaSuite {
  /** 120 passages, 600 questions. */
  readonly train: readonly Passage[];
  /** 20 passages, 100 questions. */
  readonly dev: readonly Passage[];
  /** 24 passages, 120 questions. */
  readonly test: readonly Passage[];
}

/** Sentences of a passage; all but one are asked about, and which one is left out goes round. */
const SENTENCES = 6;

/** Draws the suite from the seed; every invented name is used for one thing only. */
export function qaSuite(seed: number): QaSuite {
  const random = randomStream(seed, 'mini-suite/qa');
  const usedNames = new Set<string>();
  const part = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) =>
      unambiguousPassage(TOPICS[i % TOPICS.length]!, `${name}-${i}`, (i + i / SENTENCES) | 0, usedNames, random),
    );
  return { test: part('test', 24), dev: part('dev', 20), train: part('train', 120) };
}

/** Draws until every answer stands exactly once in its passage, in every language. */
function unambiguousPassage(topic: Topic, id: string, turn: number, used: Set<string>, random: RandomStream): Passage {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const passage = drawPassage(topic, id, turn, used, random);
    const unambiguous = MINI_LANGUAGES.every((language) =>
      passage.questions.every(({ answer }) => passage.context[language].split(answer[language]).length === 2),
    );
    if (unambiguous) return passage;
  }
  throw new Error(`No unambiguous passage about ${topic.title} was found.`);
}

function drawPassage(topic: Topic, id: string, turn: number, used: Set<string>, random: RandomStream): Passage {
  const facts = sample(topic.facts, SENTENCES / 2, random);
  const entities = [0, 1].map(() =>
    topic.entity === 'woman' ? person(WOMEN, used, random) : inventName(used, random),
  );
  const told = facts.flatMap((fact) =>
    sample(entities, 2, random).map((entity) => ({ fact, entity, value: draw(fact.values, used, random) })),
  );
  const ordered = sample(told, SENTENCES, random);
  const slots = ({ entity, value }: (typeof told)[number]): Entry[] => [as('entity', entity), as('value', value)];
  const asked = ordered.filter((_, position) => position !== turn % SENTENCES);
  return {
    title: topic.title,
    context: text(...ordered.map((item) => fill(item.fact.sentence, ...slots(item)))),
    questions: asked.map((item, i) => ({
      id: `mini-${id}-${i}`,
      kind: item.fact.kind,
      question: fill(item.fact.question, ...slots(item)),
      answer: item.value,
    })),
  };
}

const WOMEN = NAMES.filter((name) => name.it.o === 'a');

function draw(source: ValueSource, used: Set<string>, random: RandomStream): Phrase {
  switch (source) {
    case 'name':
      return inventName(used, random);
    case 'person':
      return person(NAMES, used, random);
    case 'year':
      return digits(1400 + random.integer(600));
    case 'recent year':
      return digits(1970 + random.integer(50));
    case 'count':
      return digits(10 * (20 + random.integer(970)));
    case 'few':
      return digits(11 + random.integer(88));
    default: {
      const value = pick(source, random);
      return byLanguage((language) => value[language].value!);
    }
  }
}

/** A first name with an invented family name. */
function person(firstNames: readonly Entry[], used: Set<string>, random: RandomStream): Phrase {
  const first = pick(firstNames, random);
  const family = inventName(used, random);
  return byLanguage((language) => first[language].name! + (language === 'zh' ? '·' : ' ') + family[language]);
}

function digits(value: number): Phrase {
  return byLanguage(() => String(value));
}

/** The passages in one language in SQuAD's JSON, one article a topic; offsets in code points. */
export function squadJson(passages: readonly Passage[], language: MiniLanguage): string {
  const data = TOPICS.map(({ title }) => ({
    title,
    paragraphs: passages
      .filter((passage) => passage.title === title)
      .map(({ context, questions }) => ({
        context: context[language],
        qas: questions.map(({ id, question, answer }) => ({
          id,
          question: question[language],
          answers: [{ text: answer[language], answer_start: offset(context[language], answer[language]) }],
        })),
      })),
  }));
  return `${JSON.stringify({ version: 'mini', data })}\n`;
}

function offset(context: string, answer: string): number {
  return [...context.slice(0, context.indexOf(answer))].length;
}
