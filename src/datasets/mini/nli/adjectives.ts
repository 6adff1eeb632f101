// Antonym adjectives: "Anna's car is old and cheap." Every premise names two properties. It entails a hypothesis that
// names one of them, contradicts one that names an antonym, and says nothing about a third property.
import type { RandomStream } from '../../../engine/random';
import { pick, sample } from '../choice';
import { NAMES } from '../names';
import { as, byLanguage, fill, lexicon, pattern, sentence, type Entry, type Phrase } from '../phrases';
import type { Triple } from './triple';

/** Antonym pairs, two lines a pair. Spanish keeps its copula (ser or estar); Swahili agrees with the noun's class. */
const ADJECTIVES = lexicon(`
  form | form | copula / m / f | m / f | form | form | c1 / c3 / c5 / c7 / c9 | form
  big | groß | es / grande / grande | grande / grande | büyük | besar | mkubwa / mkubwa / kubwa / kikubwa / kubwa | 大
  small | klein | es / pequeño / pequeña | piccolo / piccola | küçük | kecil | mdogo / mdogo / dogo / kidogo / ndogo | 小
  cheap | billig | es / barato / barata | economico / economica | ucuz | murah | wa bei nafuu / wa bei nafuu / la bei nafuu / cha bei nafuu / ya bei nafuu | 便宜
  expensive | teuer | es / caro / cara | costoso / costosa | pahalı | mahal | ghali / ghali / ghali / ghali / ghali | 贵
  new | neu | es / nuevo / nueva | nuovo / nuova | yeni | baru | mpya / mpya / jipya / kipya / mpya | 新
  old | alt | es / viejo / vieja | vecchio / vecchia | eski | tua | wa zamani / wa zamani / la zamani / cha zamani / ya zamani | 旧
  clean | sauber | está / limpio / limpia | pulito / pulita | temiz | bersih | safi / safi / safi / safi / safi | 干净
  dirty | schmutzig | está / sucio / sucia | sporco / sporca | kirli | kotor | mchafu / mchafu / chafu / kichafu / chafu | 脏
  heavy | schwer | es / pesado / pesada | pesante / pesante | ağır | berat | mzito / mzito / zito / kizito / nzito | 重
  light | leicht | es / ligero / ligera | leggero / leggera | hafif | ringan | mwepesi / mwepesi / jepesi / chepesi / nyepesi | 轻
  quiet | ruhig | es / tranquilo / tranquila | tranquillo / tranquilla | sessiz | tenang | mtulivu / mtulivu / tulivu / kitulivu / tulivu | 安静
  noisy | laut | es / ruidoso / ruidosa | rumoroso / rumorosa | gürültülü | bising | mwenye kelele / wenye kelele / lenye kelele / chenye kelele / yenye kelele | 吵
  bright | hell | es / luminoso / luminosa | luminoso / luminosa | aydınlık | terang | mwenye mwanga / wenye mwanga / lenye mwanga / chenye mwanga / yenye mwanga | 明亮
  dark | dunkel | es / oscuro / oscura | buio / buia | karanlık | gelap | mwenye giza / wenye giza / lenye giza / chenye giza / yenye giza | 昏暗
  interesting | interessant | es / interesante / interesante | interessante / interessante | ilginç | menarik | wa kuvutia / wa kuvutia / la kuvutia / cha kuvutia / ya kuvutia | 有趣
  boring | langweilig | es / aburrido / aburrida | noioso / noiosa | sıkıcı | membosankan | wa kuchosha / wa kuchosha / la kuchosha / cha kuchosha / ya kuchosha | 无聊
  long | lang | es / largo / larga | lungo / lunga | uzun | panjang | mrefu / mrefu / refu / kirefu / ndefu | 长
  short | kurz | es / corto / corta | corto / corta | kısa | pendek | mfupi / mfupi / fupi / kifupi / fupi | 短
  easy | einfach | es / fácil / fácil | facile / facile | kolay | mudah | rahisi / rahisi / rahisi / rahisi / rahisi | 容易
  difficult | schwierig | es / difícil / difícil | difficile / difficile | zor | sulit | mgumu / mgumu / gumu / kigumu / ngumu | 难
  hard | hart | es / duro / dura | duro / dura | sert | keras | mgumu / mgumu / gumu / kigumu / ngumu | 硬
  soft | weich | es / blando / blanda | morbido / morbida | yumuşak | empuk | laini / laini / laini / laini / laini | 软
  beautiful | schön | es / bonito / bonita | bello / bella | güzel | indah | mzuri / mzuri / zuri / kizuri / nzuri | 漂亮
  ugly | hässlich | es / feo / fea | brutto / brutta | çirkin | jelek | mbaya / mbaya / baya / kibaya / mbaya | 难看
  safe | sicher | es / seguro / segura | sicuro / sicura | güvenli | aman | salama / salama / salama / salama / salama | 安全
  dangerous | gefährlich | es / peligroso / peligrosa | pericoloso / pericolosa | tehlikeli | berbahaya | wa hatari / wa hatari / la hatari / cha hatari / ya hatari | 危险
  hot | heiß | está / caliente / caliente | caldo / calda | sıcak | panas | wa moto / wa moto / la moto / cha moto / ya moto | 热
  cold | kalt | está / frío / fría | freddo / fredda | soğuk | dingin | wa baridi / wa baridi / la baridi / cha baridi / ya baridi | 凉
  sweet | süß | está / dulce / dulce | dolce / dolce | tatlı | manis | mtamu / mtamu / tamu / kitamu / tamu | 甜
  bitter | bitter | está / amargo / amarga | amaro / amara | acı | pahit | mchungu / mchungu / chungu / kichungu / chungu | 苦
  rich | reich | es / rico / rica | ricco / ricca | zengin | kaya | tajiri / tajiri / tajiri / tajiri / tajiri | 有钱
  poor | arm | es / pobre / pobre | povero / povera | fakir | miskin | maskini / maskini / maskini / maskini / maskini | 穷
  tall | groß | es / alto / alta | alto / alta | uzun boylu | tinggi | mrefu / mrefu / refu / kirefu / ndefu | 高
  short | klein | es / bajo / baja | basso / bassa | kısa boylu | pendek | mfupi / mfupi / fupi / kifupi / fupi | 矮
  young | jung | es / joven / joven | giovane / giovane | genç | muda | kijana / kijana / kijana / kijana / kijana | 年轻
  old | alt | es / viejo / vieja | anziano / anziana | yaşlı | tua | mzee / mzee / mzee / mzee / mzee | 老
  strong | stark | es / fuerte / fuerte | forte / forte | güçlü | kuat | mwenye nguvu / wenye nguvu / lenye nguvu / chenye nguvu / yenye nguvu | 强壮
  weak | schwach | es / débil / débil | debole / debole | güçsüz | lemah | dhaifu / dhaifu / dhaifu / dhaifu / dhaifu | 虚弱
  hard-working | fleißig | es / trabajador / trabajadora | laborioso / laboriosa | çalışkan | rajin | mwenye bidii / wenye bidii / lenye bidii / chenye bidii / yenye bidii | 勤奋
  lazy | faul | es / perezoso / perezosa | pigro / pigra | tembel | malas | mvivu / mvivu / vivu / kivivu / vivu | 懒
  polite | höflich | es / educado / educada | gentile / gentile | nazik | sopan | mwenye adabu / wenye adabu / lenye adabu / chenye adabu / yenye adabu | 有礼貌
  rude | unhöflich | es / maleducado / maleducada | scortese / scortese | kaba | kasar | mkorofi / mkorofi / korofi / kikorofi / korofi | 粗鲁
`);

