// Quantifiers: "All the guests in the hotel smoke and drink coffee" entails that some of them smoke and contradicts
// that none does.
import type { RandomStream } from '../../../engine/random';
import { pick, sample } from '../choice';
import { as, fill, lexicon, pattern, sentence, type Entry, type Phrase } from '../phrases';
import type { Triple } from './triple';

/** Groups of people with their quantifiers. */
const GROUPS = lexicon(`
  all / some / no | all / some / no | all / some / no | all / some / no | all / some / no | all / some / no | all / some / no | all / some / no
  all the teachers at the school / some teachers at the school / no teacher at the school | alle Lehrer an der Schule / einige Lehrer an der Schule / kein Lehrer an der Schule | todos los profesores de la escuela / algunos profesores de la escuela / ningún profesor de la escuela | tutti gli insegnanti della scuola / alcuni insegnanti della scuola / nessun insegnante della scuola | okuldaki bütün öğretmenler / okuldaki bazı öğretmenler / okuldaki hiçbir öğretmen | semua guru di sekolah itu / beberapa guru di sekolah itu / tidak ada guru di sekolah itu | walimu wote shuleni / baadhi ya walimu shuleni / hakuna mwalimu shuleni | 学校里所有的老师都 / 学校里有些老师 / 学校里没有一个老师
  all the workers in the factory / some workers in the factory / no worker in the factory | alle Arbeiter in der Fabrik / einige Arbeiter in der Fabrik / kein Arbeiter in der Fabrik | todos los obreros de la fábrica / algunos obreros de la fábrica / ningún obrero de la fábrica | tutti gli operai della fabbrica / alcuni operai della fabbrica / nessun operaio della fabbrica | fabrikadaki bütün işçiler / fabrikadaki bazı işçiler / fabrikadaki hiçbir işçi | semua pekerja di pabrik itu / beberapa pekerja di pabrik itu / tidak ada pekerja di pabrik itu | wafanyakazi wote kiwandani / baadhi ya wafanyakazi kiwandani / hakuna mfanyakazi kiwandani | 工厂里所有的工人都 / 工厂里有些工人 / 工厂里没有一个工人
  all the guests in the hotel / some guests in the hotel / no guest in the hotel | alle Gäste im Hotel / einige Gäste im Hotel / kein Gast im Hotel | todos los huéspedes del hotel / algunos huéspedes del hotel / ningún huésped del hotel | tutti gli ospiti dell'albergo / alcuni ospiti dell'albergo / nessun ospite dell'albergo | oteldeki bütün konuklar / oteldeki bazı konuklar / oteldeki hiçbir konuk | semua tamu di hotel itu / beberapa tamu di hotel itu / tidak ada tamu di hotel itu | wageni wote hotelini / baadhi ya wageni hotelini / hakuna mgeni hotelini | 酒店里所有的客人都 / 酒店里有些客人 / 酒店里没有一个客人
  all the doctors in the hospital / some doctors in the hospital / no doctor in the hospital | alle Ärzte im Krankenhaus / einige Ärzte im Krankenhaus / kein Arzt im Krankenhaus | todos los médicos del hospital / algunos médicos del hospital / ningún médico del hospital | tutti i medici dell'ospedale / alcuni medici dell'ospedale / nessun medico dell'ospedale | hastanedeki bütün doktorlar / hastanedeki bazı doktorlar / hastanedeki hiçbir doktor | semua dokter di rumah sakit itu / beberapa dokter di rumah sakit itu / tidak ada dokter di rumah sakit itu | madaktari wote hospitalini / baadhi ya madaktari hospitalini / hakuna daktari hospitalini | 医院里所有的医生都 / 医院里有些医生 / 医院里没有一个医生
  all the farmers in the village / some farmers in the village / no farmer in the village | alle Bauern im Dorf / einige Bauern im Dorf / kein Bauer im Dorf | todos los campesinos del pueblo / algunos campesinos del pueblo / ningún campesino del pueblo | tutti i contadini del villaggio / alcuni contadini del villaggio / nessun contadino del villaggio | köydeki bütün çiftçiler / köydeki bazı çiftçiler / köydeki hiçbir çiftçi | semua petani di desa itu / beberapa petani di desa itu / tidak ada petani di desa itu | wakulima wote kijijini / baadhi ya wakulima kijijini / hakuna mkulima kijijini | 村子里所有的农民都 / 村子里有些农民 / 村子里没有一个农民
  all the students at the university / some students at the university / no student at the university | alle Studenten an der Universität / einige Studenten an der Universität / kein Student an der Universität | todos los estudiantes de la universidad / algunos estudiantes de la universidad / ningún estudiante de la universidad | tutti gli studenti dell'università / alcuni studenti dell'università / nessuno studente dell'università | üniversitedeki bütün öğrenciler / üniversitedeki bazı öğrenciler / üniversitedeki hiçbir öğrenci | semua mahasiswa di universitas itu / beberapa mahasiswa di universitas itu / tidak ada mahasiswa di universitas itu | wanafunzi wote chuoni / baadhi ya wanafunzi chuoni / hakuna mwanafunzi chuoni | 大学里所有的学生都 / 大学里有些学生 / 大学里没有一个学生
  all the passengers on the train / some passengers on the train / no passenger on the train | alle Fahrgäste im Zug / einige Fahrgäste im Zug / kein Fahrgast im Zug | todos los pasajeros del tren / algunos pasajeros del tren / ningún pasajero del tren | tutti i passeggeri del treno / alcuni passeggeri del treno / nessun passeggero del treno | trendeki bütün yolcular / trendeki bazı yolcular / trendeki hiçbir yolcu | semua penumpang di kereta itu / beberapa penumpang di kereta itu / tidak ada penumpang di kereta itu | abiria wote kwenye treni / baadhi ya abiria kwenye treni / hakuna abiria kwenye treni | 火车上所有的乘客都 / 火车上有些乘客 / 火车上没有一个乘客
`);

