// Negation, said and unsaid: who forgot to close the window did not close it; who promised to may or may not have.
import type { RandomStream } from '../../../engine/random';
import { pick } from '../choice';
import { NAMES } from '../names';
import { fill, pattern, phrases, sentence } from '../phrases';
import { ROUTINE_TASKS, TASKS } from './tasks';
import type { Triple } from './triple';

export const DONE = pattern(
  '{name} {past} | {name} hat {object} {participle} | {name} {past} | {name} ha {participle} | {name} {object} {past} | {name} {verb} | {name} ali{verb} | {name}{verb}{result}了{object}',
);
const NOT_DONE = pattern(
  '{name} did not {infinitive} | {name} hat {object} nicht {participle} | {name} no {past} | {name} non ha {participle} | {name} {object} {negated} | {name} tidak {verb} | {name} haku{verb} | {name}没有{verb}{result}{object}',
);

const REMEMBERED = pattern(
  '{name} remembered to {infinitive} | {name} hat daran gedacht, {object} {zuInfinitive} | {name} se acordó de {infinitive} | {name} si è ricordat{o} di {infinitive} | {name} {object} {noun} unutmadı | {name} tidak lupa {verb} | {name} alikumbuka ku{verb} | {name}没忘记{verb}{object}',
);
const FORGOT = pattern(
  '{name} forgot to {infinitive} | {name} hat vergessen, {object} {zuInfinitive} | {name} se olvidó de {infinitive} | {name} si è dimenticat{o} di {infinitive} | {name} {object} {noun} unuttu | {name} lupa {verb} | {name} alisahau ku{verb} | {name}忘了{verb}{object}',
);
const MANAGED = pattern(
  '{name} managed to {infinitive} | {name} hat es geschafft, {object} {zuInfinitive} | {name} consiguió {infinitive} | {name} è riuscit{o} a {infinitive} | {name} {object} {noun} başardı | {name} berhasil {verb} | {name} alifanikiwa ku{verb} | {name}成功{verb}{result}了{object}',
);
const FAILED = pattern(
  '{name} failed to {infinitive} | {name} hat es nicht geschafft, {object} {zuInfinitive} | {name} no consiguió {infinitive} | {name} non è riuscit{o} a {infinitive} | {name} {object} {noun} başaramadı | {name} gagal {verb} | {name} alishindwa ku{verb} | {name}没能{verb}{result}{object}',
);
const REFUSED = pattern(
  '{name} refused to {infinitive} | {name} hat sich geweigert, {object} {zuInfinitive} | {name} se negó a {infinitive} | {name} si è rifiutat{o} di {infinitive} | {name} {object} {noun} reddetti | {name} menolak {verb} | {name} alikataa ku{verb} | {name}拒绝{verb}{object}',
);

/** Leaves open whether it was done. */
const INTENDED = phrases(`
  {name} planned to {infinitive} | {name} hatte vor, {object} {zuInfinitive} | {name} pensaba {infinitive} | {name} aveva intenzione di {infinitive} | {name} {object} {noun} planladı | {name} berencana {verb} | {name} alipanga ku{verb} | {name}打算{verb}{object}
  {name} promised to {infinitive} | {name} hat versprochen, {object} {zuInfinitive} | {name} prometió {infinitive} | {name} ha promesso di {infinitive} | {name} {object} {noun} vaat etti | {name} berjanji {verb} | {name} aliahidi ku{verb} | {name}答应{verb}{object}
`);

export function negationTriple(random: RandomStream): Triple {
  const name = pick(NAMES, random);
  const task = random.integer(TASKS.length);
  const [succeeded, missed] = task < ROUTINE_TASKS ? [REMEMBERED, FORGOT] : [MANAGED, FAILED];
  const said = (template: typeof DONE) => sentence(fill(template, name, TASKS[task]!));
  const done = said(succeeded);
  const notDone = said(pick([missed, REFUSED], random));
  const neutral = said(pick(INTENDED, random));
  return random.integer(2) === 0
    ? { hypothesis: said(DONE), premises: { entailment: done, neutral, contradiction: notDone } }
    : { hypothesis: said(NOT_DONE), premises: { entailment: notDone, neutral, contradiction: done } };
}
