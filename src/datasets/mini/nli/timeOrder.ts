// Time order: "shortly before the concert" against "after the concert", and one event before another.
import type { RandomStream } from '../../../engine/random';
import { pick, sample } from '../choice';
import { NAMES } from '../names';
import { as, byLanguage, fill, lexicon, pattern, sentence, type Entry, type Phrase } from '../phrases';
import { TASKS } from './tasks';
import type { Triple } from './triple';

/** Events: as a subject (Swahili with its verb of being, which agrees), and after "before" and "after". */
const EVENTS = lexicon(`
  event / before / after | event / before / after | event / before / after | event / before / after | event / ablative | event / before / after | event / before / after | event / before / after
  the concert / before the concert / after the concert | das Konzert / vor dem Konzert / nach dem Konzert | el concierto / antes del concierto / después del concierto | il concerto / prima del concerto / dopo il concerto | konser / konserden | konser itu / sebelum konser / setelah konser | tamasha lilikuwa / kabla ya tamasha / baada ya tamasha | 音乐会 / 音乐会前 / 音乐会后
  the dinner / before the dinner / after the dinner | das Abendessen / vor dem Abendessen / nach dem Abendessen | la cena / antes de la cena / después de la cena | la cena / prima della cena / dopo la cena | akşam yemeği / akşam yemeğinden | makan malam itu / sebelum makan malam / setelah makan malam | chakula cha jioni kilikuwa / kabla ya chakula cha jioni / baada ya chakula cha jioni | 晚饭 / 晚饭前 / 晚饭后
  the meeting / before the meeting / after the meeting | die Besprechung / vor der Besprechung / nach der Besprechung | la reunión / antes de la reunión / después de la reunión | la riunione / prima della riunione / dopo la riunione | toplantı / toplantıdan | rapat itu / sebelum rapat / setelah rapat | mkutano ulikuwa / kabla ya mkutano / baada ya mkutano | 会议 / 会议前 / 会议后
  the wedding / before the wedding / after the wedding | die Hochzeit / vor der Hochzeit / nach der Hochzeit | la boda / antes de la boda / después de la boda | il matrimonio / prima del matrimonio / dopo il matrimonio | düğün / düğünden | pernikahan itu / sebelum pernikahan / setelah pernikahan | harusi ilikuwa / kabla ya harusi / baada ya harusi | 婚礼 / 婚礼前 / 婚礼后
  the exam / before the exam / after the exam | die Prüfung / vor der Prüfung / nach der Prüfung | el examen / antes del examen / después del examen | l'esame / prima dell'esame / dopo l'esame | sınav / sınavdan | ujian itu / sebelum ujian / setelah ujian | mtihani ulikuwa / kabla ya mtihani / baada ya mtihani | 考试 / 考试前 / 考试后
  the party / before the party / after the party | die Feier / vor der Feier / nach der Feier | la fiesta / antes de la fiesta / después de la fiesta | la festa / prima della festa / dopo la festa | parti / partiden | pesta itu / sebelum pesta / setelah pesta | sherehe ilikuwa / kabla ya sherehe / baada ya sherehe | 聚会 / 聚会前 / 聚会后
  the match / before the match / after the match | das Spiel / vor dem Spiel / nach dem Spiel | el partido / antes del partido / después del partido | la partita / prima della partita / dopo la partita | maç / maçtan | pertandingan itu / sebelum pertandingan / setelah pertandingan | mechi ilikuwa / kabla ya mechi / baada ya mechi | 比赛 / 比赛前 / 比赛后
  the lesson / before the lesson / after the lesson | der Unterricht / vor dem Unterricht / nach dem Unterricht | la clase / antes de la clase / después de la clase | la lezione / prima della lezione / dopo la lezione | ders / dersten | pelajaran itu / sebelum pelajaran / setelah pelajaran | somo lilikuwa / kabla ya somo / baada ya somo | 课程 / 课程前 / 课程后
`);

