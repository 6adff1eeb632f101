// Numbers: "Anna has five cats and two chairs" entails that she has five cats and more than three, and contradicts that
// she has two; it says nothing about books.
import type { RandomStream } from '../../../engine/random';
import { pick, sample } from '../choice';
import { NAMES } from '../names';
import { as, byLanguage, fill, lexicon, pattern, sentence, type Entry, type Phrase } from '../phrases';
import type { Triple } from './triple';

/** Two to nine: the Turkish ablative for comparisons, the Swahili noun classes. */
const NUMBERS = lexicon(`
  number | number | number | number | number / ablative | number | c2 / c4 / c6 / c8 / c10 | number
  two | zwei | dos | due | iki / ikiden | dua | wawili / miwili / mawili / viwili / mbili | 两
  three | drei | tres | tre | üç / üçten | tiga | watatu / mitatu / matatu / vitatu / tatu | 三
  four | vier | cuatro | quattro | dört / dörtten | empat | wanne / minne / manne / vinne / nne | 四
  five | fünf | cinco | cinque | beş / beşten | lima | watano / mitano / matano / vitano / tano | 五
  six | sechs | seis | sei | altı / altıdan | enam | sita / sita / sita / sita / sita | 六
  seven | sieben | siete | sette | yedi / yediden | tujuh | saba / saba / saba / saba / saba | 七
  eight | acht | ocho | otto | sekiz / sekizden | delapan | wanane / minane / manane / vinane / nane | 八
  nine | neun | nueve | nove | dokuz / dokuzdan | sembilan | tisa / tisa / tisa / tisa / tisa | 九
`);

/**
 * What is counted: in the plural, in Turkish in the singular with the owner's ending, in Chinese with its measure word.
 */
const THINGS = lexicon(`
  things | things | things | things | things | things | things / class | things
  cats | Katzen | gatos | gatti | kedisi | ekor kucing | paka / c2 | 只猫
  horses | Pferde | caballos | cavalli | atı | ekor kuda | farasi / c2 | 匹马
  goats | Ziegen | cabras | capre | keçisi | ekor kambing | mbuzi / c2 | 只山羊
  children | Kinder | hijos | figli | çocuğu | orang anak | watoto / c2 | 个孩子
  books | Bücher | libros | libri | kitabı | buah buku | vitabu / c8 | 本书
  chairs | Stühle | sillas | sedie | sandalyesi | buah kursi | viti / c8 | 把椅子
  cups | Tassen | tazas | tazze | fincanı | buah cangkir | vikombe / c8 | 个杯子
  knives | Messer | cuchillos | coltelli | bıçağı | bilah pisau | visu / c8 | 把刀
  hats | Hüte | sombreros | cappelli | şapkası | buah topi | kofia / c10 | 顶帽子
  bicycles | Fahrräder | bicicletas | biciclette | bisikleti | buah sepeda | baiskeli / c10 | 辆自行车
  houses | Häuser | casas | case | evi | buah rumah | nyumba / c10 | 座房子
  clocks | Uhren | relojes | orologi | saati | buah jam | saa / c10 | 个钟
  cars | Autos | coches | macchine | arabası | buah mobil | magari / c6 | 辆汽车
  shirts | Hemden | camisas | camicie | gömleği | potong kemeja | mashati / c6 | 件衬衫
  trees | Bäume | árboles | alberi | ağacı | batang pohon | miti / c4 | 棵树
  umbrellas | Regenschirme | paraguas | ombrelli | şemsiyesi | buah payung | miavuli / c4 | 把雨伞
`);

const EXACTLY = pattern(
  '{number} {things} | {number} {things} | {number} {things} | {number} {things} | {number} {things} | {number} {things} | {things} {number} | {number}{things}',
);
const MORE_THAN = pattern(
  'more than {number} {things} | mehr als {number} {things} | más de {number} {things} | più di {number} {things} | {ablative} fazla {things} | lebih dari {number} {things} | zaidi ya {things} {number} | 超过{number}{things}',
);
const FEWER_THAN = pattern(
  'fewer than {number} {things} | weniger als {number} {things} | menos de {number} {things} | meno di {number} {things} | {ablative} az {things} | kurang dari {number} {things} | chini ya {things} {number} | 不到{number}{things}',
);

const HAS = pattern(
  '{name} has {what} | {name} hat {what} | {name} tiene {what} | {name} ha {what} | {genitive} {what} var | {name} memiliki {what} | {name} ana {what} | {name}有{what}',
);
const AND = pattern(
  '{a} and {b} | {a} und {b} | {a} y {b} | {a} e {b} | {a} ve {b} | {a} dan {b} | {a} na {b} | {a}和{b}',
);

export function numberTriple(random: RandomStream): Triple {
  const name = pick(NAMES, random);
  const [asked, known, other] = sample(THINGS, 3, random) as [Entry, Entry, Entry];
  const { template, limit, inside, outside } = comparison(random);
  const anyNumber = () => random.integer(NUMBERS.length);
  const premise = (number: number, thing: Entry) => {
    const counts = [count(EXACTLY, number, thing), count(EXACTLY, anyNumber(), known)];
    const [a, b] = sample(counts, 2, random) as [Phrase, Phrase];
    return sentence(has(name, fill(AND, as('a', a), as('b', b))));
  };
  return {
    hypothesis: sentence(has(name, count(template, limit, asked))),
    premises: {
      entailment: premise(pick(inside, random), asked),
      neutral: premise(anyNumber(), other),
      contradiction: premise(pick(outside, random), asked),
    },
  };
}

/** A claim about a number, with the numbers (as places in NUMBERS) that make it true and those that make it false. */
function comparison(random: RandomStream) {
  const all = NUMBERS.map((_, i) => i);
  // Half of the claims are exact; a limit lies in the middle, so that both answers exist.
  if (random.integer(2) === 0) {
    const limit = random.integer(NUMBERS.length);
    return { template: EXACTLY, limit, inside: [limit], outside: all.filter((n) => n !== limit) };
  }
  const limit = 2 + random.integer(NUMBERS.length - 4);
  const [above, below] = [all.filter((n) => n > limit), all.filter((n) => n < limit)];
  return random.integer(2) === 0
    ? { template: MORE_THAN, limit, inside: above, outside: below }
    : { template: FEWER_THAN, limit, inside: below, outside: above };
}

function has(name: Entry, what: Phrase): Phrase {
  return fill(HAS, name, as('what', what));
}

function count(template: Phrase, number: number, thing: Entry): Phrase {
  const entry = NUMBERS[number]!;
  const agreeing = byLanguage((language) => (language === 'sw' ? entry.sw[thing.sw.class!]! : entry[language].number!));
  return fill(
    template,
    entry,
    as('number', agreeing),
    thing,
    as(
      'ablative',
      byLanguage(() => entry.tr.ablative!),
    ),
  );
}