/** What belongs to somebody; the English forms after the phrase are the properties that it can have. */
const NOUNS = lexicon(`
  noun / properties | noun | noun / gender | noun / gender | noun | noun | noun / class | noun
  {name}'s car / size price age clean noise safe beauty | {name}s Auto | El coche de {name} / m | La macchina di {name} / f | {genitive} arabası | Mobil {name} | Gari la {name} / c5 | {name}的车
  {name}'s house / size price age clean bright beauty | {name}s Haus | La casa de {name} / f | La casa di {name} / f | {genitive} evi | Rumah {name} | Nyumba ya {name} / c9 | {name}的房子
  {name}'s room / size clean bright noise beauty | {name}s Zimmer | La habitación de {name} / f | La camera di {name} / f | {genitive} odası | Kamar {name} | Chumba cha {name} / c7 | {name}的房间
  {name}'s bag / size price age weight clean beauty | {name}s Tasche | El bolso de {name} / m | La borsa di {name} / f | {genitive} çantası | Tas {name} | Mkoba wa {name} / c3 | {name}的包
  {name}'s bicycle / price age weight clean beauty | {name}s Fahrrad | La bicicleta de {name} / f | La bicicletta di {name} / f | {genitive} bisikleti | Sepeda {name} | Baiskeli ya {name} / c9 | {name}的自行车
  {name}'s table / size price age weight clean | {name}s Tisch | La mesa de {name} / f | Il tavolo di {name} / m | {genitive} masası | Meja {name} | Meza ya {name} / c9 | {name}的桌子
  {name}'s bed / size price age hardness | {name}s Bett | La cama de {name} / f | Il letto di {name} / m | {genitive} yatağı | Tempat tidur {name} | Kitanda cha {name} / c7 | {name}的床
  {name}'s chair / price age weight hardness clean | {name}s Stuhl | La silla de {name} / f | La sedia di {name} / f | {genitive} sandalyesi | Kursi {name} | Kiti cha {name} / c7 | {name}的椅子
  {name}'s book / price age weight length interest | {name}s Buch | El libro de {name} / m | Il libro di {name} / m | {genitive} kitabı | Buku {name} | Kitabu cha {name} / c7 | {name}的书
  {name}'s suitcase / size price age weight | {name}s Koffer | La maleta de {name} / f | La valigia di {name} / f | {genitive} bavulu | Koper {name} | Sanduku la {name} / c5 | {name}的行李箱
  {name}'s work / difficulty interest safe | {name}s Arbeit | El trabajo de {name} / m | Il lavoro di {name} / m | {genitive} işi | Pekerjaan {name} | Kazi ya {name} / c9 | {name}的工作
  {name}'s village / size clean noise beauty safe | {name}s Dorf | El pueblo de {name} / m | Il villaggio di {name} / m | {genitive} köyü | Desa {name} | Kijiji cha {name} / c7 | {name}的村子
  {name}'s garden / size noise beauty safe | {name}s Garten | El jardín de {name} / m | Il giardino di {name} / m | {genitive} bahçesi | Kebun {name} | Bustani ya {name} / c9 | {name}的花园
  {name}'s letter / length interest age | {name}s Brief | La carta de {name} / f | La lettera di {name} / f | {genitive} mektubu | Surat {name} | Barua ya {name} / c9 | {name}的信
  {name}'s speech / length interest difficulty | {name}s Rede | El discurso de {name} / m | Il discorso di {name} / m | {genitive} konuşması | Pidato {name} | Hotuba ya {name} / c9 | {name}的演讲
  {name}'s coat / price age clean beauty weight length | {name}s Mantel | El abrigo de {name} / m | Il cappotto di {name} / m | {genitive} paltosu | Mantel {name} | Koti la {name} / c5 | {name}的大衣
  {name}'s hat / size price age clean beauty | {name}s Hut | El sombrero de {name} / m | Il cappello di {name} / m | {genitive} şapkası | Topi {name} | Kofia ya {name} / c9 | {name}的帽子
  {name}'s office / size bright noise clean beauty | {name}s Büro | La oficina de {name} / f | L'ufficio di {name} / m | {genitive} ofisi | Kantor {name} | Ofisi ya {name} / c9 | {name}的办公室
  {name}'s phone / size price age weight clean | {name}s Telefon | El teléfono de {name} / m | Il telefono di {name} / m | {genitive} telefonu | Telepon {name} | Simu ya {name} / c9 | {name}的手机
  {name}'s tea / temperature taste price | {name}s Tee | El té de {name} / m | Il tè di {name} / m | {genitive} çayı | Teh {name} | Chai ya {name} / c9 | {name}的茶
  {name}'s coffee / temperature taste price | {name}s Kaffee | El café de {name} / m | Il caffè di {name} / m | {genitive} kahvesi | Kopi {name} | Kahawa ya {name} / c9 | {name}的咖啡
  {name}'s brother / wealth height years strength diligence manners | {name}s Bruder | El hermano de {name} / m | Il fratello di {name} / m | {genitive} erkek kardeşi | Kakak laki-laki {name} | Kaka wa {name} / c1 | {name}的哥哥
  {name}'s sister / wealth height years strength diligence manners | {name}s Schwester | La hermana de {name} / f | La sorella di {name} / f | {genitive} kız kardeşi | Kakak perempuan {name} | Dada wa {name} / c1 | {name}的姐姐
  {name}'s neighbour / wealth height years strength diligence manners | {name}s Nachbar | El vecino de {name} / m | Il vicino di {name} / m | {genitive} komşusu | Tetangga {name} | Jirani wa {name} / c1 | {name}的邻居
  {name}'s boss / wealth height years strength diligence manners | {name}s Chef | El jefe de {name} / m | Il capo di {name} / m | {genitive} patronu | Atasan {name} | Bosi wa {name} / c1 | {name}的老板
  {name}'s teacher / wealth height years strength diligence manners | {name}s Lehrerin | La profesora de {name} / f | L'insegnante di {name} / f | {genitive} öğretmeni | Guru {name} | Mwalimu wa {name} / c1 | {name}的老师
`);