type Order = 'before' | 'after';

/** A deed, and a deed shortly, before or after an event. */
const DEED = inBothOrders(
  '{name} {past} {when} | {name} hat {when} {object} {participle} | {name} {past} {when} | {name} ha {participle} {when} | {name} {when} {object} {past} | {name} {verb} {when} | {name} ali{verb} {when} | {name}在{when}{verb}{result}了{object}',
  '{ablative} önce',
  '{ablative} sonra',
);
const DEED_SHORTLY = inBothOrders(
  '{name} {past} shortly {when} | {name} hat kurz {when} {object} {participle} | {name} {past} poco {when} | {name} ha {participle} poco {when} | {name} {when} {object} {past} | {name} {verb} tidak lama {when} | {name} ali{verb} muda mfupi {when} | {name}在{when}不久{verb}{result}了{object}',
  '{ablative} kısa süre önce',
  '{ablative} kısa süre sonra',
);

/** One event before or after another: `subject` is the event that is spoken of. */
const EVENT = inBothOrders(
  '{subject} was {when} | {subject} war {when} | {subject} fue {when} | {subject} era {when} | {subject} {when} | {subject} berlangsung {when} | {subject} {when} | {subject}安排在{when}',
  '{ablative} önceydi',
  '{ablative} sonraydı',
);

const OPPOSITE: Readonly<Record<Order, Order>> = { before: 'after', after: 'before' };

export function timeOrderTriple(random: RandomStream): Triple {
  return random.integer(4) === 0 ? eventOrderTriple(random) : deedTriple(random);
}

/** Hypothesis: a deed before (after) an event. Premise: shortly before, shortly after, or another deed or event. */
function deedTriple(random: RandomStream): Triple {
  const name = pick(NAMES, random);
  const [task, otherTask] = sample(TASKS, 2, random) as [Entry, Entry];
  const [event, otherEvent] = sample(EVENTS, 2, random) as [Entry, Entry];
  const order = pick(['before', 'after'] as const, random);
  const premise = (when: Order, what: Entry, next: Entry) => sentence(fill(DEED_SHORTLY[when], name, what, next));
  const anyOrder = pick(['before', 'after'] as const, random);
  return {
    hypothesis: sentence(fill(DEED[order], name, task, event)),
    premises: {
      entailment: premise(order, task, event),
      neutral: random.integer(2) === 0 ? premise(anyOrder, otherTask, event) : premise(anyOrder, task, otherEvent),
      contradiction: premise(OPPOSITE[order], task, event),
    },
  };
}

/** Hypothesis: A was before B. Premise: B was after A, B was before A, or something about another event. */
function eventOrderTriple(random: RandomStream): Triple {
  const [a, b, other] = sample(EVENTS, 3, random) as [Entry, Entry, Entry];
  const order = pick(['before', 'after'] as const, random);
  const claim = (subject: Entry, when: Order, object: Entry) => sentence(fill(EVENT[when], object, subjectOf(subject)));
  return {
    hypothesis: claim(a, order, b),
    premises: {
      entailment: claim(b, OPPOSITE[order], a),
      neutral: claim(b, pick(['before', 'after'] as const, random), other),
      contradiction: claim(b, order, a),
    },
  };
}

function subjectOf(event: Entry): Entry {
  return as(
    'subject',
    byLanguage((language) => event[language].event!),
  );
}

/** The pattern with `{when}` read as before and as after; Turkish puts its postposition behind the ablative. */
function inBothOrders(line: string, turkishBefore: string, turkishAfter: string): Readonly<Record<Order, Phrase>> {
  const read = (order: Order, turkish: string) => {
    const template = pattern(line.replaceAll('{when}', `{${order}}`));
    return { ...template, tr: template.tr.replace(`{${order}}`, turkish) };
  };
  return { before: read('before', turkishBefore), after: read('after', turkishAfter) };
}