/** What people do; singular and negated forms where a language wants them with "no". */
const HABITS = lexicon(`
  plural / singular | plural / singular | plural / singular | plural / singular | plural / negated | plural | plural / relative | plural
  speak English / speaks English | sprechen Englisch / spricht Englisch | hablan inglés / habla inglés | parlano inglese / parla inglese | İngilizce konuşuyor / İngilizce konuşmuyor | berbicara bahasa Inggris | wanazungumza Kiingereza / anayezungumza Kiingereza | 说英语
  drink coffee / drinks coffee | trinken Kaffee / trinkt Kaffee | toman café / toma café | bevono caffè / beve caffè | kahve içiyor / kahve içmiyor | minum kopi | wanakunywa kahawa / anayekunywa kahawa | 喝咖啡
  play football / plays football | spielen Fußball / spielt Fußball | juegan al fútbol / juega al fútbol | giocano a calcio / gioca a calcio | futbol oynuyor / futbol oynamıyor | bermain sepak bola | wanacheza mpira / anayecheza mpira | 踢足球
  ride a bicycle / rides a bicycle | fahren Fahrrad / fährt Fahrrad | montan en bicicleta / monta en bicicleta | vanno in bicicletta / va in bicicletta | bisiklete biniyor / bisiklete binmiyor | naik sepeda | wanaendesha baiskeli / anayeendesha baiskeli | 骑自行车
  eat meat / eats meat | essen Fleisch / isst Fleisch | comen carne / come carne | mangiano carne / mangia carne | et yiyor / et yemiyor | makan daging | wanakula nyama / anayekula nyama | 吃肉
  wear glasses / wears glasses | tragen eine Brille / trägt eine Brille | llevan gafas / lleva gafas | portano gli occhiali / porta gli occhiali | gözlük takıyor / gözlük takmıyor | memakai kacamata | wanavaa miwani / anayevaa miwani | 戴眼镜
  read the newspaper / reads the newspaper | lesen Zeitung / liest Zeitung | leen el periódico / lee el periódico | leggono il giornale / legge il giornale | gazete okuyor / gazete okumuyor | membaca koran | wanasoma magazeti / anayesoma magazeti | 看报纸
  sing in the choir / sings in the choir | singen im Chor / singt im Chor | cantan en el coro / canta en el coro | cantano nel coro / canta nel coro | koroda şarkı söylüyor / koroda şarkı söylemiyor | bernyanyi di paduan suara | wanaimba kwaya / anayeimba kwaya | 在合唱团唱歌
  listen to music / listens to music | hören Musik / hört Musik | escuchan música / escucha música | ascoltano musica / ascolta musica | müzik dinliyor / müzik dinlemiyor | mendengarkan musik | wanasikiliza muziki / anayesikiliza muziki | 听音乐
  work on Sundays / works on Sundays | arbeiten sonntags / arbeitet sonntags | trabajan los domingos / trabaja los domingos | lavorano la domenica / lavora la domenica | pazar günleri çalışıyor / pazar günleri çalışmıyor | bekerja pada hari Minggu | wanafanya kazi Jumapili / anayefanya kazi Jumapili | 星期天工作
  smoke / smokes | rauchen / raucht | fuman / fuma | fumano / fuma | sigara içiyor / sigara içmiyor | merokok | wanavuta sigara / anayevuta sigara | 抽烟
  learn to dance / learns to dance | lernen tanzen / lernt tanzen | aprenden a bailar / aprende a bailar | imparano a ballare / impara a ballare | dans öğreniyor / dans öğrenmiyor | belajar menari | wanajifunza kucheza ngoma / anayejifunza kucheza ngoma | 学跳舞
  grow flowers / grows flowers | züchten Blumen / züchtet Blumen | cultivan flores / cultiva flores | coltivano fiori / coltiva fiori | çiçek yetiştiriyor / çiçek yetiştirmiyor | menanam bunga | wanapanda maua / anayepanda maua | 种花
`);

