// Antonym verbs: "On Monday Anna won the game" against "lost the game". The neutral premise tells of another deed.
import type { RandomStream } from '../../../engine/random';
import { pick } from '../choice';
import { NAMES } from '../names';
import { fill, lexicon, pattern, sentence, simpleLexicon, type Entry } from '../phrases';
import type { Triple } from './triple';

/** Pairs of opposite deeds, two lines a pair; German keeps the participle for the end of the clause. */
const DEEDS = lexicon(`
  deed | object / participle | deed | deed | deed | deed | deed | deed
  won the game | das Spiel / gewonnen | ganó el partido | ha vinto la partita | maçı kazandı | memenangkan pertandingan | alishinda mechi | 赢了比赛
  lost the game | das Spiel / verloren | perdió el partido | ha perso la partita | maçı kaybetti | kalah dalam pertandingan | alipoteza mechi | 输了比赛
  opened the door | die Tür / geöffnet | abrió la puerta | ha aperto la porta | kapıyı açtı | membuka pintu | alifungua mlango | 打开了门
  closed the door | die Tür / geschlossen | cerró la puerta | ha chiuso la porta | kapıyı kapattı | menutup pintu | alifunga mlango | 关上了门
  passed the exam | die Prüfung / bestanden | aprobó el examen | ha superato l'esame | sınavı geçti | lulus ujian | alifaulu mtihani | 通过了考试
  failed the exam | die Prüfung / nicht bestanden | suspendió el examen | ha fallito l'esame | sınavda kaldı | gagal ujian | alifeli mtihani | 没有通过考试
  accepted the offer | das Angebot / angenommen | aceptó la oferta | ha accettato l'offerta | teklifi kabul etti | menerima tawaran itu | alikubali ofa | 接受了提议
  rejected the offer | das Angebot / abgelehnt | rechazó la oferta | ha rifiutato l'offerta | teklifi reddetti | menolak tawaran itu | alikataa ofa | 拒绝了提议
  raised the price | den Preis / erhöht | subió el precio | ha aumentato il prezzo | fiyatı artırdı | menaikkan harga | alipandisha bei | 提高了价格
  lowered the price | den Preis / gesenkt | bajó el precio | ha abbassato il prezzo | fiyatı düşürdü | menurunkan harga | alipunguza bei | 降低了价格
  switched on the radio | das Radio / eingeschaltet | encendió la radio | ha acceso la radio | radyoyu açtı | menyalakan radio | aliwasha redio | 打开了收音机
  switched off the radio | das Radio / ausgeschaltet | apagó la radio | ha spento la radio | radyoyu kapattı | mematikan radio | alizima redio | 关掉了收音机
  praised the pupil | den Schüler / gelobt | elogió al alumno | ha lodato l'alunno | öğrenciyi övdü | memuji murid itu | alimsifu mwanafunzi | 表扬了学生
  criticised the pupil | den Schüler / kritisiert | criticó al alumno | ha criticato l'alunno | öğrenciyi eleştirdi | mengkritik murid itu | alimkosoa mwanafunzi | 批评了学生
  told the truth | die Wahrheit / gesagt | dijo la verdad | ha detto la verità | doğruyu söyledi | mengatakan yang sebenarnya | alisema ukweli | 说了实话
  told a lie | eine Lüge / erzählt | dijo una mentira | ha detto una bugia | yalan söyledi | mengatakan kebohongan | alisema uongo | 说了谎话
  supported the plan | den Plan / unterstützt | apoyó el plan | ha appoggiato il piano | planı destekledi | mendukung rencana itu | aliunga mkono mpango | 支持了这个计划
  opposed the plan | den Plan / bekämpft | se opuso al plan | ha contrastato il piano | plana karşı çıktı | menentang rencana itu | alipinga mpango | 反对了这个计划
  saved the money | das Geld / gespart | ahorró el dinero | ha risparmiato i soldi | parayı biriktirdi | menabung uang itu | aliweka akiba pesa | 存下了钱
  spent the money | das Geld / ausgegeben | gastó el dinero | ha speso i soldi | parayı harcadı | menghabiskan uang itu | alitumia pesa | 花掉了钱
  remembered the appointment | an den Termin / gedacht | recordó la cita | ha ricordato l'appuntamento | randevuyu hatırladı | ingat akan janji itu | alikumbuka miadi | 记起了约会
  forgot the appointment | den Termin / vergessen | olvidó la cita | ha dimenticato l'appuntamento | randevuyu unuttu | lupa akan janji itu | alisahau miadi | 忘记了约会
`);

const TIMES = simpleLexicon(
  'time',
  `
  yesterday | gestern | ayer | ieri | dün | kemarin | jana | 昨天
  on Monday | am Montag | el lunes | lunedì | pazartesi günü | pada hari Senin | siku ya Jumatatu | 星期一
  on Friday | am Freitag | el viernes | venerdì | cuma günü | pada hari Jumat | siku ya Ijumaa | 星期五
  this morning | heute Morgen | esta mañana | stamattina | bu sabah | tadi pagi | leo asubuhi | 今天早上
  last week | letzte Woche | la semana pasada | la settimana scorsa | geçen hafta | minggu lalu | wiki iliyopita | 上个星期
  two days ago | vor zwei Tagen | hace dos días | due giorni fa | iki gün önce | dua hari yang lalu | siku mbili zilizopita | 两天前
  last night | gestern Abend | anoche | ieri sera | dün akşam | tadi malam | jana usiku | 昨天晚上
`,
);

const WITHOUT_TIME = pattern(
  '{name} {deed} | {name} hat {object} {participle} | {name} {deed} | {name} {deed} | {name} {deed} | {name} {deed} | {name} {deed} | {name}{deed}',
);
const WITH_TIME = pattern(
  '{name} {deed} {time} | {name} hat {time} {object} {participle} | {name} {deed} {time} | {name} {deed} {time} | {name} {time} {deed} | {name} {deed} {time} | {name} {deed} {time} | {name}{time}{deed}',
);

export function verbTriple(random: RandomStream): Triple {
  const name = pick(NAMES, random);
  const asked = random.integer(DEEDS.length);
  const otherPairs = DEEDS.filter((_, i) => i >> 1 !== asked >> 1);
  const premise = (deed: Entry) => sentence(fill(WITH_TIME, name, deed, pick(TIMES, random)));
  return {
    hypothesis: sentence(fill(WITHOUT_TIME, name, DEEDS[asked]!)),
    premises: {
      entailment: premise(DEEDS[asked]!),
      neutral: premise(pick(otherPairs, random)),
      contradiction: premise(DEEDS[asked ^ 1]!),
    },
  };
}
