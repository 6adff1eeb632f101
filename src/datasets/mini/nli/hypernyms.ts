// Hypernyms: a rose is a flower. "This year Anna's present for the doctor is a rose" entails that it is a flower and
// contradicts that it is a hammer; that it is a flower leaves open whether it is a rose.
import type { RandomStream } from '../../../engine/random';
import { pick } from '../choice';
import { NAMES } from '../names';
import { fill, pattern, phrases, sentence, simpleLexicon, type Entry } from '../phrases';
import type { Triple } from './triple';

/** Kinds of things: the first line is the kind, the others are things of that kind. */
const KINDS = [
  `
  a flower | eine Blume | una flor | un fiore | bir çiçek | setangkai bunga | ua | 一朵花
  a rose | eine Rose | una rosa | una rosa | bir gül | setangkai mawar | waridi | 一朵玫瑰
  a tulip | eine Tulpe | un tulipán | un tulipano | bir lale | setangkai tulip | tulipu | 一朵郁金香
  a sunflower | eine Sonnenblume | un girasol | un girasole | bir ayçiçeği | setangkai bunga matahari | alizeti | 一朵向日葵
`,
  `
  a fruit | eine Frucht | una fruta | un frutto | bir meyve | sejenis buah | tunda | 一个水果
  an apple | ein Apfel | una manzana | una mela | bir elma | sebuah apel | tufaha | 一个苹果
  a pineapple | eine Ananas | una piña | un ananas | bir ananas | sebuah nanas | nanasi | 一个菠萝
  a mango | eine Mango | un mango | un mango | bir mango | sebuah mangga | embe | 一个芒果
  an orange | eine Orange | una naranja | un'arancia | bir portakal | sebuah jeruk | chungwa | 一个橙子
`,
  `
  an animal | ein Tier | un animal | un animale | bir hayvan | seekor hewan | mnyama | 一只动物
  a cat | eine Katze | un gato | un gatto | bir kedi | seekor kucing | paka | 一只猫
  a dog | ein Hund | un perro | un cane | bir köpek | seekor anjing | mbwa | 一只狗
  a rabbit | ein Kaninchen | un conejo | un coniglio | bir tavşan | seekor kelinci | sungura | 一只兔子
  a horse | ein Pferd | un caballo | un cavallo | bir at | seekor kuda | farasi | 一匹马
`,
  `
  a tool | ein Werkzeug | una herramienta | un attrezzo | bir alet | sebuah perkakas | zana | 一件工具
  a hammer | ein Hammer | un martillo | un martello | bir çekiç | sebuah palu | nyundo | 一把锤子
  a saw | eine Säge | una sierra | una sega | bir testere | sebuah gergaji | msumeno | 一把锯子
  a screwdriver | ein Schraubenzieher | un destornillador | un cacciavite | bir tornavida | sebuah obeng | bisibisi | 一把螺丝刀
`,
  `
  a vehicle | ein Fahrzeug | un vehículo | un veicolo | bir taşıt | sebuah kendaraan | chombo cha usafiri | 一种交通工具
  a bicycle | ein Fahrrad | una bicicleta | una bicicletta | bir bisiklet | sebuah sepeda | baiskeli | 一辆自行车
  a motorcycle | ein Motorrad | una motocicleta | una motocicletta | bir motosiklet | sebuah sepeda motor | pikipiki | 一辆摩托车
  a car | ein Auto | un coche | una macchina | bir araba | sebuah mobil | gari | 一辆汽车
`,
  `
  a musical instrument | ein Musikinstrument | un instrumento musical | uno strumento musicale | bir müzik enstrümanı | sebuah alat musik | ala ya muziki | 一件乐器
  a guitar | eine Gitarre | una guitarra | una chitarra | bir gitar | sebuah gitar | gitaa | 一把吉他
  a piano | ein Klavier | un piano | un pianoforte | bir piyano | sebuah piano | piano | 一架钢琴
  a violin | eine Geige | un violín | un violino | bir keman | sebuah biola | fidla | 一把小提琴
  a drum | eine Trommel | un tambor | un tamburo | bir davul | sebuah gendang | ngoma | 一面鼓
`,
  `
  a piece of furniture | ein Möbelstück | un mueble | un mobile | bir mobilya | sebuah perabot | samani | 一件家具
  a chair | ein Stuhl | una silla | una sedia | bir sandalye | sebuah kursi | kiti | 一把椅子
  a table | ein Tisch | una mesa | un tavolo | bir masa | sebuah meja | meza | 一张桌子
  a wardrobe | ein Schrank | un armario | un armadio | bir dolap | sebuah lemari | kabati | 一个衣柜
  a sofa | ein Sofa | un sofá | un divano | bir kanepe | sebuah sofa | sofa | 一张沙发
`,
  `
  a piece of clothing | ein Kleidungsstück | una prenda de ropa | un capo d'abbigliamento | bir giysi | sepotong pakaian | vazi | 一件衣服
  a shirt | ein Hemd | una camisa | una camicia | bir gömlek | sepotong kemeja | shati | 一件衬衫
  a skirt | ein Rock | una falda | una gonna | bir etek | sepotong rok | sketi | 一条裙子
  a jacket | eine Jacke | una chaqueta | una giacca | bir ceket | sepotong jaket | jaketi | 一件夹克
`,
].map((table) => simpleLexicon('thing', table));