/** The properties in the order of ADJECTIVES: property i has lines 2i and 2i + 1. */
const PROPERTIES =
  'size price age clean weight noise bright interest length difficulty hardness beauty safe temperature taste wealth height years strength diligence manners'.split(
    ' ',
  );

const ONE = pattern(
  '{noun} is {a} | {noun} ist {a} | {noun} {copula} {a} | {noun} è {a} | {noun} {a} | {noun} {a} | {noun} ni {a} | {noun}很{a}',
);
const TWO = pattern(
  '{noun} is {a} and {b} | {noun} ist {a} und {b} | {noun} {copula} {a} {and} {b} | {noun} è {a} {and} {b} | {noun} {a} ve {b} | {noun} {a} dan {b} | {noun} ni {a} na {b} | {noun}又{a}又{b}',
);

export function adjectiveTriple(random: RandomStream): Triple {
  const noun = pick(NOUNS, random);
  const owner = pick(NAMES, random);
  const properties = sample(noun.en.properties!.split(' '), 3, random);
  const pole = (property: string, side: number) => ADJECTIVES[2 * PROPERTIES.indexOf(property) + side]!;
  const [asked, known, other] = properties as [string, string, string];
  const side = random.integer(2);
  const filler = () => pole(known, random.integer(2));
  const premise = (second: Entry) => {
    const pair = random.integer(2) === 0 ? ([filler(), second] as const) : ([second, filler()] as const);
    return sentence(twoProperties(noun, owner, ...pair));
  };
  return {
    hypothesis: sentence(oneProperty(noun, owner, pole(asked, side))),
    premises: {
      entailment: premise(pole(asked, side)),
      neutral: premise(pole(other, random.integer(2))),
      contradiction: premise(pole(asked, 1 - side)),
    },
  };
}