type Quantifier = 'all' | 'some' | 'no';

const ONE: Readonly<Record<Quantifier, Phrase>> = {
  all: pattern(
    '{all} {plural} | {all} {plural} | {all} {plural} | {all} {plural} | {all} {plural} | {all} {plural} | {all} {plural} | {all}{plural}',
  ),
  some: pattern(
    '{some} {plural} | {some} {plural} | {some} {plural} | {some} {plural} | {some} {plural} | {some} {plural} | {some} {plural} | {some}{plural}',
  ),
  no: pattern(
    '{no} {singular} | {no} {singular} | {no} {singular} | {no} {singular} | {no} {negated} | {no} yang {plural} | {no} {relative} | {no}{plural}',
  ),
};

/** Puts a second habit behind a sentence with one. */
const SECOND: Readonly<Record<'positive' | 'negative', Phrase>> = {
  positive: pattern(
    '{one} and {plural} | {one} und {plural} | {one} y {plural} | {one} e {plural} | {one} ve {plural} | {one} dan {plural} | {one} na {plural} | {one}，也{plural}',
  ),
  negative: pattern(
    '{one} or {singular} | {one} oder {singular} | {one} ni {singular} | {one} né {singular} | {one} ve {negated} | {one} atau {plural} | {one} au {relative} | {one}或{plural}',
  ),
};

/** Under each claim: the quantifiers of premises that entail it and that contradict it. */
const FOLLOWS: Readonly<Record<Quantifier, { from: readonly Quantifier[]; against: readonly Quantifier[] }>> = {
  all: { from: ['all'], against: ['no'] },
  some: { from: ['all', 'some'], against: ['no'] },
  no: { from: ['no'], against: ['all', 'some'] },
};

export function quantifierTriple(random: RandomStream): Triple {
  const [group, otherGroup] = sample(GROUPS, 2, random) as [Entry, Entry];
  const claim = pick(['all', 'some', 'no'] as const, random);
  const [asked, known, ...others] = sample(HABITS, 4, random) as [Entry, Entry, Entry, Entry];
  const premise = (quantifier: Quantifier, people: Entry, habits: readonly Entry[]) =>
    sentence(statement(quantifier, people, sample(habits, 2, random)));
  const anyQuantifier = pick(['all', 'some', 'no'] as const, random);
  return {
    hypothesis: sentence(statement(claim, group, [asked])),
    premises: {
      entailment: premise(pick(FOLLOWS[claim].from, random), group, [asked, known]),
      neutral:
        random.integer(2) === 0
          ? premise(anyQuantifier, group, others)
          : premise(anyQuantifier, otherGroup, [asked, known]),
      contradiction: premise(pick(FOLLOWS[claim].against, random), group, [asked, known]),
    },
  };
}

/** `quantifier` of the people have the one or two habits. */
function statement(quantifier: Quantifier, people: Entry, [first, second]: readonly Entry[]): Phrase {
  const one = fill(ONE[quantifier], people, first!);
  if (second === undefined) return one;
  const joined = SECOND[quantifier === 'no' ? 'negative' : 'positive'];
  return fill(joined, second, as('one', one));
}