/** Whom the present is for. */
const RECIPIENTS = simpleLexicon(
  'recipient',
  `
  for the teacher | für die Lehrerin | para la profesora | per l'insegnante | öğretmene | untuk guru | kwa mwalimu | 给老师
  for the doctor | für den Arzt | para el médico | per il medico | doktora | untuk dokter | kwa daktari | 给医生
  for the neighbours | für die Nachbarn | para los vecinos | per i vicini | komşulara | untuk tetangga | kwa majirani | 给邻居
  for the boss | für den Chef | para el jefe | per il capo | patrona | untuk atasan | kwa bosi | 给老板
  for the children | für die Kinder | para los niños | per i bambini | çocuklara | untuk anak-anak | kwa watoto | 给孩子们
`,
);

const ADVERBS = simpleLexicon(
  'adverb',
  `
  this year | dieses Jahr | este año | quest'anno | bu yıl | tahun ini | mwaka huu | 今年
  as always | wie immer | como siempre | come sempre | her zamanki gibi | seperti biasa | kama kawaida | 和往常一样，
  this time | diesmal | esta vez | questa volta | bu sefer | kali ini | safari hii | 这次
`,
);

const PRESENT = pattern(
  "{name}'s present {recipient} is {thing} | {name}s Geschenk {recipient} ist {thing} | el regalo de {name} {recipient} es {thing} | il regalo di {name} {recipient} è {thing} | {genitive} {recipient} hediyesi {thing} | hadiah {name} {recipient} adalah {thing} | zawadi ya {name} {recipient} ni {thing} | {name}{recipient}的礼物是{thing}",
);
const PRESENT_WITH_ADVERB = pattern(
  "{adverb}, {name}'s present {recipient} is {thing} | {name}s Geschenk {recipient} ist {adverb} {thing} | {adverb}, el regalo de {name} {recipient} es {thing} | {adverb} il regalo di {name} {recipient} è {thing} | {adverb} {genitive} {recipient} hediyesi {thing} | {adverb}, hadiah {name} {recipient} adalah {thing} | {adverb} zawadi ya {name} {recipient} ni {thing} | {adverb}{name}{recipient}的礼物是{thing}",
);

/** Says nothing about what the present is. */
const OPEN = phrases(`
  {adverb}, {name}'s present {recipient} is very beautiful | {name}s Geschenk {recipient} ist {adverb} sehr schön | {adverb}, el regalo de {name} {recipient} es muy bonito | {adverb} il regalo di {name} {recipient} è molto bello | {adverb} {genitive} {recipient} hediyesi çok güzel | {adverb}, hadiah {name} {recipient} sangat indah | {adverb} zawadi ya {name} {recipient} ni nzuri sana | {adverb}{name}{recipient}的礼物非常漂亮
  {adverb}, {name}'s present {recipient} is from the market | {name}s Geschenk {recipient} ist {adverb} vom Markt | {adverb}, el regalo de {name} {recipient} es del mercado | {adverb} il regalo di {name} {recipient} viene dal mercato | {adverb} {genitive} {recipient} hediyesi pazardan | {adverb}, hadiah {name} {recipient} berasal dari pasar | {adverb} zawadi ya {name} {recipient} imetoka sokoni | {adverb}{name}{recipient}的礼物是从市场买的
`);

export function hypernymTriple(random: RandomStream): Triple {
  const kind = random.integer(KINDS.length);
  const [hypernym, ...things] = KINDS[kind] as [Entry, ...Entry[]];
  const otherThings = KINDS.flatMap((entries, i) => (i === kind ? [] : entries.slice(1)));
  const setting = [pick(NAMES, random), pick(RECIPIENTS, random)];
  const premise = (thing: Entry) => sentence(fill(PRESENT_WITH_ADVERB, ...setting, pick(ADVERBS, random), thing));
  const open = () => sentence(fill(pick(OPEN, random), ...setting, pick(ADVERBS, random)));
  const hypothesis = (thing: Entry) => sentence(fill(PRESENT, ...setting, thing));

  if (random.integer(2) === 0) {
    const premises = {
      entailment: premise(pick(things, random)),
      neutral: open(),
      contradiction: premise(pick(otherThings, random)),
    };
    return { hypothesis: hypothesis(hypernym), premises };
  }
  const thing = pick(things, random);
  const others = [...otherThings, ...things.filter((other) => other !== thing)];
  const premises = {
    entailment: premise(thing),
    neutral: premise(hypernym),
    contradiction: premise(pick(others, random)),
  };
  return { hypothesis: hypothesis(thing), premises };
}