function oneProperty(noun: Entry, owner: Entry, adjective: Entry): Phrase {
  return fill(ONE, owned(noun, owner), adjective, as('a', agreeing(adjective, noun)));
}

function twoProperties(noun: Entry, owner: Entry, first: Entry, second: Entry): Phrase {
  const a = agreeing(first, noun);
  const plain = agreeing(second, noun);
  // Spanish names the copula again where it changes: es grande y está limpia.
  const repeated = first.es.copula === second.es.copula ? plain.es : `${second.es.copula} ${plain.es}`;
  const b: Phrase = { ...plain, es: repeated };
  return fill(TWO, owned(noun, owner), first, as('a', a), as('b', b), as('and', andBefore(b)));
}

/** "and" as it stands before this word: Spanish e before i, Italian ed before e. */
function andBefore(next: Phrase): Phrase {
  return byLanguage((language) => {
    if (language === 'es') return /^h?i/.test(next.es) ? 'e' : 'y';
    return next.it.startsWith('e') ? 'ed' : 'e';
  });
}

function owned(noun: Entry, owner: Entry): Entry {
  return as(
    'noun',
    fill(
      byLanguage((language) => noun[language].noun!),
      owner,
    ),
  );
}

/** The adjective in the noun's gender (Spanish, Italian) or class (Swahili). */
function agreeing(adjective: Entry, noun: Entry): Phrase {
  const form: Partial<Record<string, string>> = { es: noun.es.gender, it: noun.it.gender, sw: noun.sw.class };
  return byLanguage((language) => adjective[language][form[language] ?? 'form']!);
}
