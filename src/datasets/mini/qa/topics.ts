// What the passages are about: towns, museums, researchers, festivals. A fact is a sentence with a slot for its value
// and a question that the value answers.
import { phrases, type Entry, type Phrase } from '../phrases';
import { DISHES, MONTHS, PICTURED, PRIZES, PRODUCTS, STUDIED, WEEKDAYS } from './values';

/** Where a fact's value comes from: a list, an invented name of a place or a person, or digits. */
export type ValueSource = readonly Entry[] | 'name' | 'person' | 'year' | 'recent year' | 'count' | 'few';

export interface Fact {
  readonly kind: 'who' | 'where' | 'when' | 'how many' | 'what';
  /** A sentence with `{entity}` and `{value}`. */
  readonly sentence: Phrase;
  /** A question with `{entity}`. */
  readonly question: Phrase;
  readonly values: ValueSource;
}

export interface Topic {
  readonly title: string;
  /** What the passages of this topic tell about: something with an invented name, or a woman. */
  readonly entity: 'name' | 'woman';
  readonly facts: readonly Fact[];
}

export const TOPICS: readonly Topic[] = [
  {
    title: 'Towns',
    entity: 'name',
    facts: [
      fact(
        'who',
        'person',
        `
  The town of {entity} was founded by {value}. | Die Stadt {entity} wurde von {value} gegründet. | La ciudad de {entity} fue fundada por {value}. | La città di {entity} è stata fondata da {value}. | {entity} şehri {value} tarafından kuruldu. | Kota {entity} didirikan oleh {value}. | Mji wa {entity} ulianzishwa na {value}. | {entity}市是由{value}建立的。
  Who founded the town of {entity}? | Wer hat die Stadt {entity} gegründet? | ¿Quién fundó la ciudad de {entity}? | Chi ha fondato la città di {entity}? | {entity} şehrini kim kurdu? | Siapa yang mendirikan kota {entity}? | Nani alianzisha mji wa {entity}? | {entity}市是谁建立的？
`,
      ),
      fact(
        'how many',
        'count',
        `
  Today the town of {entity} has {value} inhabitants. | Heute hat die Stadt {entity} {value} Einwohner. | Hoy la ciudad de {entity} tiene {value} habitantes. | Oggi la città di {entity} ha {value} abitanti. | Bugün {entity} şehrinde {value} kişi yaşıyor. | Kini kota {entity} memiliki {value} penduduk. | Leo mji wa {entity} una wakazi {value}. | 今天{entity}市有{value}名居民。
  How many inhabitants does the town of {entity} have? | Wie viele Einwohner hat die Stadt {entity}? | ¿Cuántos habitantes tiene la ciudad de {entity}? | Quanti abitanti ha la città di {entity}? | {entity} şehrinde kaç kişi yaşıyor? | Berapa penduduk kota {entity}? | Mji wa {entity} una wakazi wangapi? | {entity}市有多少居民？
`,
      ),
      fact(
        'where',
        'name',
        `
  The town of {entity} lies on the river {value}. | Die Stadt {entity} liegt am Fluss {value}. | La ciudad de {entity} está a orillas del río {value}. | La città di {entity} si trova sul fiume {value}. | {entity} şehri {value} nehrinin kıyısındadır. | Kota {entity} terletak di tepi sungai {value}. | Mji wa {entity} uko kando ya mto {value}. | {entity}市位于{value}河边。
  On which river does the town of {entity} lie? | An welchem Fluss liegt die Stadt {entity}? | ¿A orillas de qué río está la ciudad de {entity}? | Su quale fiume si trova la città di {entity}? | {entity} şehri hangi nehrin kıyısındadır? | Di tepi sungai apa kota {entity} terletak? | Mji wa {entity} uko kando ya mto gani? | {entity}市位于哪条河边？
`,
      ),
      fact(
        'what',
        PRODUCTS,
        `
  The town of {entity} mainly produces {value}. | Die Stadt {entity} produziert vor allem {value}. | La ciudad de {entity} produce sobre todo {value}. | La città di {entity} produce soprattutto {value}. | {entity} şehri en çok {value} üretir. | Kota {entity} terutama menghasilkan {value}. | Mji wa {entity} huzalisha hasa {value}. | {entity}市主要生产{value}。
  What does the town of {entity} mainly produce? | Was produziert die Stadt {entity} vor allem? | ¿Qué produce sobre todo la ciudad de {entity}? | Che cosa produce soprattutto la città di {entity}? | {entity} şehri en çok ne üretir? | Apa yang terutama dihasilkan kota {entity}? | Mji wa {entity} huzalisha hasa nini? | {entity}市主要生产什么？
`,
      ),
      fact(
        'when',
        'year',
        `
  The school in the town of {entity} was built in {value}. | Die Schule in der Stadt {entity} wurde im Jahr {value} gebaut. | La escuela de la ciudad de {entity} se construyó en {value}. | La scuola della città di {entity} è stata costruita nel {value}. | {entity} şehrindeki okul {value} yılında yapıldı. | Sekolah di kota {entity} dibangun pada tahun {value}. | Shule ya mji wa {entity} ilijengwa mwaka {value}. | {entity}市的学校建于{value}年。
  When was the school in the town of {entity} built? | Wann wurde die Schule in der Stadt {entity} gebaut? | ¿Cuándo se construyó la escuela de la ciudad de {entity}? | Quando è stata costruita la scuola della città di {entity}? | {entity} şehrindeki okul ne zaman yapıldı? | Kapan sekolah di kota {entity} dibangun? | Shule ya mji wa {entity} ilijengwa lini? | {entity}市的学校建于哪一年？
`,
      ),
    ],
  },
  {
    title: 'Museums',
    entity: 'name',
    facts: [
      fact(
        'who',
        'person',
        `
  The {entity} Museum was designed by {value}. | Das Museum {entity} wurde von {value} entworfen. | El museo {entity} fue diseñado por {value}. | Il museo {entity} è stato progettato da {value}. | {entity} Müzesi {value} tarafından tasarlandı. | Museum {entity} dirancang oleh {value}. | Makumbusho ya {entity} yalibuniwa na {value}. | {entity}博物馆是由{value}设计的。
  Who designed the {entity} Museum? | Wer hat das Museum {entity} entworfen? | ¿Quién diseñó el museo {entity}? | Chi ha progettato il museo {entity}? | {entity} Müzesi'ni kim tasarladı? | Siapa yang merancang Museum {entity}? | Nani alibuni Makumbusho ya {entity}? | {entity}博物馆是谁设计的？
`,
      ),
      fact(
        'how many',
        'count',
        `
  Every year the {entity} Museum has {value} visitors. | Jedes Jahr hat das Museum {entity} {value} Besucher. | Cada año el museo {entity} recibe {value} visitantes. | Ogni anno il museo {entity} ha {value} visitatori. | Her yıl {entity} Müzesi'ni {value} kişi geziyor. | Setiap tahun Museum {entity} dikunjungi {value} orang. | Kila mwaka Makumbusho ya {entity} hupata wageni {value}. | {entity}博物馆每年有{value}名参观者。
  How many visitors does the {entity} Museum have every year? | Wie viele Besucher hat das Museum {entity} jedes Jahr? | ¿Cuántos visitantes recibe cada año el museo {entity}? | Quanti visitatori ha ogni anno il museo {entity}? | {entity} Müzesi'ni her yıl kaç kişi geziyor? | Berapa orang mengunjungi Museum {entity} setiap tahun? | Makumbusho ya {entity} hupata wageni wangapi kila mwaka? | {entity}博物馆每年有多少参观者？
`,
      ),
      fact(
        'where',
        'name',
        `
  The {entity} Museum stands in the town of {value}. | Das Museum {entity} steht in der Stadt {value}. | El museo {entity} está en la ciudad de {value}. | Il museo {entity} si trova nella città di {value}. | {entity} Müzesi {value} şehrinde bulunuyor. | Museum {entity} berada di kota {value}. | Makumbusho ya {entity} yapo katika mji wa {value}. | {entity}博物馆位于{value}市。
  In which town does the {entity} Museum stand? | In welcher Stadt steht das Museum {entity}? | ¿En qué ciudad está el museo {entity}? | In quale città si trova il museo {entity}? | {entity} Müzesi hangi şehirde bulunuyor? | Di kota mana Museum {entity} berada? | Makumbusho ya {entity} yapo katika mji gani? | {entity}博物馆位于哪个市？
`,
      ),
      fact(
        'what',
        PICTURED,
        `
  Visitors of the {entity} Museum can see {value}. | Besucher des Museums {entity} sehen {value}. | En el museo {entity} se pueden ver {value}. | Nel museo {entity} si possono vedere {value}. | {entity} Müzesi'nde {value} sergileniyor. | Museum {entity} memamerkan {value}. | Makumbusho ya {entity} huonyesha {value}. | {entity}博物馆展出{value}。
  What can visitors of the {entity} Museum see? | Was sehen Besucher des Museums {entity}? | ¿Qué se puede ver en el museo {entity}? | Che cosa si può vedere nel museo {entity}? | {entity} Müzesi'nde ne sergileniyor? | Apa yang dipamerkan Museum {entity}? | Makumbusho ya {entity} huonyesha nini? | {entity}博物馆展出什么？
`,
      ),
      fact(
        'when',
        WEEKDAYS,
        `
  Every week the {entity} Museum is closed on {value}. | Jede Woche ist das Museum {entity} am {value} geschlossen. | Cada semana el museo {entity} cierra el {value}. | Ogni settimana il museo {entity} è chiuso di {value}. | Her hafta {entity} Müzesi {value} günü kapalıdır. | Setiap minggu Museum {entity} tutup pada hari {value}. | Kila wiki Makumbusho ya {entity} hufungwa siku ya {value}. | 每周{entity}博物馆{value}闭馆。
  On which day is the {entity} Museum closed? | An welchem Tag ist das Museum {entity} geschlossen? | ¿Qué día cierra el museo {entity}? | In quale giorno è chiuso il museo {entity}? | {entity} Müzesi hangi gün kapalıdır? | Pada hari apa Museum {entity} tutup? | Makumbusho ya {entity} hufungwa siku gani? | {entity}博物馆哪天闭馆？
`,
      ),
    ],
  },
  {
    title: 'Researchers',
    entity: 'woman',
    facts: [
      fact(
        'who',
        'person',
        `
  The researcher {entity} works together with {value}. | Die Forscherin {entity} arbeitet mit {value} zusammen. | La investigadora {entity} trabaja junto con {value}. | La ricercatrice {entity} collabora con {value}. | Araştırmacı {entity} {value} ile birlikte çalışıyor. | Peneliti {entity} bekerja sama dengan {value}. | Mtafiti {entity} anafanya kazi pamoja na {value}. | 研究员{entity}与{value}一起工作。
  With whom does the researcher {entity} work? | Mit wem arbeitet die Forscherin {entity} zusammen? | ¿Con quién trabaja la investigadora {entity}? | Con chi collabora la ricercatrice {entity}? | Araştırmacı {entity} kiminle birlikte çalışıyor? | Dengan siapa peneliti {entity} bekerja sama? | Mtafiti {entity} anafanya kazi pamoja na nani? | 研究员{entity}与谁一起工作？
`,
      ),
      fact(
        'how many',
        'few',
        `
  So far the researcher {entity} has written {value} books. | Bisher hat die Forscherin {entity} {value} Bücher geschrieben. | Hasta ahora la investigadora {entity} ha escrito {value} libros. | Finora la ricercatrice {entity} ha scritto {value} libri. | Şimdiye kadar araştırmacı {entity} {value} kitap yazdı. | Sejauh ini peneliti {entity} telah menulis {value} buku. | Hadi sasa mtafiti {entity} ameandika vitabu {value}. | 到目前为止，研究员{entity}写了{value}本书。
  How many books has the researcher {entity} written so far? | Wie viele Bücher hat die Forscherin {entity} bisher geschrieben? | ¿Cuántos libros ha escrito hasta ahora la investigadora {entity}? | Quanti libri ha scritto finora la ricercatrice {entity}? | Şimdiye kadar araştırmacı {entity} kaç kitap yazdı? | Berapa buku yang telah ditulis peneliti {entity} sejauh ini? | Hadi sasa mtafiti {entity} ameandika vitabu vingapi? | 到目前为止，研究员{entity}写了多少本书？
`,
      ),
      fact(
        'where',
        'name',
        `
  The researcher {entity} grew up in the town of {value}. | Die Forscherin {entity} ist in der Stadt {value} aufgewachsen. | La investigadora {entity} creció en la ciudad de {value}. | La ricercatrice {entity} è cresciuta nella città di {value}. | Araştırmacı {entity} {value} şehrinde büyüdü. | Peneliti {entity} dibesarkan di kota {value}. | Mtafiti {entity} alikulia katika mji wa {value}. | 研究员{entity}在{value}市长大。
  In which town did the researcher {entity} grow up? | In welcher Stadt ist die Forscherin {entity} aufgewachsen? | ¿En qué ciudad creció la investigadora {entity}? | In quale città è cresciuta la ricercatrice {entity}? | Araştırmacı {entity} hangi şehirde büyüdü? | Di kota mana peneliti {entity} dibesarkan? | Mtafiti {entity} alikulia katika mji gani? | 研究员{entity}在哪个市长大？
`,
      ),
      fact(
        'what',
        STUDIED,
        `
  Above all, the researcher {entity} studies {value}. | Vor allem erforscht die Forscherin {entity} {value}. | Sobre todo, la investigadora {entity} estudia {value}. | Soprattutto la ricercatrice {entity} studia {value}. | Araştırmacı {entity} en çok {value} inceliyor. | Peneliti {entity} terutama meneliti {value}. | Mtafiti {entity} huchunguza hasa {value}. | 研究员{entity}主要研究{value}。
  What does the researcher {entity} study above all? | Was erforscht die Forscherin {entity} vor allem? | ¿Qué estudia sobre todo la investigadora {entity}? | Che cosa studia soprattutto la ricercatrice {entity}? | Araştırmacı {entity} en çok neyi inceliyor? | Apa yang terutama diteliti peneliti {entity}? | Mtafiti {entity} huchunguza hasa nini? | 研究员{entity}主要研究什么？
`,
      ),
      fact(
        'when',
        'recent year',
        `
  The researcher {entity} received a prize in {value}. | Die Forscherin {entity} hat im Jahr {value} einen Preis bekommen. | La investigadora {entity} recibió un premio en {value}. | La ricercatrice {entity} ha ricevuto un premio nel {value}. | Araştırmacı {entity} {value} yılında bir ödül aldı. | Peneliti {entity} menerima penghargaan pada tahun {value}. | Mtafiti {entity} alipata tuzo mwaka {value}. | 研究员{entity}在{value}年获得了一个奖。
  When did the researcher {entity} receive a prize? | Wann hat die Forscherin {entity} einen Preis bekommen? | ¿Cuándo recibió un premio la investigadora {entity}? | Quando ha ricevuto un premio la ricercatrice {entity}? | Araştırmacı {entity} ne zaman bir ödül aldı? | Kapan peneliti {entity} menerima penghargaan? | Mtafiti {entity} alipata tuzo lini? | 研究员{entity}在哪一年获得了一个奖？
`,
      ),
    ],
  },
  {
    title: 'Festivals',
    entity: 'name',
    facts: [
      fact(
        'who',
        'person',
        `
  The {entity} Festival was founded by {value}. | Das Festival {entity} wurde von {value} gegründet. | El festival {entity} fue fundado por {value}. | Il festival {entity} è stato fondato da {value}. | {entity} Festivali {value} tarafından başlatıldı. | Festival {entity} didirikan oleh {value}. | Tamasha la {entity} lilianzishwa na {value}. | {entity}节是由{value}创办的。
  Who founded the {entity} Festival? | Wer hat das Festival {entity} gegründet? | ¿Quién fundó el festival {entity}? | Chi ha fondato il festival {entity}? | {entity} Festivali'ni kim başlattı? | Siapa yang mendirikan Festival {entity}? | Nani alianzisha Tamasha la {entity}? | {entity}节是谁创办的？
`,
      ),
      fact(
        'what',
        PRIZES,
        `
  The winner of the {entity} Festival receives {value}. | Der Sieger des Festivals {entity} bekommt {value}. | El ganador del festival {entity} recibe {value}. | Il vincitore del festival {entity} riceve {value}. | {entity} Festivali'nin birincisi {value} alıyor. | Pemenang Festival {entity} mendapat {value}. | Mshindi wa Tamasha la {entity} hupata {value}. | {entity}节的冠军会得到{value}。
  What does the winner of the {entity} Festival receive? | Was bekommt der Sieger des Festivals {entity}? | ¿Qué recibe el ganador del festival {entity}? | Che cosa riceve il vincitore del festival {entity}? | {entity} Festivali'nin birincisi ne alıyor? | Apa yang didapat pemenang Festival {entity}? | Mshindi wa Tamasha la {entity} hupata nini? | {entity}节的冠军会得到什么？
`,
      ),
      fact(
        'where',
        'name',
        `
  The {entity} Festival is held in the town of {value}. | Das Festival {entity} findet in der Stadt {value} statt. | El festival {entity} se celebra en la ciudad de {value}. | Il festival {entity} si tiene nella città di {value}. | {entity} Festivali {value} şehrinde yapılıyor. | Festival {entity} diadakan di kota {value}. | Tamasha la {entity} hufanyika katika mji wa {value}. | {entity}节在{value}市举行。
  In which town is the {entity} Festival held? | In welcher Stadt findet das Festival {entity} statt? | ¿En qué ciudad se celebra el festival {entity}? | In quale città si tiene il festival {entity}? | {entity} Festivali hangi şehirde yapılıyor? | Di kota mana Festival {entity} diadakan? | Tamasha la {entity} hufanyika katika mji gani? | {entity}节在哪个市举行？
`,
      ),
      fact(
        'what',
        DISHES,
        `
  The guests of the {entity} Festival eat {value}. | Die Gäste des Festivals {entity} essen {value}. | Los invitados del festival {entity} comen {value}. | Gli ospiti del festival {entity} mangiano {value}. | {entity} Festivali'nin konukları {value} yiyor. | Para tamu Festival {entity} makan {value}. | Wageni wa Tamasha la {entity} hula {value}. | {entity}节的客人吃{value}。
  What do the guests of the {entity} Festival eat? | Was essen die Gäste des Festivals {entity}? | ¿Qué comen los invitados del festival {entity}? | Che cosa mangiano gli ospiti del festival {entity}? | {entity} Festivali'nin konukları ne yiyor? | Apa yang dimakan para tamu Festival {entity}? | Wageni wa Tamasha la {entity} hula nini? | {entity}节的客人吃什么？
`,
      ),
      fact(
        'when',
        MONTHS,
        `
  Every year the {entity} Festival begins in {value}. | Jedes Jahr beginnt das Festival {entity} im {value}. | Cada año el festival {entity} empieza en {value}. | Ogni anno il festival {entity} comincia nel mese di {value}. | Her yıl {entity} Festivali {value} ayında başlıyor. | Setiap tahun Festival {entity} dimulai pada bulan {value}. | Kila mwaka Tamasha la {entity} huanza mwezi wa {value}. | {entity}节每年{value}开始。
  In which month does the {entity} Festival begin? | In welchem Monat beginnt das Festival {entity}? | ¿En qué mes empieza el festival {entity}? | In quale mese comincia il festival {entity}? | {entity} Festivali hangi ayda başlıyor? | Pada bulan apa Festival {entity} dimulai? | Tamasha la {entity} huanza mwezi gani? | {entity}节每年几月开始？
`,
      ),
    ],
  },
];

function fact(kind: Fact['kind'], values: ValueSource, table: string): Fact {
  const [sentence, question] = phrases(table) as [Phrase, Phrase];
  return { kind, sentence, question, values };
}
